"""clang-format would change nothing."""
import re
import shutil
import subprocess

from tree import Finding, Tree


def check(tree: Tree) -> list[Finding]:
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    if program is None:
        return [Finding(".clang-format", 0, "clang-format is not installed (./dev deps test)")]
    files = tree.files(".cc", ".h")
    if not files:
        return []
    run = subprocess.run([program, "--style=file", "--dry-run", "-Werror", *files], cwd=tree.root,
                         capture_output=True, text=True, check=False)
    first = {}
    for match in re.finditer(r"^(.+?):(\d+):\d+: error:", run.stderr, re.MULTILINE):
        first.setdefault(match.group(1), int(match.group(2)))
    findings = [Finding(path, line, "run ./dev fmt") for path, line in first.items()]
    if run.returncode != 0 and not findings:
        findings.append(Finding(".clang-format", 0, run.stderr.strip()))
    return findings
