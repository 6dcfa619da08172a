#!/usr/bin/python3
"""Plays a session of ipmpctl against a real netstackd and compares it word for word.

usage: session.py NETSTACKD IPMPCTL FILE [--update]

FILE has command lines ("$ ipmpctl ...", "$ ipmpctl ... | jq-like shell"), each with what it prints:
stdout as it is, stderr with "2> " in front, "[exit N]" unless 0. "$ kill -9 netstackd" and
"$ netstackd" crash and start the server. What differs from run to run is masked: uids and etags,
times, UUIDs, hashes, and the directory.
"""
import os
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
from netstackd_process import Netstackd  # noqa: E402

MASKS = (
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "SHA256"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?"), "TIME"),
    (re.compile(r"(?<![:\d])\d\d:\d\d:\d\d(\.\d+)?(?![:\d])"), "TIME"),
    (re.compile(r"\b\d+\.\d\dms\b"), "N ms"),
    (re.compile(r"\b\d{5,}-\d+\b"), "ETAG"),
    (re.compile(r"\b\d+ bytes\b"), "N bytes"),
)
PROXIES = ("http_proxy", "https_proxy", "grpc_proxy", "HTTP_PROXY", "HTTPS_PROXY", "GRPC_PROXY")


def masked(text: str, directory: str) -> str:
    text = text.replace(directory, "DIR")
    for pattern, name in MASKS:
        text = pattern.sub(name, text)
    return text


def run(line: str, server: Netstackd, ipmpctl: str) -> str:
    """What a command line prints, masked."""
    directory = str(server.state_dir.parent)
    env = {key: value for key, value in os.environ.items() if key not in PROXIES}
    env.update(IPMPCTL_SERVER=server.endpoint, HOME=directory, TZ="UTC",
               PATH=f"{pathlib.Path(ipmpctl).parent}:{env['PATH']}")
    done = subprocess.run(["bash", "-c", line], cwd=directory, env=env, text=True, timeout=60,
                          capture_output=True, stdin=subprocess.DEVNULL, check=False)
    out = done.stdout
    out += "".join(f"2> {said}\n" for said in done.stderr.splitlines())
    if done.returncode != 0:
        out += f"[exit {done.returncode}]\n"
    return masked(out, directory)


def play(lines: list[str], netstackd: str, ipmpctl: str) -> str:
    played = ""
    with Netstackd(netstackd) as server:
        for line in lines:
            if line.startswith("#"):
                played += line + "\n"
                continue
            if not line.startswith("$ "):
                continue
            played += line + "\n"
            if line == "$ kill -9 netstackd":
                server.kill()
            elif line == "$ netstackd":
                server.start()
            else:
                played += run(line[2:], server, ipmpctl)
            played += "\n"
    return played


def main() -> int:
    netstackd, ipmpctl, path = sys.argv[1:4]
    golden = pathlib.Path(path).read_text(encoding="utf-8")
    played = play(golden.splitlines(), netstackd, ipmpctl)
    if "--update" in sys.argv:
        pathlib.Path(path).write_text(played, encoding="utf-8")
        return 0
    if played == golden:
        print(f"{golden.count(chr(10) + '$ ') + 1} commands as written")
        return 0
    import difflib
    sys.stdout.writelines(difflib.unified_diff(
        golden.splitlines(True), played.splitlines(True), path, "now"))
    return 1


if __name__ == "__main__":
    sys.exit(main())
