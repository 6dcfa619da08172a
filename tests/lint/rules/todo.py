"""Unfinished work, switched-off tests, tests that sleep."""
import re

from exceptions import SLEEPS
from tree import Finding, Tree, is_test, line_of

# These patterns, and what lint.selftest plants, are the only such words of the tree.
UNFINISHED = re.compile(r"\b(TODO(?!\(#\d+\))|FIXME|XXX|HACK)\b")
SWITCHED_OFF = re.compile(r"\bDISABLED_\w|\bGTEST_SKIP\b|#\s*if\s+0\b|@unittest\.skip|\.skipTest\(")
SLEEPING = re.compile(
    r"\bsleep_for\b|\bsleep_until\b|\bSleepFor\b|\b(u|nano|clock_nano)?sleep\s*\(|\btime\.sleep\b")

SOURCES = (".cc", ".h", ".inc", ".proto", ".py", ".sh", ".cmake", "CMakeLists.txt", ".md")


def check(tree: Tree) -> list[Finding]:
    findings = []

    def add(path: str, pattern: re.Pattern, message: str) -> None:
        text = tree.text(path)
        for match in pattern.finditer(text):
            if pattern is SLEEPING and (path, match.group()) in SLEEPS:
                continue
            findings.append(Finding(path, line_of(text, match.start()),
                                    f"{match.group()}: {message}"))

    for path in tree.files(*SOURCES):
        if path.startswith("tests/lint/"):
            continue  # names what it looks for
        add(path, UNFINISHED, "do it, or write TODO(#number of an open issue)")
        if path.endswith((".cc", ".h", ".py")):
            add(path, SWITCHED_OFF, "a test runs, or it is removed")
        if is_test(path):
            add(path, SLEEPING, "wait for a condition, or move a fake clock")
    return findings
