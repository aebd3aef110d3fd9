"""RSA keys and their signatures, by the openssl program."""
import os
import subprocess
import tempfile


def openssl(*words, **more):
    return subprocess.run(["openssl", *words], capture_output=True, **more)


def make():
    """(private key as text, public key), both PEM, of 2048 bits."""
    key = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", check=True).stdout
    return key.decode(), openssl("pkey", "-pubout", input=key, check=True).stdout


def verified(public, text, signature, digest="sha256"):
    with tempfile.TemporaryDirectory() as d:
        paths = [os.path.join(d, n) for n in ("pub", "text", "sig")]
        for path, octets in zip(paths, (public, text, signature)):
            open(path, "wb").write(octets)
        return openssl("dgst", "-" + digest, "-verify", paths[0], "-signature", paths[2], paths[1]).returncode == 0
