"""Every source file belongs to a target: what is named nowhere is never built and never tested."""
import posixpath
import re

from exceptions import DEAD_FILES
from tree import Finding, Tree, is_test, line_of

SOURCES = (".cc", ".h", ".inc", ".proto")
_COMMENT = re.compile(r"#[^\n]*")
_SUBDIRECTORY = re.compile(r"\badd_subdirectory\s*\(\s*([^\s)]+)", re.IGNORECASE)
_NAMED = re.compile(r'[^\s()"]+\.(?:cc|h|inc|proto)\b')
_INCLUDED = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
_VARIABLE = re.compile(r"\$\{(?:PROJECT_SOURCE_DIR|CMAKE_SOURCE_DIR)\}/?")


def reachable(tree: Tree) -> list[str]:
    """The CMakeLists.txt files that the build reads, from the top on."""
    found, waiting = [], ["CMakeLists.txt"]
    while waiting:
        path = waiting.pop()
        if path in found or not (tree.root / path).is_file():
            continue
        found.append(path)
        for match in _SUBDIRECTORY.finditer(_COMMENT.sub("", tree.text(path))):
            folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), match.group(1)))
            waiting.append(posixpath.join(folder, "CMakeLists.txt"))
    return found


def named(tree: Tree) -> set[str]:
    """The source files that a CMakeLists.txt of the build names."""
    out = set()
    for path in reachable(tree):
        for match in _NAMED.finditer(_COMMENT.sub("", tree.text(path))):
            name, folder = match.group(), posixpath.dirname(path)
            if _VARIABLE.match(name):
                name, folder = _VARIABLE.sub("", name), ""
            name = name.replace("${CMAKE_CURRENT_SOURCE_DIR}/", "")
            out.add(posixpath.normpath(posixpath.join(folder, name)))
    return out


def check(tree: Tree) -> list[Finding]:
    findings = []
    known = named(tree)
    # A header of tests is nobody's interface: that a built file includes it is enough.
    waiting = [path for path in tree.files(".cc", ".h") if path in known]
    while waiting:
        for header in _INCLUDED.findall(tree.text(waiting.pop())):
            if is_test(header) and header not in known and (tree.root / header).is_file():
                known.add(header)
                waiting.append(header)
    # Protos are named relative to the include root proto/ as well.
    known |= {"proto/" + name.removeprefix("proto/") for name in known if name.endswith(".proto")}
    for path in tree.files(*SOURCES):
        if path not in known and path not in DEAD_FILES:
            findings.append(Finding(path, 0, "no CMakeLists.txt of the build names it"))
    lists = reachable(tree)
    for path in tree.files("CMakeLists.txt"):
        # An example is a project of its own: it is built against the installed package.
        if path not in lists and not path.startswith("examples/"):
            findings.append(Finding(path, 0, "the build does not reach it"))
        text = tree.text(path)
        for match in re.finditer(r"^[ \t]*#[ \t]*(netstackd_test|add_test|add_subdirectory)\b",
                                 text, re.MULTILINE):
            findings.append(Finding(path, line_of(text, match.start()), "commented-out test"))
    return findings
