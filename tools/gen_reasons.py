#!/usr/bin/python3
"""Makes the list of error reasons for others out of base/error_reasons.inc.

Writes proto/netstackd/v1/error_reason.proto and docs/errors.md. The second also has, for every
rpc, the errors its comment in the protos names; an error that the table does not know, or knows
with another code, is refused.

    tools/gen_reasons.py            write both files
    tools/gen_reasons.py --check    change nothing; exit status 1 if a file is out of date

The number of a reason on the wire is the one it has in error_reason.proto; a new reason gets the
next free number there. A reason that has a number cannot be removed from the table, unless nobody
was ever given it; its name and number are then RETIRED.
"""

import argparse
import pathlib
import re
import sys
import textwrap
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = "base/error_reasons.inc"
PROTO = "proto/netstackd/v1/error_reason.proto"
DOCS = "docs/errors.md"
# In the order of the documentation.
SOURCES = ["common", "group", "interface", "address", "ipmp_service", "config", "watch", "admin"]

RECOVERIES = {
    "FIX_REQUEST": "send another request",
    "FIX_STATE": "change the state first, then send the same request",
    "READ_AGAIN": "read the current state, then decide",
    "RETRY_LATER": "send the same request again, with backoff",
    "ASK_OPERATOR": "a person has to look",
}


# Reasons that are no more, by number: neither is used again.
RETIRED = {
    # Nobody ever sent it: a name that an interface has is refused with GROUP_EXISTS.
    "INTERFACE_NAME_IN_USE": 70,
}


class Reason(NamedTuple):
    name: str
    code: str
    recovery: str
    meaning: str


class Error(NamedTuple):
    code: str
    reason: str
    condition: str


def fail(message):
    sys.exit(f"gen_reasons: {message}")


