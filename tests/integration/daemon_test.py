#!/usr/bin/python3
"""The program from outside: exit statuses, files it leaves, sockets it makes.

usage: daemon_test.py NETSTACKD [UNITTEST-ARGUMENTS]
"""
import os
import pathlib
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest

NETSTACKD = sys.argv[1]
DEADLINE_S = 30


class DaemonTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="nsd-")
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        self.state = self.root / "state"
        self.ready = self.root / "ready"
        self.socket = self.root / "socket"

    def run_to_end(self, *arguments):
        return subprocess.run([NETSTACKD, *map(str, arguments)], capture_output=True, text=True,
                              timeout=DEADLINE_S, check=False)

    def start(self, *arguments):
        process = subprocess.Popen(
            [NETSTACKD, "--state_dir", self.state, "--ready_file", self.ready,
             *map(str, arguments)], stderr=subprocess.PIPE, text=True)

        def end():
            if process.poll() is None:
                process.kill()
            process.communicate()

        self.addCleanup(end)
        deadline = time.monotonic() + DEADLINE_S
        while not self.ready.exists():
            self.assertLess(time.monotonic(), deadline, "it does not become ready")
            try:
                process.wait(timeout=0.02)  # ends at once if the process does
                self.fail("it ended: " + process.stderr.read())
            except subprocess.TimeoutExpired:
                pass
        return process

    def stop(self, process, number=signal.SIGTERM):
        process.send_signal(number)
        return process.wait(timeout=DEADLINE_S)

    def test_version_and_usage(self):
        version = self.run_to_end("--version")
        self.assertEqual(version.returncode, 0)
        self.assertRegex(version.stdout, r"^netstackd \d+\.\d+\.\d+\n$")
        for arguments in ([], ["--nonsense"], ["serve"], ["restore", "x"],
                          ["--state_dir", self.state, "--shutdown_deadline", "soon"]):
            self.assertEqual(self.run_to_end(*arguments).returncode, 2, arguments)
        self.assertFalse(self.state.exists())

    def test_serves_until_it_is_told_to_stop(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.start("--listen", f"unix:{self.socket}", "--listen", "tcp:127.0.0.1:0")
            lines = self.ready.read_text().splitlines()
            self.assertEqual(lines[0], f"unix:{self.socket}")
            host, port = lines[1].rsplit(":", 1)
            with socket.create_connection((host, int(port)), timeout=DEADLINE_S):
                pass
            mode = self.socket.stat().st_mode
            self.assertTrue(stat.S_ISSOCK(mode))
            self.assertEqual(stat.S_IMODE(mode), 0o660)
            self.assertEqual(self.stop(process, number), 0)
            self.assertFalse(self.ready.exists())

    def test_socket_is_in_the_state_directory_by_default(self):
        process = self.start()
        self.assertEqual(self.ready.read_text(), f"unix:{self.state}/netstackd.sock\n")
        self.assertEqual(self.stop(process), 0)

    def test_second_server_is_told_who_holds_the_directory(self):
        process = self.start("--listen", f"unix:{self.socket}")
        second = self.run_to_end("--state_dir", self.state, "--listen", f"unix:{self.root}/other")
        self.assertEqual(second.returncode, 3, second.stderr)
        self.assertIn(str(process.pid), second.stderr)
        self.assertEqual(self.stop(process), 0)

    def test_socket_of_another_server_is_not_taken(self):
        self.start("--listen", f"unix:{self.socket}")
        second = self.run_to_end("--state_dir", self.root / "other", "--listen",
                                 f"unix:{self.socket}")
        self.assertEqual(second.returncode, 1)
        self.assertIn("another server listens there", second.stderr)
        plain = self.root / "plain"
        plain.write_text("mine")
        third = self.run_to_end("--state_dir", self.root / "other", "--listen", f"unix:{plain}")
        self.assertEqual(third.returncode, 1)
        self.assertEqual(plain.read_text(), "mine")

    def test_socket_and_scratch_of_a_crash_are_in_nobodys_way(self):
        process = self.start("--listen", f"unix:{self.socket}")
        process.kill()
        process.wait()
        scratch = self.state / "backup-stream-1.db"
        scratch.write_text("half a backup")
        self.assertTrue(self.socket.exists())
        self.ready.unlink()
        process = self.start("--listen", f"unix:{self.socket}")
        self.assertFalse(scratch.exists())
        self.assertEqual(self.stop(process), 0)

    def test_nothing_beyond_loopback(self):
        for address in ("tcp:0.0.0.0:0", "tcp:192.0.2.1:7470", "tcp:localhost:0", "tcp:[::]:0"):
            refused = self.run_to_end("--state_dir", self.state, "--listen", address)
            self.assertEqual(refused.returncode, 1, address)
            self.assertIn(address, refused.stderr)
        self.assertFalse(self.state.exists())

    def test_restore_and_accept_loss_say_what_is_wrong(self):
        broken = self.root / "broken.db"
        broken.write_bytes(b"no database" * 1000)
        restored = self.run_to_end("restore", broken, self.root / "new")
        self.assertNotEqual(restored.returncode, 0)
        self.assertRegex(restored.stderr, r"^netstackd: .+ \[[A-Z_]+\]\n")
        self.assertFalse((self.root / "new").exists())
        self.assertEqual(self.stop(self.start()), 0)
        loss = self.run_to_end("accept-loss", self.state)
        self.assertEqual(loss.returncode, 1)
        self.assertTrue(re.search(r"\[[A-Z_]+\]", loss.stderr), loss.stderr)


if __name__ == "__main__":
    os.environ.pop("http_proxy", None)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
