"""Who may include whom. The link graph cannot say it: one include root serves every target."""
import dataclasses
import re

from tree import Finding, Tree, is_test, line_of

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)

# What is not ours, by the first pattern that matches.
FAMILIES = (
    ("grpc", re.compile(r"^(grpcpp|grpc|grpc\+\+)/|\.grpc\.pb\.h$")),
    ("proto", re.compile(r"\.pb\.h$")),
    ("protobuf", re.compile(r"^google/protobuf/")),
    ("absl", re.compile(r"^absl/")),
    ("sqlite", re.compile(r"^sqlite3")),
    ("isal", re.compile(r"^isa-l")),
    ("openssl", re.compile(r"^openssl/")),
    ("cli11", re.compile(r"^CLI/")),
    ("yaml", re.compile(r"^yaml-cpp/")),
    ("json", re.compile(r"^nlohmann/")),
    ("log", re.compile(r"^spdlog/")),
    ("metrics", re.compile(r"^prometheus/")),
    ("netlink", re.compile(r"^(libmnl|linux)/")),
    ("test", re.compile(r"^(gtest|gmock|rapidcheck|benchmark)[/.]")),
    ("std", re.compile(r"^[a-z_0-9]+$")),
    ("address", re.compile(r"^(arpa/inet|netinet/in)\.h$")),  # of posix, but without a system call
    ("posix", re.compile(r"^([a-z_0-9]+/)?[a-z_0-9]+\.h$")),
)

# The rules are a function of their arguments: no clock, no thread, no chance, no file.
IMPURE = (
    r"^(thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token)$",
    r"^(chrono|ctime|random|fstream|iostream|filesystem)$",
    r"^absl/(random|synchronization)/", r"^absl/time/clock\.h$",
    r"^base/(clock|mutex|thread_role|bounded_queue)\.h$",
)


@dataclasses.dataclass(frozen=True)
class Layer:
    ours: tuple[str, ...]      # folders or files of ours, besides its own folder
    families: tuple[str, ...]
    never: tuple[str, ...] = ()  # patterns that are refused although the rest allows them
    tests: tuple[str, ...] = ()  # what its tests may include besides


ANY = ("grpc", "proto", "protobuf", "absl", "sqlite", "isal", "openssl", "cli11", "yaml", "json",
       "log", "metrics", "netlink", "test", "std", "posix")
PURE = Layer(("base",), ("absl", "std", "address"), never=IMPURE)

# The longest folder that holds a file is its layer.
LAYERS = {
    "base": Layer((), ("absl", "std")),
    "core": PURE,
    "storage": Layer(("base",), ("absl", "std", "posix", "isal", "openssl")),
    "storage/sqlite": Layer(("base", "storage"),
                            ("absl", "std", "posix", "isal", "openssl", "sqlite")),
    # Tears the writes of SQLite, below it.
    "storage/faulty": Layer(("base", "storage"), ("absl", "std", "posix", "sqlite")),
    "server/codec": Layer(("base", "core"), ("absl", "std", "proto", "protobuf", "openssl")),
    "server/executor": Layer(("base", "core", "server/codec", "storage/journal.h"),
                             ("absl", "std", "openssl"), tests=("storage",)),
    "server/dispatch": Layer(("base", "core"), ("absl", "std")),
    "server/watch": Layer(
        ("base", "core", "server/codec", "server/executor", "storage/journal.h"),
        ("absl", "std", "proto", "protobuf"), tests=("storage",)),
    "server/transport": Layer(("base",), ("absl", "std", "protobuf", "grpc")),
    "server/rpc": Layer(
        ("base", "core", "server/codec", "server/executor", "server/dispatch", "server/transport",
         "server/watch"),
        ("absl", "std", "proto", "protobuf", "grpc", "openssl"), tests=("storage",)),
    "server/daemon": Layer(("base", "core", "storage", "server"), ANY),
    "client/sdk": Layer(("base",), ("absl", "std", "posix", "proto", "protobuf", "grpc", "openssl")),
    "client/module": Layer(("base", "client/sdk"),
                           ("absl", "std", "posix", "proto", "protobuf", "grpc")),
    "client/cli": Layer(("base", "client/sdk"),
                        ("absl", "std", "posix", "proto", "protobuf", "cli11", "yaml", "json")),
    "agent": Layer(("base", "core", "client/module"),
                   ("absl", "std", "posix", "proto", "protobuf", "grpc")),
    "agent/plan": PURE,
    "agent/netlink": Layer(("base", "core"), ("absl", "std", "posix", "netlink")),
    "examples": Layer(("client/sdk", "client/module"), ("absl", "std", "proto")),
    "tests": Layer(("base", "core", "storage", "server", "client", "agent", "examples"), ANY),
}

TOP_FOLDERS = {name.split("/")[0] for name in LAYERS} | {"tools"}
# The installed headers of the SDKs are included by their installed name.
PUBLIC = re.compile(r"^netstackd/(?!v1/|journal/)")


def layer_of(path: str) -> str | None:
    folders = path.split("/")[:-1]
    for n in range(len(folders), 0, -1):
        if "/".join(folders[:n]) in LAYERS:
            return "/".join(folders[:n])
    return None


def _allows(folder: str, included: str) -> bool:
    return included == folder or included.startswith(folder + "/")


def _refusal(layer: str, path: str, included: str) -> str | None:
    """Why `path` must not include `included`; None if it may."""
    row = LAYERS[layer]
    test = is_test(path)
    if not test and any(re.search(pattern, included) for pattern in row.never):
        return f"{layer} must not include {included}"
    if PUBLIC.match(included) and not included.endswith(".pb.h"):
        included = "client/sdk/include/" + included
    if included.split("/")[0] in TOP_FOLDERS:
        allowed = (layer, *row.ours, *((*row.tests, "tests") if test else ()))
        if any(_allows(folder, included) for folder in allowed):
            return None
        return f"{layer} must not include {included} (it may: {', '.join(sorted(allowed))})"
    family = next((name for name, pattern in FAMILIES if pattern.search(included)), None)
    if family is None:
        return f"{included}: of no known family; add it to tests/lint/rules/layers.py"
    families = (*row.families, *(("test", "std", "posix", "json") if test else ()))
    if family in families or (family == "address" and "posix" in families):
        return None
    return f"{layer} must not include {included} ({family})"


def check(tree: Tree) -> list[Finding]:
    findings = []
    for path in tree.files(".cc", ".h"):
        layer = layer_of(path)
        if layer is None:
            findings.append(Finding(path, 0, "its folder has no row in tests/lint/rules/layers.py"))
            continue
        for match in INCLUDE.finditer(tree.text(path)):
            refusal = _refusal(layer, path, match.group(2))
            if refusal:
                findings.append(Finding(path, line_of(tree.text(path), match.start()), refusal))
    return findings
