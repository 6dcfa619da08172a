"""A real netstackd on a directory of its own, for tests in Python."""
import pathlib
import signal
import subprocess
import tempfile
import time


class Netstackd:
    """Starts the program on a fresh directory; as a context manager it is stopped at the end."""

    START_S = 20.0

    def __init__(self, program: str):
        self._program = program
        self._directory = tempfile.TemporaryDirectory(prefix="nsd-")
        root = pathlib.Path(self._directory.name)
        self.state_dir = root / "state"
        self.endpoint = f"unix:{root}/socket"
        self._ready = root / "ready"
        self._log = root / "log"
        self._process = None

    def start(self) -> None:
        """Returns when the server has said that it is ready."""
        self._ready.unlink(missing_ok=True)
        self.state_dir.mkdir(exist_ok=True)
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                [self._program, "--state_dir", str(self.state_dir), "--listen", self.endpoint,
                 "--ready_file", str(self._ready)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + self.START_S
        while not self._ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("netstackd did not start:\n" + self._log.read_text())
            # Ends at once if the process does; otherwise look again soon.
            try:
                self._process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                pass

    def kill(self) -> None:
        """As a crash: no handler runs."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """Returns the exit status of a graceful stop."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=20)

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def __enter__(self) -> "Netstackd":
        self.start()
        return self

    def __exit__(self, *unused) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._directory.cleanup()
