"""What a rule does not apply to, each row with its reason. Empty is best."""

# path: reason
LONG_FILES: dict[str, str] = {}

# (path, function): reason
LONG_FUNCTIONS: dict[tuple[str, str], str] = {}

# (path, text of the match): reason
SLEEPS: dict[tuple[str, str], str] = {}

# path: reason
DEAD_FILES: dict[str, str] = {}

# (beginning of the path, word): reason
WORDS: dict[tuple[str, str], str] = {
    ("proto/netstackd/v1/error_reason.proto", "hook"): "packet hooks of net_instance: its own word",
    ("tests/fuzz/driver.cc", "stack"): "the name of a type of POSIX",
    ("server/rpc/server.cc", "plugin"): "the name of a function of gRPC",
}
