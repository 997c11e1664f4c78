"""What can be wrong with a platform besides Kafka, each looked at by itself, nothing changed."""

import os
import shutil
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from infra.keys import Keys
from infra.migrate import at_head
from projections.engine import rollup_failures
from projections.engine.zones import OtherZone
from services.bootstrap import Platform

SHORT, FULL = 1_000_000_000, 200_000_000
"""Bytes of disk below which to warn, and to fail."""
OFF, FAR_OFF = 1.0, 30.0
"""Seconds between two clocks above which to warn, and to fail."""
LATE = 60.0
MEMORY = {None, "", ":memory:"}
BUFFERS = 256 << 20
"""Bytes of PostgreSQL's own memory below which it has hardly more than it comes with."""


class CheckResult(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class CheckFinding(NamedTuple):
    """How a check ended, what it saw, and what to do about it."""

    result: CheckResult
    found: str
    do: str = ""


def ok(found: str) -> CheckFinding:
    return CheckFinding(CheckResult.OK, found)


def warn(found: str, do: str) -> CheckFinding:
    return CheckFinding(CheckResult.WARN, found, do)


def fail(found: str, do: str) -> CheckFinding:
    return CheckFinding(CheckResult.FAIL, found, do)


Look = Callable[[Platform], CheckFinding]


def disk(platform: Platform) -> CheckFinding:
    """Only where the data lie on this machine: PostgreSQL's disk is its server's affair."""
    folder = _folder(platform)
    if not folder.is_dir():
        if platform.database.sqlite:
            return fail(f"the folder {folder} is missing", "set DISTRIBUTARY_DATA")
        return ok("the data lie in PostgreSQL: look at its server's disk")
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:.1f} GB are free in {folder.absolute()}"
    if free < FULL:
        return fail(found, "make room at once: a full disk takes no command")
    return warn(found, "make room soon") if free < SHORT else ok(found)


def _folder(platform: Platform) -> Path:
    name = platform.database.url.database
    if platform.database.sqlite and name not in MEMORY:
        return Path(str(name)).parent
    return platform.settings.data


def database(platform: Platform) -> CheckFinding:
    url = platform.database.url
    where = url.render_as_string(hide_password=True)
    if platform.database.sqlite and url.database not in MEMORY:
        file = Path(str(url.database))
        if not file.is_file():  # to ask would make an empty one
            return fail(f"there is no file {file}", "run `distributary migrate`")
        if not os.access(file, os.R_OK | os.W_OK):
            return fail(
                f"{file} cannot be read and written", "give its owner's rights to this user"
            )
    with platform.database.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    return ok(f"{where} answers")


def memory(platform: Platform) -> CheckFinding:
    if platform.database.sqlite:
        return ok("SQLite takes what it needs")
    with platform.database.read() as connection:
        query = "SELECT pg_size_bytes(current_setting('shared_buffers'))"
        size = int(connection.exec_driver_sql(query).scalar_one())
    found = f"PostgreSQL has {size >> 20} MB of shared_buffers"
    if size < BUFFERS:
        return warn(found, "give it a quarter of its machine's memory: see docs/operate.md")
    return ok(found)


def tables(platform: Platform) -> CheckFinding:
    if not at_head(platform.database):
        return fail("the tables are not those of this build", "run `distributary migrate`")
    with platform.database.read() as connection:
        head = platform.store.head(connection)
    return ok(f"as this build needs them; log {platform.store.log} ends at {head.position}")


def clock(platform: Platform) -> CheckFinding:
    """The database's clock was read between two looks at ours: it cannot be off by less."""
    if platform.database.sqlite:
        return ok("SQLite goes by this machine's clock")
    ours = platform.database.clock
    with platform.database.read() as connection:
        connection.exec_driver_sql("SELECT 1")  # connecting takes long, and is no difference
        before = ours.now()
        theirs = platform.database.now(connection)
        after = ours.now()
    off = max(before - theirs, theirs - after, 0) / 1_000_000
    found = f"{off:.1f} s off the database's" if off else "agrees with the database's"
    do = "let NTP set the clocks of this machine and of the database's"
    if off > FAR_OFF:
        return fail(found, do)
    return warn(found, do) if off > OFF else ok(found)


def api_keys(platform: Platform) -> CheckFinding:
    now = platform.database.clock.now()
    living = [key for key in Keys(platform.database).every() if key.lives(now)]
    if not living:
        return fail("nobody can use the API", "run `distributary key new NAME`")
    return ok(f"{len(living)} living")


def views(platform: Platform) -> CheckFinding:
    from services.api.status import system_status  # here: no other command should wait for it

    found = system_status(platform)
    lags = {view: how["lag_seconds"] for view, how in found["views"].items()}
    late = [view for view, seconds in lags.items() if seconds > LATE]
    said = ", ".join(f"{view} {seconds:.0f} s late" for view, seconds in lags.items())
    if late:
        return warn(said, "look at the projector: `distributary health project`, and its log")
    return ok(said)


def business_days(platform: Platform) -> CheckFinding:
    """The views' days are those of the zone that the settings name."""
    try:
        platform.check_days()
    except OtherZone as error:
        found, _, do = str(error).partition(": ")
        return fail(found, do.rstrip("."))
    return ok(f"those of {platform.settings.zone}")


def parked(platform: Platform) -> CheckFinding:
    from services.api.status import system_status  # here: no other command should wait for it

    found = system_status(platform)
    now = {(view, how["generation"]) for view, how in found["views"].items()}
    rows = [row for row in found["parked"] if (row["view"], row["generation"]) in now]
    for name, how in found["processes"].items():
        rows += [{"view": name, **row} for row in how["parked"]]
    if not rows:
        return ok("none")
    first = rows[0]
    said = f"{len(rows)}; first {first['stream']} in {first['view']}: {first['error']}"
    do = "see `distributary parked list`; mend what it names, then `distributary parked retry NAME`"
    return warn(said, do)


def deadlines(platform: Platform) -> CheckFinding:
    """Whether what is due is asked."""
    from services.api.status import system_status  # here: no other command should wait for it

    every = system_status(platform)["processes"]
    found = {name: how["deadlines"] for name, how in every.items() if how["deadlines"]}
    said = ", ".join(f"{name} {how['pending']}" for name, how in found.items()) or "none"
    for name, how in found.items():
        if how["held"]:
            what = f"{name} is held ({how['held']}): {how['due']} would be asked at once"
            return warn(
                what,
                "see `distributary deadlines list`; if they are right, run"
                f" `distributary deadlines release {name}`",
            )
        if how["failed"]:
            what = f"{how['failed']} of {name} could not be asked"
            return warn(what, "see `distributary deadlines list`, and mend what it names")
    return ok(f"pending: {said}")


def rollups(platform: Platform) -> CheckFinding:
    """Whether the past is summed up as it goes on."""
    with platform.database.read() as connection:
        rows = rollup_failures.every(connection)
    if not rows:
        return ok("all that are due are written")
    first = rows[0]
    why = first.error.splitlines()[0]
    said = f"{len(rows)} cannot be written; first {first.view}: {why}"
    return warn(said, "correct the amounts that are too large; until then the past reads slower")
