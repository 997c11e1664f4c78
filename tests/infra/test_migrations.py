"""A database is brought to what this build needs, once, and to nothing else."""

import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import msgspec
import pytest
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from pace import limit
from sqlalchemy import inspect, select, text

from infra import tables
from infra.database import Database
from infra.migrate import MIGRATIONS, at_head, head, migrate
from infra.recorder import LogRecorder
from infra.requests import Outcome, Written
from projections.engine import generations

ROOT = Path(__file__).parents[2]


@pytest.fixture
def wanted(database: Database) -> Mapping[str, Any]:
    """What the code says the tables are, made from it and swept away again."""
    with database.write() as connection:
        tables.metadata.create_all(connection)
        found = described(connection)
        tables.metadata.drop_all(connection)
    return found


def described(connection: Any) -> dict[str, Any]:
    look = inspect(connection)
    names = [name for name in look.get_table_names() if name.startswith("log_")]
    found: dict[str, Any] = {
        name: (
            [(c["name"], repr(c["type"]), c["nullable"], c["default"]) for c in columns],
            look.get_pk_constraint(name)["constrained_columns"],
            [(i["name"], i["column_names"], i["unique"]) for i in look.get_indexes(name)],
        )
        for name in names
        for columns in [look.get_columns(name)]
    }
    if connection.dialect.name == "postgresql":
        keys = text("SELECT partrelid::regclass::text, partstrat FROM pg_partitioned_table")
        found["partitioned"] = [tuple(row) for row in connection.execute(keys)]
    return found


def test_revisions_follow_each_other_in_the_order_of_their_files() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert [head()] == script.get_heads()
    revisions = [one.revision for one in script.walk_revisions()]
    assert revisions == sorted(revisions, reverse=True)
    names = {Path(one.path).name.partition("_")[0] for one in script.walk_revisions()}
    assert names == set(revisions)


def test_an_empty_database_gets_the_tables_that_the_code_describes(
    wanted: Mapping[str, Any], database: Database
) -> None:
    assert not at_head(database)
    migrate(database)
    assert at_head(database)
    with database.read() as connection:
        assert described(connection) == wanted
    assert set(wanted) >= set(tables.metadata.tables)


def test_a_log_can_be_founded_and_written_afterwards(database: Database) -> None:
    migrate(database)
    recorder = LogRecorder(database)
    with database.write() as connection:
        recorder.found(connection)
        recorder.found(connection)
        assert recorder.lock(connection).position == 0


def test_twice_is_as_good_as_once(database: Database) -> None:
    migrate(database)
    with database.read() as connection:
        before = described(connection)
    migrate(database)
    with database.read() as connection:
        assert described(connection) == before


