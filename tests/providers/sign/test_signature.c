/* The vendors' published examples; where one has none, the answer of its own SDK. */
#include "unit.h"

#include "canonical.h"
#include "fake_services.h"
#include "signature.h"

static const char *authorization_of(const struct sign_request *r)
{
	static struct sign_added added;

	sign(&fake_call, r, &added);
	for (size_t i = 0; i < added.n; i++)
		if (!strcmp(added.at[i].name, "authorization"))
			return added.at[i].value;
	return "";
}

#define NO_SIGNATURE_ENDS(r, hex) assert_null(strstr(authorization_of(r), hex))

/* The test suite of AWS: AKIDEXAMPLE, us-east-1, service, 20150830T123600Z. */
#define AWS_TOKEN                                                                                            \
	"AQoDYXdzEPT//////////"                                                                              \
	"wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIY"                      \
	"RqTflfKD8YUuwthAx7mSEI/qkPpKPi/"                                                                    \
	"kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDv"                                \
	"p75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+"                          \
	"scqKmlzm8FDrypNC9Yjc8fPOL"                                                                          \
	"n9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="

struct aws_case {
	const char *name, *method, *path, *query, *body, *token;
	struct dnsproof_http_header header[2];
	size_t headers;
	const char *names, *signature;
};

static const struct aws_case aws_cases[] = {
    {"get-vanilla",
     "GET",
     "/",
     NULL,
     "",
     NULL,
     {{0}},
     0,
     "host;x-amz-date",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/",
     "Param2=value2&Param1=value1",
     "",
     NULL,
     {{0}},
     0,
     "host;x-amz-date",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-utf8-query",
     "GET",
     "/",
     "%E1%88%B4=bar",
     "",
     NULL,
     {{0}},
     0,
     "host;x-amz-date",
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"get-unreserved",
     "GET",
     "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     NULL,
     "",
     NULL,
     {{0}},
     0,
     "host;x-amz-date",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-utf8",
     "GET",
     "/\xe1\x88\xb4",
     NULL,
     "",
     NULL,
     {{0}},
     0,
     "host;x-amz-date",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-space",
     "GET",
     "/example space/",
     NULL,
     "",
     NULL,
     {{0}},
     0,
     "host;x-amz-date",
     "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {"get-header-value-trim",
     "GET",
     "/",
     NULL,
     "",
     NULL,
     {{"My-Header2", " \"a   b   c\""}, {"My-Header1", " value1"}},
     2,
     "host;my-header1;my-header2;x-amz-date",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"post-vanilla",
     "POST",
     "/",
     NULL,
     "",
     NULL,
     {{0}},
     0,
     "host;x-amz-date",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-vanilla-query",
     "POST",
     "/",
     "Param1=value1",
     "",
     NULL,
     {{0}},
     0,
     "host;x-amz-date",
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {"post-header-key-sort",
     "POST",
     "/",
     NULL,
     "",
     NULL,
     {{"My-Header1", "value1"}},
     1,
     "host;my-header1;x-amz-date",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {"post-header-value-case",
     "POST",
     "/",
     NULL,
     "",
     NULL,
     {{"My-Header1", "VALUE1"}},
     1,
     "host;my-header1;x-amz-date",
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {"post-x-www-form-urlencoded",
     "POST",
     "/",
     NULL,
     "Param1=value1",
     NULL,
     {{"Content-Type", "application/x-www-form-urlencoded"}},
     1,
     "content-type;host;x-amz-date",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
    {"post-x-www-form-urlencoded-parameters",
     "POST",
     "/",
     NULL,
     "Param1=value1",
     NULL,
     {{"Content-Type", "application/x-www-form-urlencoded; charset=utf8"}},
     1,
     "content-type;host;x-amz-date",
     "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"},
    {"post-sts-header-before",
     "POST",
     "/",
     NULL,
     "",
     AWS_TOKEN,
     {{0}},
     0,
     "host;x-amz-date;x-amz-security-token",
     "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
};

static int end(void **state)
{
	fake_call_end();
	return 0;
}

TEST_WITH(test_aws4, NULL, end)
{
	for (size_t i = 0; i < sizeof(aws_cases) / sizeof(aws_cases[0]); i++) {
		const struct aws_case *c = &aws_cases[i];
		struct sign_request r = {
		    .profile = SIGN_AWS4,
		    .key = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", c->token},
		    .region = "us-east-1",
		    .service = "service",
		    .time = 1440938160,
		    .method = c->method,
		    .host = "example.amazonaws.com",
		    .path = c->path,
		    .query = c->query,
		    .header = c->header,
		    .headers = c->headers,
		    .body = c->body,
		    .body_len = strlen(c->body)};
		const char *expected =
		    fake_call.host->text(&fake_call,
		                         "AWS4-HMAC-SHA256 "
		                         "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
		                         "SignedHeaders=%s, Signature=%s",
		                         c->names, c->signature);

		print_message("%s\n", c->name);
		assert_string_equal(authorization_of(&r), expected);
	}
}

/* https://www.tencentcloud.com/document/product/213/31574 */
TEST_WITH(test_tc3, NULL, end)
{
	static const char body[] = "{\"Limit\": 1, \"Filters\": [{\"Values\": "
	                           "[\"\\u672a\\u547d\\u540d\"], \"Name\": \"instance-name\"}]}";
	struct dnsproof_http_header type = {"Content-Type", "application/json; charset=utf-8"};
	struct sign_request r = {
	    .profile = SIGN_TC3,
	    .key = {"AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", NULL},
	    .service = "cvm",
	    .time = 1551113065,
	    .method = "POST",
	    .host = "cvm.tencentcloudapi.com",
	    .path = "/",
	    .header = &type,
	    .headers = 1,
	    .body = body,
	    .body_len = strlen(body)};

	assert_string_equal(authorization_of(&r),
	                    "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/"
	                    "tc3_request, SignedHeaders=content-type;host, Signature="
	                    "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168");
}

/* https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature */
TEST_WITH(test_acs3, NULL, end)
{
	static const struct dnsproof_http_header header[] = {{"x-acs-action", "RunInstances"},
	                                                     {"x-acs-version", "2014-05-26"}};
	struct sign_request r = {
	    .profile = SIGN_ACS3,
	    .key = {"YourAccessKeyId", "YourAccessKeySecret", NULL},
	    .time = 1698315752,
	    .nonce = "3156853299f313e23d1673dc12e1703d",
	    .method = "POST",
	    .host = "ecs.cn-shanghai.aliyuncs.com",
	    .path = "/",
	    .query = "RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
	    .header = header,
	    .headers = 2,
	};

	assert_string_equal(authorization_of(&r),
	                    "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
	                    "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
	                    "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
}

/* The keys and the request of
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-005.html (which masks
 * the secret), the signature as Huawei's Java SDK tests it (DerivationAKSKSignerTest). */
TEST_WITH(test_huawei, NULL, end)
{
	struct dnsproof_http_header type = {"Content-Type", "application/json"};
	struct sign_request r = {
	    .profile = SIGN_HUAWEI,
	    .key = {"QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc", NULL},
	    .time = 1573789015,
	    .method = "GET",
	    .host = "service.region.example.com",
	    .path = "/v5/iotps/77b6a44cba5143ab91d13ab9a8ff44fd/certificates",
	    .query = "limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
	    .header = &type,
	    .headers = 1,
	};

	assert_string_equal(authorization_of(&r),
	                    "SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, "
	                    "SignedHeaders=content-type;host;x-sdk-date, Signature="
	                    "012cac5e920807f98bf7b23dfe05d29596d544a9b76c37cf933b274a6d4aa874");
}

/* Volcengine masks the keys of its examples; this is the answer of its SDK
 * @volcengine/openapi 1.30.1. */
TEST_WITH(test_volcengine, NULL, end)
{
	static const char body[] =
	    "{\"ProjectName\":\"default\",\"Filter\":{\"GroupType\":\"LivenessFace\"}}";
	struct sign_request r = {
	    .profile = SIGN_VOLC,
	    .key = {"AKLTtest", "c2VjcmV0", NULL},
	    .region = "cn-beijing",
	    .service = "ark",
	    .time = 1791451800,
	    .method = "POST",
	    .host = "ark.cn-beijing.volcengineapi.com",
	    .path = "/",
	    .query = "Action=ListAssetGroups&Version=2024-01-01",
	    .body = body,
	    .body_len = strlen(body),
	};

	assert_string_equal(authorization_of(&r),
	                    "HMAC-SHA256 Credential=AKLTtest/20261008/cn-beijing/ark/request, "
	                    "SignedHeaders=host;x-content-sha256;x-date, Signature="
	                    "d58b1b2de56268e9aad8d1c585cffec6dc78adbe8b63d376a596b5f257db2f22");
}

/* https://github.com/jdcloud-api/jdcloud-sdk-cpp-signer, its test of SignRequest */
TEST_WITH(test_jdcloud2, NULL, end)
{
	struct sign_request r = {
	    .profile = SIGN_JDCLOUD2,
	    .key = {"ak", "sk", NULL},
	    .region = "cn-north-1",
	    .service = "vm",
	    .time = 1234567890,
	    .nonce = "uuid",
	    .method = "GET",
	    .host = "vm.cn-north-1.jdcloud.net",
	    .path = "/",
	};

	assert_string_equal(authorization_of(&r),
	                    "JDCLOUD2-HMAC-SHA256 Credential=ak/20090213/cn-north-1/vm/jdcloud2_request, "
	                    "SignedHeaders=host;x-jdcloud-date;x-jdcloud-nonce, Signature="
	                    "43a76892222031f847c00c56cac8d4d2dc179a4e75a37868d09a5300435f4054");
}

/* https://cloud.baidu.com/doc/Reference/s/Njwvz1wot, its example (which names the signed headers
 * implicitly) */
TEST_WITH(test_bce1, NULL, end)
{
	static const struct dnsproof_http_header header[] = {{"Content-Type", "text/plain"},
	                                                     {"Content-Length", "8"},
	                                                     {"Content-Md5", "NFzcPqhviddjRNnSOGo4rw=="}};
	struct sign_request r = {
	    .profile = SIGN_BCE1,
	    .key = {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", NULL},
	    .time = 1430123029,
	    .method = "PUT",
	    .host = "bj.bcebos.com",
	    .path = "/v1/test/myfolder/readme.txt",
	    .query = "uploadId=a44cc9bab11cbd156984767aad637851&partNumber=9",
	    .header = header,
	    .headers = 3,
	};

	assert_string_equal(authorization_of(&r),
	                    "bce-auth-v1/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/2015-04-27T08:23:49Z/1800/"
	                    "content-length;content-md5;content-type;host;x-bce-date/"
	                    "d74a04362e6a848f5b39b15421cb449427f419c95a480fd6b8cf9fc783e2999e");
	assert_string_equal(canonical_query(&fake_call, "text&text1=%E6%B5%8B%E8%AF%95&text10=test", 1),
	                    "text10=test&text1=%E6%B5%8B%E8%AF%95&text=");
}

/* https://github.com/akamai/AkamaiOPEN-edgegrid-python, its testdata.json */
TEST_WITH(test_edgegrid, NULL, end)
{
	static const char data[] = "datadatadatadatadatadatadatadata",
	                  p[] = "PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP";
	static const struct {
		const char *method, *path, *query, *body, *signature;
	} cases[] = {
	    {"GET", "/", "", "", "tL+y4hxyHxgWVD30X3pWnGKHcPzmrIF+LThiAOhMxYU="},
	    {"GET", "/testapi/v1/t1", "p1=1&p2=2", "", "hKDH1UlnQySSHjvIcZpDMbQHihTQ0XyVAKZaApabdeA="},
	    {"GET", "/testapi/v1/configs/111;222;333", "from=12345&limit=200000", "",
	     "pmQF7Is2+O4r/mMojPR4yeF58BrempNNoBX5/DT0Fxs="},
	    {"POST", "/testapi/v1/t3", "", data, "hXm4iCxtpN22m4cbZb4lVLW5rhX8Ca82vCFqXzSTPe4="},
	    {"POST", "/testapi/v1/t6", "", "", "1gEDxeQGD5GovIkJJGcBaKnZ+VaPtrc4qBUHixjsPCQ="},
	    {"PUT", "/testapi/v1/t6", "", p, "GNBWEYSEWOLtu+7dD52da2C39aX/Jchpon3K/AmBqBU="},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sign_request r = {
		    .profile = SIGN_EG1,
		    .key = {"akab-client-token-xxx-xxxxxxxxxxxxxxxx",
		            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=",
		            "akab-access-token-xxx-xxxxxxxxxxxxxxxx"},
		    .time = 1395430461,
		    .nonce = "nonce-xx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
		    .method = cases[i].method,
		    .scheme = "https",
		    .host = "akaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net",
		    .path = cases[i].path,
		    .query = cases[i].query,
		    .body = cases[i].body,
		    .body_len = strlen(cases[i].body),
		};
		const char *expected = fake_call.host->text(
		    &fake_call,
		    "EG1-HMAC-SHA256 "
		    "client_token=akab-client-token-xxx-xxxxxxxxxxxxxxxx;access_token="
		    "akab-access-token-xxx-xxxxxxxxxxxxxxxx;timestamp=20140321T19:34:21+0000;nonce="
		    "nonce-xx-xxxx-xxxx-xxxx-xxxxxxxxxxxx;signature=%s",
		    cases[i].signature);

		assert_string_equal(authorization_of(&r), expected);
	}
}

TEST_WITH(test_every_part_counts, NULL, end)
{
	static const char signature[] = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
	const struct sign_request right = {
	    .profile = SIGN_AWS4,
	    .key = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", NULL},
	    .region = "us-east-1",
	    .service = "service",
	    .time = 1440938160,
	    .method = "GET",
	    .host = "example.amazonaws.com",
	    .path = "/"};
	struct sign_request r = right;

	assert_non_null(strstr(authorization_of(&r), signature));
	r.time++;
	NO_SIGNATURE_ENDS(&r, signature);
	r = right;
	r.method = "DELETE";
	NO_SIGNATURE_ENDS(&r, signature);
	r = right;
	r.body = "x";
	r.body_len = 1;
	NO_SIGNATURE_ENDS(&r, signature);
	r = right;
	r.query = "a=b";
	NO_SIGNATURE_ENDS(&r, signature);
}

TEST_WITH(test_pairs, NULL, end)
{
	assert_string_equal(canonical_pairs(&fake_call, "b", "x y&z", "a", NULL, "c", "*", NULL),
	                    "b=x%20y%26z&c=%2A");
	assert_string_equal(canonical_query(&fake_call, "", 0), "");
	assert_string_equal(canonical_query(&fake_call, "a-b=1&a=2&a=1&&c", 0), "a=1&a=2&a-b=1&c=");
}

TEST_WITH(test_nonce, NULL, end)
{
	const char *a = sign_nonce(&fake_call), *b = sign_nonce(&fake_call);

	assert_int_equal(strlen(a), 36);
	assert_int_equal(a[14], '4');
	assert_string_not_equal(a, b);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
