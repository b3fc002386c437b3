"""A PostgreSQL cluster that lives as long as the comparison."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from .problem import Problem

SUPERUSER = "postgres"
SHARED_BUFFERS_MAX_MIB = 2048
CONNECTIONS_MIN = 100
CONNECTIONS_RESERVED = 10  # for psql and autovacuum beside the clients
START_SECONDS = 60
INTERRUPT_SECONDS = 30


def settings_for(memory_mib, clients_max):
    """As an expert would set up a server for throughput; durability stays as it is by default."""
    return {
        "listen_addresses": "''",
        "max_connections": max(CONNECTIONS_MIN, clients_max + CONNECTIONS_RESERVED),
        "shared_buffers": f"{min(memory_mib // 4, SHARED_BUFFERS_MAX_MIB)}MB",
        "effective_cache_size": f"{memory_mib // 2}MB",
        "wal_buffers": "64MB",
        "max_wal_size": "4GB",
        "min_wal_size": "2GB",  # written log files are used again, not made anew
        "checkpoint_timeout": "15min",
        "jit": "off",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
    }


def interrupt(process):
    """As Ctrl-C does, so that it takes along what it has started."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(INTERRUPT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


class Cluster:
    """To be used in a `with`: made and started on entering, stopped and removed on leaving."""

    def __init__(self, programs, folder, settings):
        self.programs = programs
        self.folder = folder  # must exist; everybody may enter it
        self.settings = settings
        # The server refuses to run as root.
        self.owner = SUPERUSER if os.geteuid() == 0 else None
        self.data = folder / "postgres"
        self.sockets = None
        self.is_started = False

    def __enter__(self):
        try:
            self._make_folders()
            self._start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, *_):
        self._remove()

    def run(self, program, *arguments, stdin="", timeout=None):
        """Output of one of PostgreSQL's programs, connected to this cluster."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        environment.update(PGHOST=str(self.sockets), PGUSER=SUPERUSER, PGDATABASE="postgres",
                           LC_ALL="C")
        command = [self.programs / program, *map(str, arguments)]
        # Files, since the server that pg_ctl starts would hold a pipe open.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=err, text=True,
                                  cwd=self.data, env=environment, **self._as_owner()) as process:
                try:
                    process.communicate(stdin, timeout)
                except BaseException:
                    interrupt(process)
                    raise
            out.seek(0)
            err.seek(0)
            if process.returncode != 0:
                raise Problem(f"{program} ended with {process.returncode}: " +
                              (err.read() or out.read()).strip()[-2000:])
            return out.read()

    def sql(self, text, **variables):
        """Runs SQL; returns what it selects, without headings."""
        named = [x for name, value in variables.items() for x in ("-v", f"{name}={value}")]
        return self.run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *named, "-f", "-",
                        stdin=text)

    def reset(self, **settings):
        """Changes settings that need no restart."""
        for name, value in settings.items():
            self.sql(f"ALTER SYSTEM SET {name} = '{value}'")
        self.sql("SELECT pg_reload_conf()")

    def give(self, path):
        """Makes the file or folder the server's."""
        if self.owner:
            shutil.chown(path, self.owner, self.owner)

    def _as_owner(self):
        if not self.owner:
            return {}
        return {"user": self.owner, "group": pwd.getpwnam(self.owner).pw_gid, "extra_groups": []}

    def _make_folders(self):
        if self.owner:
            try:
                pwd.getpwnam(self.owner)
            except KeyError:
                raise Problem(f"there is no user {self.owner}, and the server must not run as root:"
                              f" run this as another user, or make one: useradd --system "
                              f"{self.owner}") from None
        # A socket's path has about 100 characters at most, so it may not fit into the folder.
        self.sockets = Path(tempfile.mkdtemp(prefix="compare-postgres-"))
        self.data.mkdir(mode=0o700)
        for path in (self.sockets, self.data):
            self.give(path)
        reached = subprocess.run(["test", "-w", self.data], check=False, **self._as_owner())
        if reached.returncode != 0:
            raise Problem(f"the user {self.owner} cannot enter {self.folder}: name a folder whose "
                          "parents everybody may enter, such as --folder /var/tmp")

    def _start(self):
        cluster = self.data / "cluster"
        self.run("initdb", "-D", cluster, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8",
                 "--locale=C", "--no-instructions")
        lines = [f"{name} = {value}\n" for name, value in self.settings.items()]
        lines.append(f"unix_socket_directories = '{self.sockets}'\n")
        with open(cluster / "postgresql.conf", "a", encoding="utf-8") as file:
            file.writelines(lines)
        log = self.data / "log"
        self.is_started = True
        try:
            self.run("pg_ctl", "start", "-w", "-t", START_SECONDS, "-D", cluster, "-l", log)
        except Problem as problem:
            said = log.read_text()[-2000:] if log.exists() else ""
            raise Problem(f"PostgreSQL does not start: {problem}\n{said}".rstrip()) from None

    def _remove(self):
        cluster = self.data / "cluster"
        if self.is_started and (cluster / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", cluster)
        for path in (self.data, self.sockets):
            if path:
                shutil.rmtree(path, ignore_errors=True)
