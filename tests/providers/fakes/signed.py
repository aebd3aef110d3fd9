"""Checks of the signatures with shared secrets, written from the vendors' pages (named at each) with hashlib and hmac alone.

Every function returns True if the request's Authorization is what the documentation says it must be. Names of signed headers come
from the request; each checks that those which must be signed are.
"""
import base64
import hashlib
import hmac
import re
import urllib.parse


def mac(key, text):
    return hmac.new(key if isinstance(key, bytes) else key.encode(), text.encode(), hashlib.sha256).digest()


def sha(data):
    return hashlib.sha256(data).hexdigest()


def pairs(q, by_text=False):
    """The canonical query: decoded, encoded again, sorted."""
    enc = [(urllib.parse.quote(k, safe="-_.~"), urllib.parse.quote(v, safe="-_.~")) for k, v in q.pairs]
    return "&".join(sorted(f"{k}={v}" for k, v in enc)) if by_text else "&".join(f"{k}={v}" for k, v in sorted(enc))


def lines(q, names):
    return "".join(f"{n}:{' '.join((q.headers.get(n) or '').split())}\n" for n in names)


def parts(q, pattern):
    match = re.fullmatch(pattern, q.headers.get("Authorization") or "")
    if not match:
        return None
    found = match.groupdict()
    found["names"] = found.get("headers", "").split(";")
    if found["names"] != sorted(found["names"]):
        return None
    return found


def same(a, b):
    return hmac.compare_digest(a, b)


def canonical(q, names, path=None):
    return "\n".join([q.method, path or q.raw_path, pairs(q), lines(q, names), ";".join(names), sha(q.body)])


def aws4(q, id, secret, region, service, token=None):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"""
    a = parts(q, rf"AWS4-HMAC-SHA256 Credential={re.escape(id)}/(?P<day>\d{{8}})/{region}/{service}/aws4_request, "
                 r"SignedHeaders=(?P<headers>[a-z0-9;-]+), Signature=(?P<sig>[0-9a-f]{64})")
    date = q.headers.get("X-Amz-Date") or ""
    if not a or not date.startswith(a["day"]) or q.headers.get("X-Amz-Security-Token") != token:
        return False
    if not {"host", "x-amz-date"} <= set(a["names"]) or (token and "x-amz-security-token" not in a["names"]):
        return False
    path = urllib.parse.quote(q.raw_path, safe="/-_.~")
    scope = f"{a['day']}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{sha(canonical(q, a['names'], path).encode())}"
    key = mac(mac(mac(mac("AWS4" + secret, a["day"]), region), service), "aws4_request")
    return same(mac(key, text).hex(), a["sig"])


def tc3(q, id, secret, service):
    """https://www.tencentcloud.com/document/product/1278/46699"""
    a = parts(q, rf"TC3-HMAC-SHA256 Credential={re.escape(id)}/(?P<day>\d{{4}}-\d\d-\d\d)/{service}/tc3_request, "
                 r"SignedHeaders=(?P<headers>[a-z0-9;-]+), Signature=(?P<sig>[0-9a-f]{64})")
    stamp = q.headers.get("X-TC-Timestamp") or ""
    if not a or not stamp.isdigit() or not {"host", "content-type"} <= set(a["names"]):
        return False
    text = (f"TC3-HMAC-SHA256\n{stamp}\n{a['day']}/{service}/tc3_request\n"
            f"{sha(chr(10).join([q.method, '/', '', lines(q, a['names']).lower(), ';'.join(a['names']), sha(q.body)]).encode())}")
    key = mac(mac(mac("TC3" + secret, a["day"]), service), "tc3_request")
    return same(mac(key, text).hex(), a["sig"])


def acs3(q, id, secret):
    """https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature"""
    a = parts(q, rf"ACS3-HMAC-SHA256 Credential={re.escape(id)},SignedHeaders=(?P<headers>[a-z0-9;-]+),Signature=(?P<sig>[0-9a-f]{{64}})")
    nonce = q.headers.get("x-acs-signature-nonce")
    must = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
    if not a or not must <= set(a["names"]) or q.headers.get("x-acs-content-sha256") != sha(q.body):
        return False
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", q.headers.get("x-acs-date") or "") or not nonce:
        return False
    return same(mac(secret, "ACS3-HMAC-SHA256\n" + sha(canonical(q, a["names"]).encode())).hex(), a["sig"])


