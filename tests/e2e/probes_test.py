#!/usr/bin/python3
"""Looks at probes with `ipmpctl stat -p` while they are reported, until it is interrupted.

usage: probes_test.py NETSTACKD IPMPCTL
"""
import os
import pathlib
import signal
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
from netstackd_process import Netstackd  # noqa: E402

PROXIES = ("http_proxy", "https_proxy", "grpc_proxy", "HTTP_PROXY", "HTTPS_PROXY", "GRPC_PROXY")
ROWS = 20


def main() -> int:
    netstackd, ipmpctl = sys.argv[1:]
    with Netstackd(netstackd) as server:
        env = {key: value for key, value in os.environ.items() if key not in PROXIES}
        env.update(IPMPCTL_SERVER=server.endpoint, HOME=str(server.state_dir.parent))

        def run(*words: str) -> None:
            subprocess.run([ipmpctl, *words], env=env, check=True, timeout=30, capture_output=True)

        run("group", "create", "ipmp0", "--ipv4")
        run("interface", "create", "net0", "--group", "ipmp0", "--test", "192.0.2.21/24")
        run("interface", "report", "net0", "--targets", "routes:192.0.2.1")
        with subprocess.Popen([ipmpctl, "stat", "-pP", "-o", "probe,interface,rtt,target"], env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as looking:
            rows = []
            enough = threading.Event()

            def read() -> None:
                for line in looking.stdout:
                    rows.append(line.rstrip("\n"))
                    if len(rows) >= ROWS:
                        enough.set()

            reader = threading.Thread(target=read)
            reader.start()
            sequence = 0
            while not enough.is_set() and sequence < 2000:
                sequence += 1
                run("interface", "report", "net0", "--probe", f"ok:192.0.2.1:{sequence}:420us")
            looking.send_signal(signal.SIGINT)
            reader.join(timeout=30)
            status = looking.wait(timeout=30)
            said = looking.stderr.read()
    assert len(rows) >= ROWS, (rows, said)
    first = int(rows[0].split(":")[0])
    for i, row in enumerate(rows):  # each once and in order
        assert row == f"{first + i}:net0:0.42ms:192.0.2.1", (i, row)
    assert status == 130, (status, said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
