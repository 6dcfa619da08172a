"""Scripts can be parsed, say who runs them, and may be executed."""
import os
import subprocess

from tree import Finding, Tree


def check(tree: Tree) -> list[Finding]:
    findings = []
    for path in tree.files():
        if "." in path.rsplit("/", 1)[-1] and not path.endswith((".sh", ".py")):
            continue
        first = tree.lines(path)[0]
        if "bash" in first or path.endswith(".sh"):
            run = subprocess.run(["bash", "-n", path], cwd=tree.root, capture_output=True,
                                 text=True, check=False)
            if run.returncode != 0:
                findings.append(Finding(path, 0, run.stderr.strip()))
        if first.startswith("#!") and not os.access(tree.root / path, os.X_OK):
            findings.append(Finding(path, 1, "begins with #! but may not be executed"))
    return findings
