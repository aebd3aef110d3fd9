"""Pebble with certificates of its own, for test_pebble.

usage: pebble_peer.py FOLDER    writes FOLDER/ca.pem, prints the port, serves until its stdin ends
settings come by PEBBLE_... variables
"""
import json, os, shutil, socket, subprocess, sys, time

folder = sys.argv[1]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def far_away(port):
    """DELAYPROXY=PROGRAM RTT_MS=n put a proxy before it (tests/lab/delayproxy.c)"""
    program = os.environ.get("DELAYPROXY")
    if not program:
        return [], port
    front = free_port()
    proxy = subprocess.Popen([program, "127.0.0.1", str(front), "127.0.0.1", str(port), os.environ["RTT_MS"]],
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    time.sleep(0.3)
    return [proxy], front


def main():
    program = shutil.which("pebble")
    if not program:
        print(0, flush=True)
        return
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=localhost", "-days", "2",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                   check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    port = free_port()
    config = {"pebble": {"listenAddress": "127.0.0.1:%d" % port, "managementListenAddress": "127.0.0.1:%d" % free_port(),
                         "certificate": folder + "/ca.pem", "privateKey": folder + "/ca.key",
                         "httpPort": free_port(), "tlsPort": free_port(), "ocspResponderURL": "",
                         "externalAccountBindingRequired": False, "certificateValidityPeriod": 7776000}}
    with open(folder + "/pebble.json", "w") as f:
        json.dump(config, f)
    with open(folder + "/pebble.log", "w") as log:
        pebble = subprocess.Popen([program, "-config", folder + "/pebble.json", "-strict"], stdin=subprocess.DEVNULL,
                                  stdout=log, stderr=log)
    deadline = time.monotonic() + 60
    while pebble.poll() is None and time.monotonic() < deadline:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                helpers, shown = far_away(port)
                print(shown, flush=True)
                sys.stdin.read()
                for helper in helpers:
                    helper.kill()
                break
        time.sleep(0.05)
    pebble.kill()
    pebble.wait()
    shutil.copyfile(folder + "/pebble.log", "/dev/stderr") if os.environ.get("PEBBLE_LOG") else None
    shutil.rmtree(folder, ignore_errors=True)


main()
