#!/usr/bin/env python3
"""Checks what the compiler does not: the arrow between the layers and the shape of the files.

  tidy.py [ROOT]    prints FILE:LINE: WHAT for all that is wrong and exits 1, or exits 0
"""

import re
import subprocess
import sys
from pathlib import Path

COLUMNS_MAX = 100
LINES_MAX = 450

LAYERS = ["messages", "persistence", "actors", "apps"]  # each may include those before it
SOURCE_FOLDERS = LAYERS + ["tests", "benchmarks"]
FOLDERS = SOURCE_FOLDERS + ["cmake", "scripts", "docs", ".ci"]

# In halves, so that this file passes its own checks.
UNFINISHED = re.compile(r"\b(TO" "DO|FIX" "ME|X" r"XX)\b")
WAITING = re.compile(r"\b(u?sl" r"eep|nanosl" r"eep|sl" r"eep_for|sl" r"eep_until)\s*\(")

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
LINK = re.compile(r"\]\(([^)#\s]+)[^)\s]*\)")


class Source:
    """One text file of the tree."""

    def __init__(self, root, path):
        self.file = path
        self.path = path.relative_to(root).as_posix()
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.split("\n")
        self.parts = self.path.split("/")
        self.layer = self.parts[0] if self.parts[0] in LAYERS else None

    def is_cpp(self):
        return self.path.endswith((".hpp", ".cpp"))

    def is_shell(self):
        return re.match(r"#!.*\bbash\b", self.text) is not None

    def includes(self):
        """(line number, is in quotes, path) of each include."""
        for number, line in enumerate(self.lines, 1):
            found = INCLUDE.match(line)
            if found:
                yield number, found[1] == '"', found[2]


def read_tree(root):
    found = [x for x in root.iterdir() if x.is_file() and x.suffix in (".txt", ".md", ".json")]
    for folder in FOLDERS:
        found += [x for x in (root / folder).rglob("*") if x.is_file()]
    return [Source(root, x) for x in sorted(found) if is_text(x)]


def is_text(path):
    if "__pycache__" in path.parts:
        return False
    if path.suffix in (".hpp", ".cpp", ".py", ".cmake", ".in", ".txt", ".md", ".json"):
        return True
    return path.suffix == "" and path.read_bytes()[:2] == b"#!"


def against_the_arrow(tree):
    """An include of a layer above, of CAF in persistence, of LMDB outside the files about LMDB."""
    for source in tree:
        if source.layer is None:
            continue
        allowed = LAYERS[: LAYERS.index(source.layer) + 1]
        may_know_lmdb = source.layer in ("persistence", "apps")
        about_lmdb = may_know_lmdb and source.parts[-1].startswith("lmdb_")
        for number, _, path in source.includes():
            target = path.split("/")[0]
            if target in SOURCE_FOLDERS and target not in allowed:
                yield source, number, f"{source.layer}/ must not include {path}"
            if source.layer == "persistence" and target == "caf":
                yield source, number, f"persistence/ must not know CAF, but includes {path}"
            if path == "lmdb.h" and not about_lmdb:
                yield source, number, "lmdb.h belongs in persistence/lmdb_* and apps/**/lmdb_*"


def unresolved_includes(tree):
    """An include in quotes that is named neither from the root nor from the file's own folder."""
    paths = {x.path for x in tree}
    for source in filter(Source.is_cpp, tree):
        for number, quoted, path in source.includes():
            if quoted and path not in paths and beside(source, path) not in paths:
                yield source, number, f"{path} is no file of this tree"


def beside(source, path):
    return "/".join(source.parts[:-1] + [path])


def headers_not_first(tree):
    """A .cpp includes its own header first, which shows that the header compiles alone."""
    paths = {x.path for x in tree}
    for source in tree:
        header = source.path[:-4] + ".hpp"
        if source.path.endswith(".cpp") and header in paths:
            number, _, path = next(source.includes(), (1, True, None))
            if header not in (path, beside(source, path)):
                yield source, number, f"{header} has to be the first include"


