"""The files of the tree and what is code, comment and text in them."""
import dataclasses
import functools
import pathlib
import re
import subprocess

# Not ours: kept as their authors wrote them.
FOREIGN = ("proto/google/", "build/")

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<raw>R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")
      | (?P<text>"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])*')""",
    re.DOTALL | re.VERBOSE)


@dataclasses.dataclass(frozen=True)
class Finding:
    path: str
    line: int  # from 1; 0 is the file as a whole
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Tree:
    """One checkout. Files are named by their path from the root, with '/'."""

    def __init__(self, root: pathlib.Path):
        self.root = root.resolve()

    def files(self, *suffixes: str) -> list[str]:
        """Our files with one of the suffixes (none: all), sorted; new ones too, ignored ones not."""
        return [f for f in self._listed if not suffixes or f.endswith(suffixes)]

    @functools.cached_property
    def _listed(self) -> list[str]:
        command = ["git", "-c", f"safe.directory={self.root}", "-C", str(self.root), "ls-files",
                   "-z", "--cached", "--others", "--exclude-standard"]
        if (self.root / ".git").exists():
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found = [f for f in out.split("\0") if f]
        else:  # an unpacked archive
            found = [str(p.relative_to(self.root)) for p in self.root.rglob("*") if p.is_file()]
        return sorted(f for f in set(found)
                      if not f.startswith(FOREIGN) and (self.root / f).is_file())

    @functools.lru_cache(maxsize=None)
    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    def lines(self, path: str) -> list[str]:
        return self.text(path).split("\n")

    @functools.lru_cache(maxsize=None)
    def code(self, path: str) -> str:
        """C++ or proto text with comments, strings and characters blanked; same lines."""
        return _TOKEN.sub(lambda m: _blank(m.group()), self.text(path))

    @functools.lru_cache(maxsize=None)
    def prose(self, path: str) -> str:
        """The same text with everything blanked but comments; same lines."""
        out, at = [], 0
        text = self.text(path)
        for match in _TOKEN.finditer(text):
            out.append(_blank(text[at:match.start()]))
            out.append(match.group() if match["comment"] else _blank(match.group()))
            at = match.end()
        return "".join(out) + _blank(text[at:])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def line_of(text: str, position: int) -> int:
    """Line number, from 1, of a position in a text."""
    return text.count("\n", 0, position) + 1


def is_test(path: str) -> bool:
    """Code that is only built into tests: beside the code, in a folder testing/, or in tests/."""
    return path.startswith("tests/") or path.endswith("_test.cc") or "/testing/" in path
