#!/usr/bin/python3
"""The lint finds what it should: each test plants one fault in a temporary tree."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

from rules.limits import functions  # noqa: E402
from tree import Tree  # noqa: E402

CLEAN = {
    "CMakeLists.txt": "add_subdirectory(core)\n",
    "core/CMakeLists.txt": "netstackd_library(core HDRS a.h SRCS a.cc)\n",
    "core/a.h": "#ifndef NETSTACKD_CORE_A_H_\n#define NETSTACKD_CORE_A_H_\n\n"
                "#endif  // NETSTACKD_CORE_A_H_\n",
    "core/a.cc": '#include "core/a.h"\n\n#include <map>\n\n#include "base/error.h"\n',
    "README.md": "# A title\n\n[there](core/a.h) and [here](#a-title)\n",
}


def lint(root: pathlib.Path, *rules: str) -> tuple[int, str]:
    run = subprocess.run([sys.executable, str(HERE / "lint.py"), "--root", str(root), *rules],
                         capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


class PlantedFaultTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.root = pathlib.Path(self._folder.name)
        for path, text in CLEAN.items():
            self.plant(path, text)

    def plant(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def expect(self, rule: str, *wanted: str) -> None:
        """`rule` fails, and its output contains each of `wanted`."""
        status, out = lint(self.root, rule)
        self.assertEqual(status, 1, out)
        for text in wanted:
            self.assertIn(text, out)

    def expect_clean(self, *rules: str) -> None:
        status, out = lint(self.root, *rules)
        self.assertEqual(status, 0, out)

    def include(self, path: str, header: str) -> None:
        self.plant(path, f"#include {header}\n")

    def test_a_clean_tree_is_clean(self):
        self.expect_clean("layers", "limits", "todo", "dead_files", "words", "links", "guards")

    def test_layers(self):
        for path, header in (
                ("base/a.cc", '"core/a.h"'),
                ("core/b.cc", "<thread>"),
                ("core/b.cc", "<chrono>"),
                ("core/b.cc", "<unistd.h>"),
                ("core/b.cc", '"base/clock.h"'),
                ("core/b.cc", '"absl/time/clock.h"'),
                ("core/b.cc", '"netstackd/v1/group.pb.h"'),
                ("core/b.cc", "<sqlite3.h>"),
                ("core/b_test.cc", '"storage/journal.h"'),
                ("storage/b.cc", '"server/codec/codec.h"'),
                ("storage/memory/b.cc", "<sqlite3.h>"),
                ("server/codec/b.cc", '"storage/journal.h"'),
                ("server/executor/b.cc", '"storage/sqlite/sqlite_journal.h"'),
                ("server/executor/b.cc", "<grpcpp/grpcpp.h>"),
                ("server/rpc/b.cc", '"storage/journal.h"'),
                ("client/sdk/b.cc", '"core/a.h"'),
                ("client/cli/b.cc", "<grpcpp/grpcpp.h>"),
                ("agent/plan/b.cc", "<libmnl/libmnl.h>"),
                ("nowhere/b.cc", "<map>"),
                ("base/b.cc", "<unheard_of/Thing.hpp>")):
            with self.subTest(path=path, header=header):
                self.include(path, header)
                self.expect("layers", path)
                (self.root / path).unlink()

    def test_layers_allow_what_they_should(self):
        for path, header in (
                ("core/b.cc", "<arpa/inet.h>"),
                ("core/b_test.cc", '"gtest/gtest.h"'),
                ("storage/sqlite/b.cc", "<sqlite3.h>"),
                ("server/codec/b.cc", '"netstackd/journal/v1/delta.pb.h"'),
                ("server/executor/b_test.cc", '"storage/memory/memory_journal.h"'),
                ("server/daemon/b.cc", '"storage/sqlite/sqlite_journal.h"'),
                ("client/cli/b.cc", '"netstackd/client.h"'),
                ("tests/contract/b.cc", '"storage/journal.h"')):
            with self.subTest(path=path, header=header):
                self.include(path, header)
                self.expect_clean("layers")

    def test_layers_in_a_copy_of_the_real_tree(self):
        for file in Tree(ROOT).files(".h", ".cc"):
            (self.root / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, self.root / file)
        self.assertNotIn("base/error.cc", lint(self.root, "layers")[1])
        victim = self.root / "base/error.cc"
        victim.write_text(victim.read_text() + '#include "server/executor/executor.h"\n')
        self.expect("layers", "base/error.cc", "base must not include server/executor/executor.h")

    def test_limits(self):
        body = "int F() {\n" + "  G();\n" * 59 + "}\n"
        self.plant("core/b.cc", body)
        self.expect("limits", "core/b.cc:1: F has 61 lines of 60")
        self.plant("core/b.cc", body.replace("  G();\n", "", 1))
        self.expect_clean("limits")
        self.plant("core/b.cc", "// " + "x" * 98 + "\n")
        self.expect("limits", "101 columns")
        self.plant("core/b.cc", "\n" * 601)
        self.expect("limits", "601 lines")
        self.plant("core/b.cc", "")
        self.plant("core/b.h", "\n" * 301)
        self.expect("limits", "301 lines")

    def test_todo(self):
        for path, text in (
                ("core/b.cc", "// TODO: later\n"),
                ("core/b_test.cc", "TEST(A, DISABLED_B) {}\n"),
                ("core/b_test.cc", "GTEST_SKIP();\n"),
                ("core/b_test.cc", "std::this_thread::sleep_for(x);\n"),
                ("tests/support/b.cc", "nanosleep(&x, nullptr);\n"),
                ("tests/e2e/b.py", "time.sleep(1)\n")):
            with self.subTest(text=text):
                self.plant(path, text)
                self.expect("todo", path + ":1")
                self.plant(path, "")
        self.plant("core/b.cc", "// TODO(#12): later\nvoid F() { sleep_for(x); }\n")
        self.expect_clean("todo")

    def test_dead_files(self):
        self.plant("core/b_test.cc", "\n")
        self.expect("dead_files", "core/b_test.cc")
        self.plant("core/CMakeLists.txt", CLEAN["core/CMakeLists.txt"] + "# SRCS b_test.cc\n")
        self.expect("dead_files", "core/b_test.cc")
        self.plant("core/CMakeLists.txt", CLEAN["core/CMakeLists.txt"]
                   + "netstackd_test(b LABEL unit SRCS b_test.cc)\n")
        self.expect_clean("dead_files")
        self.plant("CMakeLists.txt", "# add_subdirectory(core)\n")
        self.expect("dead_files", "core/b_test.cc", "commented-out", "does not reach")

    def test_words(self):
        self.plant("core/b.h", "class PluginRegistry;\n")
        self.expect("words", "PluginRegistry", "module")
        self.plant("core/b.h", "int nic_count;\n")
        self.expect("words", "nic_count")
        self.plant("core/b.h", "class Netstack;  // a unicode picnic; the call stack\n")
        self.expect_clean("words")
        self.plant("docs/b.md", "see /" "home/somebody/tree\n")
        self.expect("words", "docs/b.md:1", "one machine")

    def test_links(self):
        self.plant("docs/b.md", "\n[a](../core/none.h)\n")
        self.expect("links", "docs/b.md:2", "core/none.h")
        self.plant("docs/b.md", "[a](../README.md#nothing)\n")
        self.expect("links", "no such heading")
        self.plant("docs/b.md", "[a](../README.md#a-title) [b](https://example.org/x)\n")
        self.expect_clean("links")

    def test_format(self):
        shutil.copy(ROOT / ".clang-format", self.root)
        self.plant("core/b.cc", "int  F( ){return 1;}\n")
        self.expect("format", "core/b.cc:1")
        self.plant("core/b.cc", "int F() { return 1; }\n")
        self.expect_clean("format")

    def test_guards(self):
        self.plant("core/b.h", "#pragma once\n")
        self.expect("guards", "NETSTACKD_CORE_B_H_", "use an include guard")
        self.plant("core/b.h", CLEAN["core/a.h"].replace("_A_", "_B_"))
        self.expect_clean("guards")
        self.plant("core/b.cc", '#include <map>\n#include "core/b.h"\n')
        self.expect("guards", "comes first")
        self.plant("core/b.cc", '#include "core/b.h"\n#include "../base/error.h"\n')
        self.expect("guards", "path from the root")

    def test_reasons(self):
        self.plant("base/error_reasons.inc", "\n")
        self.expect("reasons", "missing")
        self.plant("tools/gen_reasons.py", "import sys\nsys.exit('docs/errors.md is stale')\n")
        self.expect("reasons", "docs/errors.md is stale")

    def test_shell(self):
        self.plant("tools/b.sh", "if true; then\n")
        self.expect("shell", "tools/b.sh")
        self.plant("tools/b.sh", "#!/usr/bin/env bash\n")
        self.expect("shell", "may not be executed")


class FunctionsTest(unittest.TestCase):
    def test_only_functions_are_functions(self):
        code = ("namespace a {\n"
                "struct S {\n  int x = 1;\n  S() : y_{1}, z_(2) {\n    F();\n  }\n};\n"
                "constexpr Row kRows[] = {\n    {1, 2},\n    {G(3), 4},\n};\n"
                "template <typename T>\nstd::vector<T> H(const T& t) const {\n"
                "  if (t) {\n    return {t};\n  }\n  return I([&] {\n    J();\n  });\n}\n"
                "bool operator==(A a, B b) { return a.x == b.x; }\n"
                "}  \n")
        self.assertEqual(functions(code), [("S", 4, 6), ("H", 13, 20), ("operator==", 21, 21)])


class CommitMessageTest(unittest.TestCase):
    def fault(self, message: str) -> str:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(message)
            file.flush()
            run = subprocess.run([sys.executable, str(ROOT / "tools/commit-msg"), file.name],
                                 capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 1 if run.stderr else 0)
        return run.stderr

    def test_good(self):
        self.assertEqual(self.fault("core/ipmp: spread by count\n\nWhy it is so.\n# comment\n"), "")

    def test_bad(self):
        self.assertIn("area", self.fault("Spread by count\n\nWhy.\n"))
        self.assertIn("full stop", self.fault("core: spread.\n\nWhy.\n"))
        self.assertIn("body is missing", self.fault("core: spread\n# comment\n"))
        self.assertIn("empty line", self.fault("core: spread\nWhy.\n"))
        self.assertIn("73 columns", self.fault("core: " + "x" * 65 + " y\n\nWhy.\n"))


class DevTest(unittest.TestCase):
    """./dev answers without building anything."""

    def dev(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([str(ROOT / "dev"), *arguments], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False)

    def test_every_command_has_help(self):
        overview = self.dev()
        self.assertEqual(overview.returncode, 0)
        commands = re.findall(r"^  ([a-z]+)  ", overview.stdout, re.MULTILINE)
        self.assertEqual(sorted(commands),
                         ["bench", "build", "demo", "deps", "fmt", "fuzz", "lint", "soak",
                          "test", "vectors"])
        for command in commands:
            run = self.dev(command, "--help")
            self.assertEqual(run.returncode, 0, command)
            self.assertTrue(run.stdout.startswith(f"usage: ./dev {command}"), run.stdout)

    def test_what_does_not_exist_is_refused(self):
        for arguments in (["frobnicate"], ["test", "--frobnicate"], ["test", "--preset", "none"],
                          ["fmt", "x"], ["lint", "x"]):
            run = self.dev(*arguments)
            self.assertEqual(run.returncode, 2, arguments)
            self.assertIn(arguments[-1], run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
