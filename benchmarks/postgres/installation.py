"""PostgreSQL's programs as Debian packages them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .problem import Problem

PROGRAMS = ["initdb", "pg_ctl", "pgbench", "postgres", "psql"]
DEBIAN_FOLDER = Path("/usr/lib/postgresql")
PACKAGE = "postgresql"


def find_programs(debian_folder=DEBIAN_FOLDER):
    """The folder that holds all of PostgreSQL's programs, those of the highest version, or None."""
    versions = [x for x in debian_folder.glob("*") if re.fullmatch(r"\d+", x.name)]
    candidates = [x / "bin" for x in sorted(versions, key=lambda x: -int(x.name))]
    on_path = shutil.which("postgres")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if all(os.access(folder / program, os.X_OK) for program in PROGRAMS):
            return folder
    return None


def find_or_install(say):
    """Like find_programs; what is missing is installed. The package sets up a cluster of its own,
    which this comparison neither uses nor touches."""
    found = find_programs()
    if found:
        return found
    if not shutil.which("apt-get"):
        raise Problem("PostgreSQL is not installed, and there is no apt-get here: install its "
                      "server and pgbench so that `postgres` is on the PATH, and run this again")
    rights = as_root()
    say(f"installing the Debian package {PACKAGE}")
    for step in (["update", "-qq"],
                 ["install", "-y", "-qq", "--no-install-recommends",
                  "-o", "DPkg::Lock::Timeout=300", PACKAGE]):
        command = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *step]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = (done.stderr or done.stdout).strip().splitlines()[-3:]
            raise Problem("PostgreSQL cannot be installed: `" + " ".join(command) + "` said: " +
                          " / ".join(last))
    found = find_programs()
    if not found:
        raise Problem(f"the package {PACKAGE} is installed, but no folder in {DEBIAN_FOLDER}"
                      f" holds all of: {', '.join(PROGRAMS)}")
    return found


def as_root():
    """What to put in front of a command that needs root."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        return ["sudo"]
    raise Problem("PostgreSQL is not installed, installing it needs root, and there is no sudo: "
                  f"have root run `apt-get install {PACKAGE}`, and run this again")


def version_of(programs):
    done = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True,
                          check=True)
    return done.stdout.strip()
