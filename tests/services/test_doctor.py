"""The doctor names what is wrong and what to do, and changes nothing."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pace import limit
from pydantic import SecretStr
from sqlalchemy import insert, text

from aggregates import calendar
from commands.inventory.stock import ReceiveStock
from infra import tables
from infra.clock import SystemClock
from infra.keys import Keys
from infra.settings import Settings
from projections.engine import progress, rollup_failures
from services import bootstrap
from services.api.metrics import Standing
from services.api.status import system_status
from services.bootstrap import Platform
from services.commandline import checks
from services.commandline.checks import CheckFinding, CheckResult, ok
from services.commandline.doctor import CHECKS, Check, examine
from services.processes import parking
from services.workers.apply import Applier
from services.workers.follow import Follower

Look = Callable[..., tuple[int, dict[str, dict[str, Any]], str]]


@pytest.fixture
def look(run: Callable[..., tuple[int, list[Any], str]]) -> Look:
    """`distributary doctor` with settings: its code, its rows by check, and stderr."""

    def look(**settings: str) -> tuple[int, dict[str, dict[str, Any]], str]:
        code, rows, told = run("doctor", "--json", **settings)
        return code, {row["check"]: row for row in rows}, told

    return look


@pytest.fixture
def platform(prepared_url: str) -> Iterator[Platform]:
    """A platform that is well, once on each kind of database."""
    made = bootstrap.platform(Settings(database_url=SecretStr(prepared_url)))
    Keys(made.database).new("tester")
    yield made
    made.close()


def found(platform: Platform) -> dict[str, CheckFinding]:
    return dict(examine(platform, CHECKS))


def test_a_platform_that_is_well_ends_with_0(look: Look, platform: Platform) -> None:
    code, rows, _ = look(DATABASE_URL=platform.settings.database)
    del rows["memory"]  # a server that somebody gave may be as it comes
    assert rows.pop("role")["result"] == ("ok" if platform.database.sqlite else "warn")  # the owner
    assert {row["result"] for row in rows.values()} == {"ok"}, rows
    assert code == 0
    assert platform.settings.database.count("password") == str(rows).count("password")


def test_a_postgresql_with_hardly_any_memory_is_told_of(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "BUFFERS", 1)
    assert found(platform)["memory"].result is CheckResult.OK
    monkeypatch.setattr(checks, "BUFFERS", 1 << 60)
    told = found(platform)["memory"]
    assert (told.result is CheckResult.OK) is platform.database.sqlite
    assert platform.database.sqlite or "shared_buffers" in told.found


def test_a_database_that_does_not_answer_is_named(look: Look) -> None:
    code, rows, told = look(DATABASE_URL="postgresql+psycopg2://x:secret@127.0.0.1:1/x")
    assert (code, rows["database"]["result"]) == (1, "fail")
    assert "refused" in rows["database"]["found"]
    assert "DISTRIBUTARY_DATABASE_URL" in rows["database"]["do"]
    assert (rows["tables"]["found"], rows["tables"]["do"]) == (
        "not looked at",
        "first mend: database",
    )
    assert "database" in told
    assert "secret" not in str(rows)


def test_a_database_that_is_not_there_is_not_made(look: Look, tmp_path: Path) -> None:
    code, rows, _ = look()
    assert (code, rows["database"]["result"]) == (1, "fail")
    assert "distributary migrate" in rows["database"]["do"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "99999", "DISTRIBUTARY_PORT"),
        ("DATABASE_URL", "no address", "no address"),
        ("DATA", "/proc/nowhere", "/proc/nowhere"),
    ],
)
def test_settings_that_cannot_be_used_are_all_that_is_looked_at(
    look: Look, name: str, value: str, said: str
) -> None:
    code, rows, _ = look(**{name: value})
    assert (code, list(rows)) == (1, ["settings"])
    assert said in rows["settings"]["found"]


def test_tables_of_another_build_are_named(platform: Platform) -> None:
    with platform.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    rows = found(platform)
    assert rows["tables"].result is CheckResult.FAIL
    assert "distributary migrate" in rows["tables"].do
    assert rows["views"].found == "not looked at"


def test_a_log_that_was_never_founded_is_named(platform: Platform) -> None:
    other = bootstrap.platform(platform.settings.model_copy(update={"log": "other"}))
    rows = found(other)
    other.close()
    assert (rows["tables"].result, "migrate" in rows["tables"].do) == (CheckResult.FAIL, True)


class OffClock(SystemClock):
    def __init__(self, seconds: float) -> None:
        self.off = int(seconds * 1_000_000)

    def now(self) -> int:
        return super().now() + self.off


@pytest.mark.parametrize(
    ("seconds", "result"),
    [(0, "ok"), (5, "warn"), (-5, "warn"), (60, "fail"), (-60, "fail")],
)
def test_a_clock_that_is_off_is_noticed(postgres_url: str, seconds: int, result: str) -> None:
    made = bootstrap.platform(Settings(database_url=SecretStr(postgres_url)))
    made.database.clock = OffClock(seconds)
    seen = checks.clock(made)
    made.close()
    assert seen.result == result
    assert not seconds or f"{abs(seconds)}.0 s off" in seen.found or "NTP" in seen.do


def test_without_a_key_nobody_can_use_the_api(platform: Platform) -> None:
    Keys(platform.database).revoke("tester")
    rows = found(platform)
    assert rows["API keys"].result is CheckResult.FAIL
    assert "distributary key new" in rows["API keys"].do


class Usage(NamedTuple):
    free: int


@pytest.mark.parametrize(
    ("free", "result"), [(999_999_999, "warn"), (199_999_999, "fail"), (10**9, "ok")]
)
def test_a_disk_that_fills_is_noticed(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, result: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(free))
    _, rows, _ = look()
    assert rows["disk"]["result"] == result
    assert str(tmp_path) in rows["disk"]["found"]


def test_views_that_stand_still_and_parked_streams_are_warnings(
    look: Look, platform: Platform
) -> None:
    row = {"log": "main", "stream": "rep-li", "type": "X", "parked_at": 1, "position": 1}
    with platform.database.write() as connection:
        for generation, error in ((1, "cannot be read"), (2, "is old")):
            where = {"view": "funnel", "generation": generation, "error": error}
            connection.execute(insert(progress.parked).values(**where, **row))
        head = {"log": "main", "position": 1}
        connection.execute(text("UPDATE log_head SET position = :position WHERE log = :log"), head)
        _late(connection)
    code, rows, _ = look(DATABASE_URL=platform.settings.database)
    assert (code, rows["views"]["result"], rows["parked"]["result"]) == (0, "warn", "warn")
    assert "1; first rep-li in funnel: cannot be read" in rows["parked"]["found"]
    assert "projector" in rows["views"]["do"]


def test_a_stream_that_is_parked_for_a_process_is_a_warning(look: Look, platform: Platform) -> None:
    row = {"process": "backorders", "log": "main", "position": 1, "stream": "stock-WH:tea"}
    with platform.database.write() as connection:
        parking.park(connection, [{**row, "type": "X", "error": "no", "parked_at": 1}])
    _, rows, _ = look(DATABASE_URL=platform.settings.database)
    assert rows["parked"]["result"] == "warn"
    assert "1; first stock-WH:tea in backorders: no" in rows["parked"]["found"]


def _late(connection: Any) -> None:
    """An event of a day ago that no view has taken."""
    day_ago = SystemClock().now() - 86_400_000_000
    names = "id", "type", "actor", "command_id", "correlation_id", "incarnation"
    words = dict.fromkeys(names, "x")
    numbers = {"position": 1, "version": 1, "schema": 1}
    times = {"occurred_at": day_ago, "recorded_at": day_ago}
    data = {"stream": "rep-li", "digest": b"x" * 32, "data": b"{}"}
    connection.execute(insert(tables.events).values(**words, **numbers, **times, **data))


def test_kafka_that_is_not_there_is_named(look: Look, platform: Platform) -> None:
    code, rows, _ = look(DATABASE_URL=platform.settings.database, KAFKA="127.0.0.1:1")
    assert (code, rows["Kafka"]["result"]) == (1, "fail")
    assert "127.0.0.1:1 does not answer" in rows["Kafka"]["found"]
    assert rows["topics"]["found"] == rows["records"]["found"] == "not looked at"
    code, rows, _ = look(KAFKA="nonsense")
    assert "nonsense is no host:port" in rows["Kafka"]["found"]


def test_no_check_is_waited_for_without_end(platform: Platform) -> None:
    free = threading.Event()

    def stuck(_: Platform) -> CheckFinding:
        free.wait(limit(30))
        return ok("at last")

    last = Check("last", lambda _: ok("fine"))
    rows = dict(examine(platform, (Check("stuck", stuck, limit=0.05, do="wake it"), last)))
    free.set()
    assert rows["stuck"] == (CheckResult.FAIL, "no answer in 0 s", "wake it")
    assert rows["last"].result is CheckResult.OK


def test_a_view_by_the_days_of_another_zone_is_told_of_and_nothing_starts(
    run: Callable[..., tuple[int, list[Any], str]], look: Look, platform: Platform
) -> None:
    heard = ReceiveStock(location="W", item="tea", quantity=1, reference="r")
    platform.executor.commit([bootstrap.request(heard, "tester")])
    follower = Follower(Applier(platform.store, platform.views, platform.codec))
    follower.start()
    follower.step()
    try:
        code, rows, _ = look(DATABASE_URL=platform.settings.database, ZONE="Europe/Berlin")
        ill = rows["business days"]
        assert (code, ill["result"]) == (1, "fail")
        assert "Asia/Shanghai" in ill["found"]
        assert re.search(r"`distributary rebuild [a-z_]+`", ill["do"])
        for words in (("work", "project"), ("serve",)):
            code, _, told = run(*words)
            assert (code, "DISTRIBUTARY_ZONE" in told) == (1, True), told
        assert run("rebuild")[0] == 0
        assert look()[1]["business days"]["found"] == "those of Europe/Berlin"
    finally:
        calendar.use(calendar.DEFAULT)


def test_a_zone_that_nobody_knows_is_named(look: Look) -> None:
    code, rows, _ = look(ZONE="Asia/Beijing")
    assert (code, rows["settings"]["result"]) == (1, "fail")
    assert "Asia/Beijing is no time zone" in rows["settings"]["found"]


def test_a_rollup_that_cannot_be_written_is_told_everywhere(platform: Platform) -> None:
    row = rollup_failures.RollupFailure("rankings", 1, "main", "too large\nby far", 1_000_000)
    for other in (row, row._replace(error="again"), row._replace(generation=7)):
        with platform.database.write() as connection:
            rollup_failures.note(connection, other)
    result, said, do = found(platform)["rollups"]
    assert (result, said) == (CheckResult.WARN, "1 cannot be written; first rankings: too large")
    assert "correct the amounts" in do
    (told,) = system_status(platform)["rollup_failures"]
    assert told == {**row._asdict(), "since": "1970-01-01T00:00:01.000000Z"}
    figures = {
        (sample.name, sample.labels["view"]): sample.value
        for metric in Standing(platform).collect()
        for sample in metric.samples
        if sample.name == "distributary_rollup_failures"
    }
    assert figures["distributary_rollup_failures", "rankings"] == 1
    assert figures["distributary_rollup_failures", "funnel"] == 0
