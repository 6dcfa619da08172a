"""Include guards are made of the path; a source file includes its own header first."""
import re

from tree import Finding, Tree, line_of

_GUARD = re.compile(r"^#ifndef (\w+)\n#define \1\n", re.MULTILINE)
_INCLUDE = re.compile(r'^#include ([<"])([^>"]+)[>"]', re.MULTILINE)


def guards_of(path: str) -> set[str]:
    """The guards a header may have; an installed header may also be named as it is installed."""
    paths = {path}
    if "/include/" in path:
        paths.add(path.split("/include/", 1)[1].removeprefix("netstackd/"))
    return {"NETSTACKD_" + re.sub(r"\W", "_", p).upper() + "_" for p in paths}


def check(tree: Tree) -> list[Finding]:
    findings = []
    headers = set(tree.files(".h"))
    for path in sorted(headers):
        guard = _GUARD.search(tree.text(path))
        wanted = guards_of(path)
        if guard is None or guard.group(1) not in wanted:
            findings.append(Finding(path, 1, f"the include guard is {' or '.join(sorted(wanted))}"))
        elif not tree.text(path).endswith(f"#endif  // {guard.group(1)}\n"):
            findings.append(Finding(path, len(tree.lines(path)) - 1,
                                    f"ends with #endif  // {guard.group(1)}"))
    for path in sorted(headers | set(tree.files(".cc"))):
        text = tree.text(path)
        if "#pragma once" in text:
            findings.append(Finding(path, 0, "use an include guard"))
        includes = list(_INCLUDE.finditer(text))
        for match in includes:
            if match.group(1) == '"' and (match.group(2).startswith(".")
                                          or "/" not in match.group(2)):
                findings.append(Finding(path, line_of(text, match.start()),
                                        f"{match.group(2)}: include by the path from the root"))
        own = re.sub(r"(_test)?\.cc$", ".h", path)
        if path.endswith(".cc") and own in headers and includes:
            name = own.split("/include/", 1)[-1]
            if includes[0].group(2) not in (own, name):
                findings.append(Finding(path, line_of(text, includes[0].start()),
                                        f"{own} comes first: so we know that it compiles alone"))
    return findings