def huawei(q, id, secret):
    """https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html"""
    a = parts(q, rf"SDK-HMAC-SHA256 Access={re.escape(id)}, SignedHeaders=(?P<headers>[a-z0-9;-]+), Signature=(?P<sig>[0-9a-f]{{64}})")
    date = q.headers.get("X-Sdk-Date") or ""
    if not a or not re.fullmatch(r"\d{8}T\d{6}Z", date) or "x-sdk-date" not in a["names"]:
        return False
    path = q.raw_path if q.raw_path.endswith("/") else q.raw_path + "/"
    return same(mac(secret, f"SDK-HMAC-SHA256\n{date}\n{sha(canonical(q, a['names'], path).encode())}").hex(), a["sig"])


def volc(q, id, secret, region, service):
    """https://www.volcengine.com/docs/6369/67269"""
    a = parts(q, rf"HMAC-SHA256 Credential={re.escape(id)}/(?P<day>\d{{8}})/{region}/{service}/request, "
                 r"SignedHeaders=(?P<headers>[a-z0-9;-]+), Signature=(?P<sig>[0-9a-f]{64})")
    date = q.headers.get("X-Date") or ""
    if not a or not date.startswith(a["day"]) or not {"host", "x-date", "x-content-sha256"} <= set(a["names"]):
        return False
    if q.headers.get("X-Content-Sha256") != sha(q.body):
        return False
    text = f"HMAC-SHA256\n{date}\n{a['day']}/{region}/{service}/request\n{sha(canonical(q, a['names']).encode())}"
    return same(mac(mac(mac(mac(mac(secret, a["day"]), region), service), "request"), text).hex(), a["sig"])


def jdcloud2(q, id, secret, region, service):
    """https://docs.jdcloud.com/en/common-declaration/api/signature"""
    a = parts(q, rf"JDCLOUD2-HMAC-SHA256 Credential={re.escape(id)}/(?P<day>\d{{8}})/{region}/{service}/jdcloud2_request, "
                 r"SignedHeaders=(?P<headers>[a-z0-9;-]+), Signature=(?P<sig>[0-9a-f]{64})")
    date = q.headers.get("x-jdcloud-date") or ""
    if not a or not date.startswith(a["day"]) or not q.headers.get("x-jdcloud-nonce"):
        return False
    if not {"x-jdcloud-date", "x-jdcloud-nonce"} <= set(a["names"]):
        return False
    text = (f"JDCLOUD2-HMAC-SHA256\n{date}\n{a['day']}/{region}/{service}/jdcloud2_request\n"
            f"{sha(canonical(q, a['names']).encode())}")
    key = mac(mac(mac(mac("JDCLOUD2" + secret, a["day"]), region), service), "jdcloud2_request")
    return same(mac(key, text).hex(), a["sig"])


def bce1(q, id, secret):
    """https://cloud.baidu.com/doc/Reference/s/Njwvz1wot"""
    a = parts(q, rf"(?P<prefix>bce-auth-v1/{re.escape(id)}/(?P<date>\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/\d+)/"
                 r"(?P<headers>[a-z0-9;-]+)/(?P<sig>[0-9a-f]{64})")
    if not a or "host" not in a["names"] or "x-bce-date" not in a["names"]:
        return False
    headers = sorted(f"{n}:{urllib.parse.quote((q.headers.get(n) or '').strip(), safe='-_.~')}" for n in a["names"])
    text = "\n".join([q.method, urllib.parse.quote(q.path, safe="/-_.~"), pairs(q, True), "\n".join(headers)])
    return same(mac(mac(secret, a["prefix"]).hex(), text).hex(), a["sig"])


def edgegrid(q, client, secret, access):
    """https://techdocs.akamai.com/developer/docs/edgegrid"""
    a = parts(q, r"(?P<head>EG1-HMAC-SHA256 client_token=(?P<client>[^;]+);access_token=(?P<access>[^;]+);"
                 r"timestamp=(?P<date>\d{8}T\d\d:\d\d:\d\d\+0000);nonce=(?P<nonce>[^;]+);)signature=(?P<sig>\S+)")
    if not a or a["client"] != client or a["access"] != access:
        return False
    hash = base64.b64encode(hashlib.sha256(q.body).digest()).decode() if q.method == "POST" and q.body else ""
    path = q.raw_path + ("?" + q.raw_query if q.raw_query else "")
    scheme = "https" if q.host else "http"
    text = "\t".join([q.method, scheme, q.headers.get("Host") or "", path, "", hash, a["head"]])
    key = base64.b64encode(mac(secret, a["date"])).decode()
    return same(base64.b64encode(mac(key, text)).decode(), a["sig"])
