#!/usr/bin/env python3
"""The lab's CA under the name of a test CA: Pebble behind the address and the directory's path of another.
    staging-ca.py READY-FILE ADDRESS PEBBLE CERTIFICATE KEY"""
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "faults"))
from bent_ca import BentCA  # noqa: E402


class Staging(BentCA):
    def ask_pebble(self, method, path, body, fields):
        return super().ask_pebble(method, "/dir" if path == "/directory" else path, body, fields)


ready, address, pebble, certificate, key = sys.argv[1:]
Staging((address, 443), (pebble, 14000), certificate, key)
pathlib.Path(ready).touch()
threading.Event().wait()
