#!/usr/bin/python3
"""Interrupts ipmpctl in the middle of a change: exit status 130, and the request id is told.

usage: interrupt_test.py IPMPCTL
"""
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="nsd-") as directory:
        path = str(pathlib.Path(directory) / "socket")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            listener.settimeout(30)
            env = {**os.environ, "HOME": directory}
            with subprocess.Popen(
                    [sys.argv[1], "--server", f"unix:{path}", "group", "create", "ipmp0"],
                    env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ipmpctl:
                connection, _ = listener.accept()  # it connects for the call, and gets no answer
                with connection:
                    ipmpctl.send_signal(signal.SIGINT)
                    out, err = ipmpctl.communicate(timeout=30)
    print(err)
    assert ipmpctl.returncode == 130, ipmpctl.returncode
    assert out == "", out
    assert re.search(r"it may have been done: --request-id [0-9a-f-]{36}\n", err), err
    return 0


if __name__ == "__main__":
    sys.exit(main())