def shapes(tree):
    """Length of lines and files, white space, #pragma once."""
    for source in tree:
        count = len(source.lines) - 1
        if source.file.suffix in (".hpp", ".cpp", ".py") and count >= LINES_MAX:
            yield source, count, f"{count} lines; split the file before it has {LINES_MAX}"
        if not source.text.endswith("\n") or source.text.endswith("\n\n"):
            yield source, count + 1, "a file ends with one line break"
        if source.path.endswith(".hpp") and "#pragma once" not in source.lines:
            yield source, 1, "the header lacks #pragma once"
        for number, line in enumerate(source.lines, 1):
            if len(line) > COLUMNS_MAX and source.file.suffix not in (".md", ".json"):
                yield source, number, f"{len(line)} columns; {COLUMNS_MAX} is the limit"
            if line != line.rstrip() or "\t" in line:
                yield source, number, "a tab, or white space at the end of the line"


def unfinished(tree):
    for source in tree:
        for number, line in enumerate(source.lines, 1):
            found = UNFINISHED.search(line)
            if found:
                yield source, number, f"{found[0]}: finish it or leave it out"


def waiting_tests(tree):
    """A test that waits for time to pass is slow or flaky, mostly both."""
    for source in tree:
        if source.parts[0] != "tests":
            continue
        for number, line in enumerate(source.lines, 1):
            found = WAITING.search(line)
            if found:
                yield source, number, f"a test must not call {found[1]}"


def dead_files(tree):
    """A .cpp that is in no target, a .hpp that at most its own .cpp includes."""
    by_path = {x.path: x for x in tree}
    users = {}
    for source in filter(Source.is_cpp, tree):
        for _, quoted, path in source.includes():
            target = path if path in by_path else beside(source, path)
            if quoted and target in by_path and target[:-4] != source.path[:-4]:
                users.setdefault(target, []).append(source.path)
    for source in tree:
        if source.path.endswith(".hpp") and source.path not in users:
            yield source, 1, "nothing includes this header but its own .cpp"
        if source.path.endswith(".cpp") and not is_built(source, by_path):
            yield source, 1, "no CMakeLists.txt builds this file"


def is_built(source, by_path):
    lists = by_path.get(beside(source, "CMakeLists.txt"))
    if lists is None:
        return False
    name = source.parts[-1]
    if name.endswith(".test.cpp"):
        return "skald_tests(" in lists.text
    if name.endswith(".bench.cpp"):
        return "/*.bench.cpp" in lists.text
    if "skald_layer(" in lists.text or "/*.cpp" in lists.text:
        return True
    return re.search(rf"\b{re.escape(name[:-4])}\b", lists.text) is not None


def broken_links(tree):
    for source in tree:
        if source.file.suffix != ".md":
            continue
        for number, line in enumerate(source.lines, 1):
            for target in LINK.findall(line):
                if "://" not in target and not (source.file.parent / target).exists():
                    yield source, number, f"{target} is not there"


def scripts(tree):
    for source in filter(Source.is_shell, tree):
        if not source.file.stat().st_mode & 0o100:
            yield source, 1, "the script is not executable"
        parsed = subprocess.run(["bash", "-n", source.file], capture_output=True, text=True,
                                check=False)
        if parsed.returncode != 0:
            yield source, 1, f"bash cannot read it: {parsed.stderr.strip()}"


RULES = [
    against_the_arrow,
    unresolved_includes,
    headers_not_first,
    shapes,
    unfinished,
    waiting_tests,
    dead_files,
    broken_links,
    scripts,
]


def findings(root):
    tree = read_tree(root)
    return sorted({
        (source.path, number, what) for rule in RULES for source, number, what in rule(tree)
    })


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2]).resolve()
    wrong = findings(root)
    for path, number, what in wrong:
        print(f"{path}:{number}: {what}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
