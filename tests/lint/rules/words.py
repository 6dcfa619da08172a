"""One word for one idea (docs/glossary.md), and nothing about one machine or who did the work."""
import re

from exceptions import WORDS
from tree import Finding, Tree, line_of

# word: what to say; said of a netstack, a module, a callback, an interface, a command, a delta or an effect.
FORBIDDEN = {
    "stack": "netstack",
    "hook": "callback, module or attachment",
    "plugin": "module",
    "nic": "interface",
    "task": "command or effect",
}
# A thread that works for others may have tasks, and a test a place to hook in; but not what
# users and the rules speak of.
ONLY_IN = {
    "task": ("core/", "proto/"),
    "hook": ("proto/", "client/", "server/rpc/", "server/codec/", "server/dispatch/", "base/"),
}
# Fixed expressions of others that contain such a word.
_FIXED = re.compile(r"\b(call stack|on the stack|stack trace|stack frame|std::stack|network stack|TCP/IP stack)\b",
                    re.IGNORECASE)
_THEIRS = ("sqlite3_", "SQLITE_", "grpc_", "GRPC_")  # names that others gave
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

# Of a machine or of how the work was organised: (pattern, why).
PRIVATE = (
    (re.compile(r"(?<![\w.])/work/\w"), "a path of one machine"),
    (re.compile(r"(?<![\w.])/(home|Users)/\w"), "a path of one machine"),
    (re.compile(r"\bissue\s+#?\d+\b", re.IGNORECASE), "say the fact, not where it was asked for"),
    (re.compile(r"\b(this|another|next|previous) session\b", re.IGNORECASE), "no stories"),
    (re.compile(r"\b(sub-?agent|the brief)\b", re.IGNORECASE), "no stories"),
    (re.compile(r"\b(Co-Authored-By|Generated (with|by) [A-Z])", re.IGNORECASE), "no stories"),
)
TEXTS = (".cc", ".h", ".inc", ".proto", ".md", ".py", ".sh", ".cmake", ".json", ".yaml",
         "CMakeLists.txt", "dev", "run", "commit-msg", "packages")


def _in_code(tree: Tree, path: str) -> list[Finding]:
    findings = []
    for text in (tree.code(path), tree.prose(path)):
        plain = _FIXED.sub(lambda m: " " * len(m.group()), text)
        for match in re.finditer(r"[A-Za-z_]\w*", plain):
            if match.group().startswith(_THEIRS):
                continue
            for part in _PARTS.findall(match.group()):
                word = part.lower()
                word = word if word in FORBIDDEN else word.removesuffix("s")
                if word not in FORBIDDEN or not path.startswith(ONLY_IN.get(word, "")):
                    continue
                if any(path.startswith(start) and word == w for start, w in WORDS):
                    continue
                findings.append(Finding(path, line_of(plain, match.start()),
                                        f"'{match.group()}': say {FORBIDDEN[word]}"))
    return findings


def check(tree: Tree) -> list[Finding]:
    findings = []
    for path in tree.files(".cc", ".h", ".proto"):
        findings += _in_code(tree, path)
    for path in tree.files(*TEXTS):
        if path.startswith(("tests/lint/", "tests/golden/")):
            continue  # the first names what it looks for, the second is data
        text = tree.text(path)
        for pattern, why in PRIVATE:
            for match in pattern.finditer(text):
                findings.append(Finding(path, line_of(text, match.start()),
                                        f"'{match.group()}': {why}"))
    return findings
