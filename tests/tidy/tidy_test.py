"""tidy.py finds what is wrong in a bad tree, and nothing in a good one."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tidy

HEADER = "#pragma once\n"
GOOD = {
    "messages/CMakeLists.txt": "skald_layer(messages)\n",
    "messages/address.hpp": HEADER,
    "messages/address.cpp": '#include "messages/address.hpp"\n\n#include <caf/fwd.hpp>\n',
    "persistence/CMakeLists.txt": "skald_layer(persistence)\n",
    "persistence/lmdb_log.cpp": '#include "messages/address.hpp"\n\n#include <lmdb.h>\n',
    "tests/persistence/CMakeLists.txt": "skald_tests(persistence)\n",
    "tests/persistence/log.test.cpp": "#include <caf/fwd.hpp>\n#include <lmdb.h>\n",
}


class Tidy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write(GOOD)

    def write(self, files):
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def assert_finds(self, path, line, part):
        """Exactly one thing is wrong, and it is this."""
        found = tidy.findings(self.root)
        self.assertEqual(len(found), 1, found)
        self.assertEqual(found[0][:2], (path, line))
        self.assertIn(part, found[0][2])

    def test_a_good_tree_passes(self):
        self.assertEqual(tidy.findings(self.root), [])

    def test_an_include_of_a_layer_above_is_found(self):
        self.write({
            "actors/CMakeLists.txt": "skald_layer(actors)\n",
            "actors/turn.hpp": HEADER,
            "actors/turn.cpp": '#include "actors/turn.hpp"\n',
            "persistence/record.cpp": '\n#include "actors/turn.hpp"\n',
        })
        self.assert_finds("persistence/record.cpp", 2, "must not include actors/turn.hpp")

    def test_an_include_of_a_layer_above_in_angle_brackets_is_found(self):
        self.write({"messages/time.cpp": "#include <persistence/journal.hpp>\n"})
        self.assert_finds("messages/time.cpp", 1, "must not include persistence/journal.hpp")

    def test_a_benchmark_that_is_not_built_is_found(self):
        self.write({
            "benchmarks/CMakeLists.txt": "add_executable(benchmarks append.bench.cpp)\n",
            "benchmarks/codec.bench.cpp": "\n",
        })
        self.assert_finds("benchmarks/codec.bench.cpp", 1, "no CMakeLists.txt builds")
        self.write({"benchmarks/CMakeLists.txt": "file(GLOB sources /*.bench.cpp)\n"})
        self.assertEqual(tidy.findings(self.root), [])

    def test_an_include_of_a_test_is_found(self):
        self.write({
            "tests/persistence/sample.hpp": HEADER,
            "persistence/record.cpp": '#include "tests/persistence/sample.hpp"\n',
        })
        self.assert_finds("persistence/record.cpp", 1, "must not include tests/")

    def test_a_detour_around_the_arrow_is_found(self):
        self.write({"messages/time.cpp": '#include "../actors/turn.hpp"\n'})
        self.assert_finds("messages/time.cpp", 1, "no file of this tree")

    def test_caf_in_persistence_is_found(self):
        self.write({"persistence/record.cpp": "#include <caf/actor.hpp>\n"})
        self.assert_finds("persistence/record.cpp", 1, "must not know CAF")

    def test_lmdb_outside_its_files_is_found(self):
        self.write({"persistence/record.cpp": "#include <lmdb.h>\n"})
        self.assert_finds("persistence/record.cpp", 1, "lmdb.h belongs in")

    def test_lmdb_in_a_layer_that_has_no_business_with_it_is_found(self):
        self.write({"messages/lmdb_time.cpp": "#include <lmdb.h>\n"})
        self.assert_finds("messages/lmdb_time.cpp", 1, "lmdb.h belongs in")

    def test_a_header_that_its_source_does_not_include_first_is_found(self):
        self.write({"messages/address.cpp": '\n#include <a>\n#include "messages/address.hpp"\n'})
        self.assert_finds("messages/address.cpp", 2, "has to be the first include")

    def test_a_long_line_is_found(self):
        self.write({"messages/time.cpp": "// " + "x" * 97 + "\n// " + "x" * 98 + "\n"})
        self.assert_finds("messages/time.cpp", 2, "101 columns")

    def test_columns_are_counted_in_characters(self):
        self.write({"messages/time.cpp": "// " + "→" * 97 + "\n"})
        self.assertEqual(tidy.findings(self.root), [])

    def test_a_long_file_is_found(self):
        self.write({"messages/time.cpp": "//\n" * 450})
        self.assert_finds("messages/time.cpp", 450, "split the file")

    def test_white_space_at_the_end_is_found(self):
        self.write({"messages/time.cpp": "int x; \n"})
        self.assert_finds("messages/time.cpp", 1, "white space")

    def test_a_missing_line_break_at_the_end_is_found(self):
        self.write({"messages/time.cpp": "int x;"})
        self.assert_finds("messages/time.cpp", 1, "ends with one line break")

    def test_a_header_without_pragma_once_is_found(self):
        self.write({
            "messages/time.hpp": "// empty\n",
            "messages/clock.cpp": '#include "messages/time.hpp"\n',
        })
        self.assert_finds("messages/time.hpp", 1, "#pragma once")

    def test_unfinished_work_is_found(self):
        for word in ("TO" "DO", "FIX" "ME", "X" "XX"):
            with self.subTest(word):
                self.write({"messages/time.cpp": f"int x; // {word}: more\n"})
                self.assert_finds("messages/time.cpp", 1, word)

    def test_a_test_that_waits_is_found(self):
        for call in ("std::this_thread::sl" "eep_for(1s);", "usl" "eep(5);", "time.sl" "eep(1)"):
            with self.subTest(call):
                self.write({"tests/persistence/log.test.cpp": call + "\n"})
                self.assert_finds("tests/persistence/log.test.cpp", 1, "must not call")

    def test_a_source_that_is_in_no_target_is_found(self):
        self.write({"tests/persistence/helper.cpp": "int x;\n"})
        self.assert_finds("tests/persistence/helper.cpp", 1, "no CMakeLists.txt builds")

    def test_a_source_that_is_named_in_a_target_passes(self):
        self.write({
            "tests/persistence/helper.cpp": "int x;\n",
            "tests/persistence/CMakeLists.txt": "skald_tests(persistence helper.cpp)\n",
        })
        self.assertEqual(tidy.findings(self.root), [])

    def test_a_header_that_nobody_uses_is_found(self):
        self.write({
            "messages/time.hpp": HEADER,
            "messages/time.cpp": '#include "messages/time.hpp"\n',
        })
        self.assert_finds("messages/time.hpp", 1, "nothing includes this header")

    def test_a_broken_link_is_found(self):
        self.write({"README.md": "[there](messages/address.hpp#x) [gone](docs/gone.md)\n"})
        self.assert_finds("README.md", 1, "docs/gone.md is not there")

    def test_a_script_that_cannot_be_run_is_found(self):
        self.write({"scripts/go": "#!/usr/bin/env bash\n"})
        self.assert_finds("scripts/go", 1, "not executable")

    def test_a_script_that_bash_cannot_read_is_found(self):
        self.write({"scripts/go": "#!/usr/bin/env bash\nif true\n"})
        (self.root / "scripts/go").chmod(0o755)
        self.assert_finds("scripts/go", 1, "bash cannot read it")

    def test_the_program_names_file_and_line_and_fails(self):
        self.write({"messages/time.cpp": "\n#include <apps/bank/money.hpp>\n"})
        done = subprocess.run([sys.executable, "-B", tidy.__file__, str(self.root)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout,
                         "messages/time.cpp:2: messages/ must not include apps/bank/money.hpp\n")


if __name__ == "__main__":
    unittest.main()
