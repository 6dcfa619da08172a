"""Relative links in documents lead to a file, and a #fragment to a heading."""
import posixpath
import re
import urllib.parse

from tree import Finding, Tree, line_of

_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The fragments that the headings of a document answer to."""
    out: set[str] = set()
    for heading in _HEADING.findall(re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)):
        slug = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        out.add(slug)
    return out


def check(tree: Tree) -> list[Finding]:
    findings = []
    for path in tree.files(".md"):
        text = _FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), tree.text(path))
        for match in _LINK.finditer(text):
            link = match.group(1) or match.group(2)
            if re.match(r"[a-z][a-z0-9+.-]*:", link):
                continue  # not relative
            target, _, fragment = urllib.parse.unquote(link).partition("#")
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) \
                if target else path
            line = line_of(text, match.start())
            if file.startswith("../") or not (tree.root / file).exists():
                findings.append(Finding(path, line, f"{link}: there is no {file}"))
            elif fragment and file.endswith(".md") and fragment not in anchors(tree.text(file)):
                findings.append(Finding(path, line, f"{link}: no such heading in {file}"))
    return findings
