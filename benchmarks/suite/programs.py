"""The programs that are measured, and those that measure them."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build" / "bench"

# What is optional, and the Debian package that has it.
PACKAGES = {"gnuplot": "gnuplot-nox", "valgrind": "valgrind"}


class Failure(Exception):
    """Something that the person can mend."""


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def need(program, what_for):
    if shutil.which(program) is None:
        raise Failure(f"{what_for} needs {program}, which is not installed; "
                      f"install it with: apt-get install {PACKAGES[program]}")


class Programs:
    """Where the programs of a build are."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.skald = self.find("apps/skald/skald")

    @property
    def benchmarks(self):
        return self.find("benchmarks/skald_benchmarks")

    @property
    def allocations(self):
        return self.find("benchmarks/transfer_allocations")

    def find(self, path):
        found = self.folder / path
        if not found.exists():
            raise Failure(f"{found} is not there; build it with: cmake {self.folder} "
                          f"-DSKALD_BENCHMARKS=ON && cmake --build {self.folder} "
                          "--target bench_programs")
        return found


def build():
    """Builds what is not up to date and returns where it is."""
    say("building")
    command = [ROOT / "scripts" / "build", "release", "bench_programs", "-DSKALD_BENCHMARKS=ON"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        sys.stderr.buffer.write(done.stdout)
        raise Failure("the release does not build; what the compiler says stands above")
    return Programs(ROOT / "build" / "release")


def run(command, folder, timeout_s=3600):
    """Runs `command` in `folder` and returns what it prints."""
    words = [str(each) for each in command]
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False,
                              timeout=timeout_s)
    except subprocess.TimeoutExpired as late:
        raise Failure(f"`{' '.join(words)}` has not ended after {timeout_s} s") from late
    if done.returncode != 0:
        raise Failure(f"`{' '.join(words)}` has ended with {done.returncode}:\n"
                      + (done.stderr or done.stdout).strip())
    return done.stdout


def json_of(command, folder, timeout_s=3600):
    text = run(command, folder, timeout_s)
    try:
        return json.loads(text)
    except json.JSONDecodeError as wrong:
        raise Failure(f"`{' '.join(map(str, command))}` has printed no JSON: {wrong}") from wrong


def scratch():
    """An empty folder on the disk that is measured: that of the checkout."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="scratch-", dir=RESULTS)
