"""The table of errors is one fact; proto and page are made from it."""
import subprocess

from tree import Finding, Tree

GENERATOR = "tools/gen_reasons.py"
TABLE = "base/error_reasons.inc"


def check(tree: Tree) -> list[Finding]:
    if not (tree.root / TABLE).is_file():
        return []
    if not (tree.root / GENERATOR).is_file():
        return [Finding(GENERATOR, 0, f"missing: nothing compares {TABLE} with what is made of it")]
    run = subprocess.run(["/usr/bin/python3", "-B", str(tree.root / GENERATOR), "--check"],
                         cwd=tree.root, capture_output=True, text=True, check=False)
    if run.returncode == 0:
        return []
    return [Finding(GENERATOR, 0, (run.stdout + run.stderr).strip() or "--check failed")]
