#!/usr/bin/python3
"""Checks the rules of this tree that no compiler knows.

usage: lint.py [--root DIR] RULE...      (`all` stands for every rule)

Prints one line for each finding, FILE:LINE: what is wrong; exit status 1 if there is one.
"""
import argparse
import pathlib
import sys

sys.dont_write_bytecode = True  # the tree stays as it was cloned

from rules import (dead_files, format, guards, layers, limits, links,  # noqa: E402
                   reasons, shell, todo, words)
from tree import Tree  # noqa: E402

RULES = {
    "layers": layers.check,          # who may include whom
    "limits": limits.check,          # length of lines, functions and files
    "todo": todo.check,              # unfinished work, switched-off tests, sleeping tests
    "dead_files": dead_files.check,  # every source file belongs to a target
    "words": words.check,            # one word for one idea; nothing of one machine
    "reasons": reasons.check,        # the table of errors, its proto and its page agree
    "links": links.check,            # relative links in documents lead somewhere
    "format": format.check,          # clang-format would change nothing
    "guards": guards.check,          # include guards, own header first
    "shell": shell.check,            # scripts can be parsed and may be run
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("rule", nargs="+", choices=[*RULES, "all"])
    arguments = parser.parse_args()

    tree = Tree(arguments.root)
    names = list(RULES) if "all" in arguments.rule else arguments.rule
    findings = [(name, finding) for name in names for finding in RULES[name](tree)]
    for name, finding in findings:
        print(f"{finding}  [{name}]")
    print(f"{len(findings)} findings in {len(tree.files())} files ({', '.join(names)})")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