def upper_snake(symbol):
    """kFixRequest -> FIX_REQUEST."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", symbol.removeprefix("k")).upper()


def read_table():
    text = (ROOT / TABLE).read_text(encoding="utf-8")
    row = re.compile(
        r'^NSD_REASON\(\s*k\w+,\s*"([A-Z_]+)",\s*(k\w+),\s*(k\w+),\s*((?:"[^"\n]*"\s*)+)\)', re.M)
    rows = []
    for match in row.finditer(text):
        name, code, recovery, literal = match.groups()
        meaning = "".join(re.findall(r'"([^"]*)"', literal))
        rows.append(Reason(name, upper_snake(code), upper_snake(recovery), meaning))
    if len(rows) != len(re.findall(r"^NSD_REASON\(", text, re.M)):
        fail(f"{TABLE}: a row cannot be read")
    for reason in rows:
        if reason.recovery not in RECOVERIES:
            fail(f"{TABLE}: {reason.name}: unknown recovery {reason.recovery}")
    return rows


def numbers_of(rows):
    """Numbers in use stay; new reasons follow in the order of the table."""
    path = ROOT / PROTO
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    numbers = {name: int(number) for name, number in
               re.findall(r"^  ERROR_REASON_([A-Z_]+) = (\d+);", text, re.M)}
    numbers.pop("UNSPECIFIED", None)
    names = {reason.name for reason in rows}
    for name in RETIRED:
        numbers.pop(name, None)
        if name in names:
            fail(f"{name} is retired")
    for name in sorted(set(numbers) - names):
        fail(f"{name} is API and has number {numbers[name]}; put it back into {TABLE}")
    free = max([*numbers.values(), *RETIRED.values()], default=0) + 1
    for reason in rows:
        if reason.name not in numbers:
            numbers[reason.name] = free
            free += 1
    return numbers


def make_proto(rows, numbers):
    out = [
        f"// Made by tools/gen_reasons.py from {TABLE}; do not edit.",
        'syntax = "proto3";',
        "",
        "package netstackd.v1;",
        "",
        "// Why a call was refused. ErrorInfo.reason carries the name without the prefix, such as",
        "// GROUP_EXISTS. A reason is never removed and never changes its code. Set by the server.",
        "enum ErrorReason {",
        *(f"  reserved {number};" for number in sorted(RETIRED.values())),
        *(f'  reserved "ERROR_REASON_{name}";' for name in sorted(RETIRED)),
        "  // Never sent.",
        "  ERROR_REASON_UNSPECIFIED = 0;",
    ]
    for reason in sorted(rows, key=lambda row: numbers[row.name]):
        out += textwrap.wrap(f"{reason.code}: {reason.meaning}.", width=100,
                             initial_indent="  // ", subsequent_indent="  // ")
        out.append(f"  ERROR_REASON_{reason.name} = {numbers[reason.name]};")
    out.append("}")
    return "\n".join(out) + "\n"


def errors_in(comment, where):
    """The rows below a line 'Errors...:' of a comment; a row may go on, indented, below."""
    rows = []
    reading = False
    for line in comment:
        if re.match(r"^ ?Errors.*:$", line):
            reading = True
            continue
        if not reading:
            continue
        match = re.match(r"^ {2,3}([A-Z_]+) +([A-Z_]+) +(\S.*)$", line)
        if match:
            rows.append(Error(*match.groups()))
        elif line.startswith("   and those of "):
            rows.append(Error("", "", line.strip()))
        elif line.startswith("     ") and rows:
            last = rows.pop()
            rows.append(last._replace(condition=f"{last.condition} {line.strip()}"))
        elif line.strip():
            fail(f"{where}: cannot read {line!r}")
    return rows


def read_calls():
    """(heading, rows) of every rpc and of the lists that hold for many rpcs."""
    calls = []
    for source in SOURCES:
        path = ROOT / "proto/netstackd/v1" / f"{source}.proto"
        if not path.exists():
            fail(f"{path} is missing")
        comment, service = [], ""
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.strip()
            if text.startswith("//"):
                comment.append(text[2:])
                continue
            match = re.match(r"service (\w+)", text)
            service = match.group(1) if match else service
            match = re.match(r"rpc (\w+)", text)
            shared = [c.strip() for c in comment if re.match(r"^ Errors of .*:$", c)]
            if match:
                name = f"{service}.{match.group(1)}"
                calls.append((name, errors_in(comment, f"{path.name}: {name}")))
            elif shared:
                title = shared[0].removeprefix("Errors of ").removesuffix(":").capitalize()
                calls.append((title, errors_in(comment, f"{path.name}: {title}")))
            comment = []
    return calls


def check_calls(calls, rows):
    table = {reason.name: reason for reason in rows}
    for name, errors in calls:
        for error in errors:
            if not error.reason:
                continue
            if error.reason not in table:
                fail(f"{name}: {error.reason} is not in {TABLE}")
            if table[error.reason].code != error.code:
                fail(f"{name}: {error.reason} has the code {table[error.reason].code}, "
                     f"not {error.code}")


def make_docs(rows, calls):
    table = {reason.name: reason for reason in rows}
    out = [
        "# Errors",
        "",
        f"Made by `tools/gen_reasons.py` from `{TABLE}` and the comments of the protos; "
        "do not edit.",
        "",
        "Every error carries one `google.rpc.ErrorInfo` with domain `netstackd` and a reason; a "
        "program decides by the reason, never by the message. `BadRequest` lists all wrong fields, "
        "`PreconditionFailure` everything that blocks the call.",
        "",
        "## What the caller does",
        "",
        "| recovery | meaning |",
        "|---|---|",
    ]
    out += [f"| {name} | {meaning} |" for name, meaning in RECOVERIES.items()]
    out += ["", "## Reasons", "", "| reason | code | recovery | meaning |", "|---|---|---|---|"]
    out += [f"| {r.name} | {r.code} | {r.recovery} | {r.meaning} |" for r in rows]
    out += ["", "## By call"]
    for name, errors in calls:
        out += ["", f"### {name}", ""]
        if not errors:
            out.append("Only the errors of every call.")
            continue
        out += ["| condition | reason | code | recovery |", "|---|---|---|---|"]
        for e in errors:
            recovery = table[e.reason].recovery if e.reason else ""
            out.append(f"| {e.condition} | {e.reason} | {e.code} | {recovery} |")
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, report what would")
    options = parser.parse_args()
    rows = read_table()
    calls = read_calls()
    check_calls(calls, rows)
    made = {PROTO: make_proto(rows, numbers_of(rows)), DOCS: make_docs(rows, calls)}
    stale = False
    for name, text in made.items():
        path = ROOT / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if options.check:
            print(f"{name} is out of date; run tools/gen_reasons.py")
            stale = True
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
