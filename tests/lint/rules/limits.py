"""Length of lines, functions and files."""
import re

from exceptions import LONG_FILES, LONG_FUNCTIONS
from tree import Finding, Tree, line_of

LINE_MAX = 100
FUNCTION_MAX = 60
FILE_MAX = {".cc": 600, ".h": 300}

_NOT_A_FUNCTION = re.compile(
    r"\b(namespace|class|struct|union|enum|extern)\b(?!.*\)\s*(const|noexcept|override|final)*\s*$)",
    re.DOTALL)
_NAME = re.compile(r"((?:[\w:]*\boperator\s*(?:\(\)|[^\s(]+))|[~\w:]+)\s*\(")


def functions(code: str) -> list[tuple[str, int, int]]:
    """(name, first line, last line) of the outermost functions, by the depth of braces.

    `code` has no comments and strings, and is formatted: a body has a space before its brace.
    """
    found = []
    stack = []  # for each open brace: its name if it opens a function, "" if it cannot hold one
    head_start = 0
    in_function = 0
    start = 0
    for match in re.finditer(r"[{};]|^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", code, re.MULTILINE):
        char, at = match.group(), match.start()
        if char == "{":
            head = code[head_start:at]
            kind = _kind_of(head, in_function > 0 or bool(stack and stack[-1] == "value"))
            stack.append(kind)
            if kind not in ("scope", "value"):
                if in_function == 0:
                    start = at
                in_function += 1
            if kind != "value":
                head_start = at + 1
        elif char == "}":
            kind = stack.pop() if stack else "scope"
            if kind not in ("scope", "value"):
                in_function -= 1
                if in_function == 0:
                    found.append((kind, line_of(code, start), line_of(code, at)))
            if kind != "value":
                head_start = at + 1
        elif not (stack and stack[-1] == "value"):  # ';' or a preprocessor line
            head_start = match.end()
    return found


def _kind_of(head: str, inside: bool) -> str:
    """What the brace after `head` opens: "scope", "value", or a function of that name."""
    if head and not head[-1].isspace() and head[-1] not in ")":
        return "value"  # T{...}, member_{...}, ({...})
    stripped = head.rstrip()
    if stripped.endswith(("=", ",", "return", "(", "{")) or (inside and not stripped):
        return "value"
    if not inside and ("(" not in stripped or _NOT_A_FUNCTION.search(stripped)):
        return "scope"
    name = _NAME.search(stripped)
    return name.group(1) if name else "block"


def check(tree: Tree) -> list[Finding]:
    findings = []
    for path in tree.files(".cc", ".h"):
        lines = tree.lines(path)
        limit = FILE_MAX[".cc" if path.endswith(".cc") else ".h"]
        if len(lines) - 1 > limit and path not in LONG_FILES:
            findings.append(Finding(path, 0, f"{len(lines) - 1} lines, the limit is {limit}"))
        for number, line in enumerate(lines, 1):
            if len(line) > LINE_MAX and "#include" not in line:
                findings.append(Finding(path, number, f"{len(line)} columns of {LINE_MAX}"))
        for name, first, last in functions(tree.code(path)):
            if last - first + 1 > FUNCTION_MAX and (path, name) not in LONG_FUNCTIONS:
                findings.append(Finding(
                    path, first, f"{name} has {last - first + 1} lines of {FUNCTION_MAX}"))
    return findings