def test_several_processes_at_once_do_it_once(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    program = f"""
from infra.database import Database
from infra.migrate import at_head, migrate
database = Database({url!r})
print("ready", flush=True)
input()
migrate(database)
assert at_head(database)
"""
    crowd = [start(program) for _ in range(2)]
    for process in crowd:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in crowd:  # both have started: now
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    for process in crowd:
        process.communicate(timeout=limit(60))
    assert [process.returncode for process in crowd] == [0, 0]
    assert at_head(database)


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """The first to come turns it to its write-ahead log, and those who meet it then wait."""

    def open_it(number: int) -> int:
        opened.wait(limit(10))
        database = Database(f"sqlite:///{tmp_path / str(number // 4)}")
        with database.read() as connection:
            connection.execute(text("SELECT 1"))
        database.close()
        return number

    opened = Barrier(4)
    with ThreadPoolExecutor(4) as crowd:
        assert list(crowd.map(open_it, range(200))) == list(range(200))


def start(program: str) -> subprocess.Popen[str]:
    command, pipe = [sys.executable, "-c", program], subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


def test_a_migration_that_fails_leaves_nothing(database: Database) -> None:
    with database.write() as connection:  # in the way of the last table
        connection.execute(text("CREATE TABLE log_snapshots (x INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        migrate(database)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["log_snapshots"]
    assert not at_head(database)


def test_a_database_of_a_newer_build_is_left_alone(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not at_head(database)
    with pytest.raises(CommandError, match="9999"):
        migrate(database)


@pytest.mark.parametrize("key", ["board, subject, currency, day", ""])
def test_totals_that_were_kept_by_day_are_added_up(database: Database, key: str) -> None:
    """Finished or half-made; all else stays as it was."""
    migrate(database)
    names = "board TEXT NOT NULL, subject TEXT NOT NULL, currency TEXT NOT NULL"
    older = f"{names}, day BIGINT NOT NULL, amount BIGINT NOT NULL, points BIGINT NOT NULL"
    primary = f", PRIMARY KEY ({key})" if key else ""
    with database.write() as connection:
        for statement in (
            f"CREATE TABLE rankings_7_totals ({older}{primary})",
            "INSERT INTO rankings_7_totals VALUES ('reps', 'li', 'CNY', 3, 9223372036854775000, 1),"
            " ('reps', 'li', 'CNY', 4, 807, -1), ('reps', 'li', 'USD', 4, 3, 0)",
            "CREATE TABLE plan_1_totals (day BIGINT NOT NULL)",
            "UPDATE alembic_version SET version_num = '0002'",
        ):
            connection.execute(text(statement))
    migrate(database)
    with database.read() as connection:
        look = inspect(connection)
        rows = connection.execute(text("SELECT * FROM rankings_7_totals ORDER BY currency")).all()
        assert [tuple(row) for row in rows] == [
            ("reps", "li", "CNY", 2**63 - 1, 0),
            ("reps", "li", "USD", 3, 0),
        ]
        made = look.get_pk_constraint("rankings_7_totals")
        assert made["constrained_columns"] == (["board", "subject", "currency"] if key else [])
        assert look.get_columns("plan_1_totals")[0]["name"] == "day"
        assert not look.has_table("rankings_7_totals_sums")
        if key and not database.sqlite:
            assert made["name"] == "rankings_7_totals_pkey"


def test_views_of_an_older_build_learn_to_count_what_they_let_go(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        older = (
            "CREATE TABLE view_live (view TEXT PRIMARY KEY, generation INTEGER, previous INTEGER)"
        )
        for statement in (
            older,
            "INSERT INTO view_live VALUES ('funnel', 3, 2)",
            "UPDATE alembic_version SET version_num = '0001'",
        ):
            connection.execute(text(statement))
    for _ in range(2):
        migrate(database)
    with database.write() as connection:  # again, where the column is there
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    migrate(database)
    with database.read() as connection:
        assert generations.answering(connection, "funnel") == (3, 0)


def test_refusals_that_older_builds_kept_under_their_keys_are_let_go(database: Database) -> None:
    migrate(database)
    written = Written(3, "rep-li", 1, "RepHired")
    tricky = 'no ,"events":[ here'
    outcomes = {
        "done": Outcome(3, "rep-li", 1, (written,)),
        "nothing new": Outcome(3, "rep-li", 1),
        "recorded": Outcome(3, "rep-li", 1, (written,), "RedemptionRefused"),
        "forbidden": Outcome(3, "rep-li", 0, (), "Unknown", tricky, "没有"),
        "older": Outcome(3, "rep-li", 0, (), "Unknown", "There is none."),
        "quoting": Outcome(3, ',"refusal":"x', 0),
    }
    rows = [
        {"key": key, "content": b"c", "outcome": msgspec.json.encode(outcome), "recorded_at": 1}
        for key, outcome in outcomes.items()
    ]
    with database.write() as connection:
        connection.execute(tables.keys.insert(), rows)
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    migrate(database)
    with database.read() as connection:
        left = set(connection.execute(select(tables.keys.c.key)).scalars())
    assert left == {"done", "nothing new", "recorded", "quoting"}
