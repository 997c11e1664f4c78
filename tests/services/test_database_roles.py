"""Under PostgreSQL's roles everything works, and nobody but the owner changes an event."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from commands.inventory.stock import ReceiveStock
from infra import tables
from infra.settings import Settings
from services import bootstrap, database_roles
from services.bootstrap import Platform, request
from services.commandline import Failure
from services.commandline.checks import CheckResult
from services.commandline.doctor import CHECKS, examine
from services.commandline.projecting import following
from services.commandline.roles import grant_roles, renew
from services.commandline.security_checks import events_may_change
from services.database_roles import DatabaseRole
from services.workers.rebuild import Rebuild

Run = Callable[..., tuple[int, list[Any], str]]
ROOT = Path(__file__).parents[2]
PASSWORD = "roles of a test"


class Roles:
    """A database with roles of its own, and the platform as each of them sees it."""

    def __init__(self, url: str) -> None:
        self.url, self.prefix = url, f"t{uuid.uuid4().hex[:8]}"
        self.owner = self._platform(url)
        self.owner.prepare()
        self.grant()
        with self.owner.database.write() as connection:
            for role in DatabaseRole:
                connection.execute(text(f"ALTER ROLE {self.named(role)} PASSWORD '{PASSWORD}'"))

    def named(self, role: DatabaseRole) -> str:
        return role.named(self.prefix)

    def grant(self) -> list[str]:
        with self.owner.database.write() as connection:
            return database_roles.grant(connection, self.prefix)

    def address(self, role: DatabaseRole, password: str) -> str:
        url = make_url(self.url).set(username=self.named(role), password=password)
        return url.render_as_string(hide_password=False)

    @contextmanager
    def platform(self, role: DatabaseRole, password: str = PASSWORD) -> Iterator[Platform]:
        made = self._platform(self.address(role, password))
        try:
            yield made
        finally:
            made.close()

    def _platform(self, url: str) -> Platform:
        return bootstrap.platform(Settings(database_url=SecretStr(url)))

    def close(self) -> None:
        with self.owner.database.write() as connection:
            for role in DatabaseRole:
                connection.execute(text(f"DROP OWNED BY {self.named(role)} CASCADE"))
                connection.execute(text(f"DROP ROLE {self.named(role)}"))
        self.owner.close()


@pytest.fixture(scope="module")
def roles(request: pytest.FixtureRequest) -> Iterator[Roles]:
    server = request.getfixturevalue("postgres")
    name = f"roles_{uuid.uuid4().hex[:8]}"
    made = Roles(server.create_database(name))
    yield made
    made.close()
    server.drop_database(name)


def receive(platform: Platform, reference: str) -> None:
    what = {"location": "WH-1", "item": "tea", "quantity": 5, "reference": reference}
    platform.executor.execute(request(ReceiveStock.model_validate(what), "test", reference))


def refusal(platform: Platform, statement: str) -> str:
    with pytest.raises(ProgrammingError) as refused, platform.database.write() as connection:
        connection.execute(text(statement))
    return str(refused.value)


def count(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_the_writer_appends_the_projector_projects_and_the_reader_reads(roles: Roles) -> None:
    with roles.platform(DatabaseRole.WRITER) as writer:
        receive(writer, "R-1")
    with roles.platform(DatabaseRole.PROJECTOR) as projector, following(projector)() as step:
        while step():
            pass
    with roles.platform(DatabaseRole.READER) as reader, reader.database.read() as connection:
        assert count(connection, "stocks_1_versions") == 1
        assert count(connection, "log_events") >= 1


@pytest.mark.parametrize("role", DatabaseRole)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log_events SET actor='somebody else'",
        "DELETE FROM log_events",
        "TRUNCATE log_events",
        "UPDATE log_events_00000 SET actor='somebody else'",
        "DROP TABLE log_events_00000",
        "ALTER TABLE log_events OWNER TO CURRENT_USER",
        "DELETE FROM log_keys",
    ],
)
def test_no_role_can_change_an_event(roles: Roles, role: DatabaseRole, change: str) -> None:
    with roles.platform(role) as platform:
        said = refusal(platform, change)
    assert "permission denied" in said or "must be owner" in said


@pytest.mark.parametrize("role", [DatabaseRole.PROJECTOR, DatabaseRole.READER])
@pytest.mark.parametrize("table", ["passwords", "api_keys", "sessions", "access_log"])
def test_only_the_writer_sees_who_gets_in(roles: Roles, role: DatabaseRole, table: str) -> None:
    with roles.platform(role) as platform:
        assert "permission denied" in refusal(platform, f"SELECT * FROM {table}")


def test_the_reader_writes_nothing(roles: Roles) -> None:
    query = text(
        "SELECT table_name FROM information_schema.role_table_grants"
        " WHERE grantee=:reader AND privilege_type <> 'SELECT'"
    )
    with roles.owner.database.read() as connection:
        found = connection.execute(query, {"reader": roles.named(DatabaseRole.READER)})
        assert not found.all()


def test_every_table_that_there_is_has_its_grants(roles: Roles) -> None:
    with roles.owner.database.read() as connection:
        present = [one.table for one in database_roles._owned(connection)]
        for name in present:
            database_roles.granted(name)
        query = text(
            "SELECT DISTINCT table_name FROM information_schema.role_table_grants"
            " WHERE grantee LIKE :ours"
        )
        given = set(connection.execute(query, {"ours": f"{roles.prefix}%"}).scalars())
    parts = {name for name in present if name.startswith("log_events_")}
    assert set(present) - parts == given - parts
    assert len(present) > 80


def test_a_table_that_is_declared_nowhere_is_refused(roles: Roles) -> None:
    with pytest.raises(database_roles.UngrantedTable, match=r"invoices .* drop it, or move it"):
        database_roles.granted("invoices")


def test_what_a_rebuild_makes_is_read_by_all_and_dropped_by_the_next(roles: Roles) -> None:
    with roles.platform(DatabaseRole.PROJECTOR) as projector:
        view = projector.view("stocks")
        for _ in range(2):
            rebuild = Rebuild(projector.store, projector.codec, view)
            assert rebuild.run(lambda *_: None).switched
            number = rebuild.new
    for role in (DatabaseRole.READER, DatabaseRole.WRITER):
        with roles.platform(role) as platform, platform.database.read() as connection:
            assert count(connection, f"stocks_{number}_versions") >= 0


def test_the_writer_makes_the_next_partition_as_the_owner_would(roles: Roles) -> None:
    with roles.platform(DatabaseRole.WRITER) as writer, writer.database.write() as connection:
        tables.partition(connection, 5 * tables.PARTITION)
    query = text(
        "SELECT pg_get_userbyid(relowner), pg_get_expr(relpartbound, oid) FROM pg_class"
        " WHERE relname IN ('log_events_00000', 'log_events_00006') ORDER BY relname"
    )
    with roles.owner.database.read() as connection:
        (owner, _), (same, bound) = connection.execute(query).all()
        assert owner == same
        first = 6 * tables.PARTITION
        assert bound == f"FOR VALUES FROM ('{first}') TO ('{first + tables.PARTITION}')"
        count(connection, "log_events_00006")


def test_to_grant_again_changes_nothing(roles: Roles) -> None:
    query = text(
        "SELECT relname, relowner, (SELECT array_agg(one::text ORDER BY one::text)"
        " FROM unnest(relacl) one) FROM pg_class WHERE relkind IN ('r', 'p') ORDER BY relname"
    )
    roles.grant()  # other tests made tables since
    with roles.owner.database.read() as connection:
        before = connection.execute(query).all()
    assert roles.grant() == []
    with roles.owner.database.read() as connection:
        assert connection.execute(query).all() == before
        assert database_roles.prefixes(connection) == [roles.prefix]


def test_passwords_of_roles_come_from_a_folder(
    roles: Roles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISTRIBUTARY_DATABASE_URL", roles.url)
    with pytest.raises(Failure, match=rf"none of the roles: write {roles.prefix}_writer, "):
        grant_roles(roles.prefix, tmp_path)
    for password in ("it's 'quoted'", PASSWORD):
        (tmp_path / roles.named(DatabaseRole.WRITER)).write_text(f"{password}\n")
        grant_roles(roles.prefix, tmp_path)
        as_writer = roles.platform(DatabaseRole.WRITER, password)
        with as_writer as writer, writer.database.read() as connection:
            assert count(connection, "log_events") >= 0


def test_only_what_moves_the_tables_knows_their_owner_in_production() -> None:
    """By compose.production.yaml, upon compose.yaml."""
    files = (
        yaml.safe_load((ROOT / name).read_text())["services"]
        for name in ("compose.yaml", "compose.production.yaml")
    )
    ours: dict[str, dict[str, str]] = {}
    for services in files:
        for name, service in services.items():
            ours.setdefault(name, {}).update(service.get("environment", {}))
    signs_in_as = {
        name: make_url(environment["DISTRIBUTARY_DATABASE_URL"]).username
        for name, environment in ours.items()
        if "DISTRIBUTARY_DATABASE_URL" in environment
    }
    assert signs_in_as == {
        "migration": "distributary",
        "database-roles": "distributary",
        "api": "distributary_writer",
        "process": "distributary_writer",
        "publisher": "distributary_projector",
        "projector": "distributary_projector",
    }
    knows = {name for name, environment in ours.items() if environment.get("PGPASSWORD")}
    assert knows == {"migration", "database-roles"}


def test_a_role_that_may_change_events_is_a_warning_and_one_that_may_not_is_none(
    roles: Roles,
) -> None:
    assert events_may_change(roles.owner).result is CheckResult.WARN
    with roles.platform(DatabaseRole.WRITER) as writer:
        found = events_may_change(writer)
    assert found.result is CheckResult.OK
    assert roles.named(DatabaseRole.WRITER) in found.found


def test_the_doctor_of_a_projector_leaves_alone_what_its_role_may_not_read(roles: Roles) -> None:
    with roles.platform(DatabaseRole.PROJECTOR) as projector:
        found = dict(examine(projector, CHECKS))
    assert {name for name, one in found.items() if "the role of this process" in one.found} == {
        "API keys"
    }
    assert CheckResult.FAIL not in {one.result for name, one in found.items() if name != "memory"}


@pytest.mark.parametrize("role", DatabaseRole)
@pytest.mark.parametrize("shown", [["--json"], []])
def test_the_status_is_shown_under_each_role(
    roles: Roles, role: DatabaseRole, shown: list[str], run: Run
) -> None:
    """Who may not read where people are sent notices is told the rest."""
    code, found, said = run("status", *shown, DATABASE_URL=roles.address(role, PASSWORD))
    assert code == 0, said
    (told,) = found
    assert told["head"] >= 0
    assert told["processes"]["request_term"]["lag_events"] == told["head"]
    assert (told["notices"] is None) == (role is not DatabaseRole.WRITER)
    assert ("ask as the writer" in said) == (role is not DatabaseRole.WRITER)


def test_a_migration_grants_new_tables_where_roles_were_granted(roles: Roles) -> None:
    with roles.owner.database.write() as connection:
        connection.execute(text("DROP TABLE sign_in_attempts"))
    roles.owner.prepare()
    with roles.platform(DatabaseRole.WRITER) as writer:
        assert "permission denied" in refusal(writer, "SELECT * FROM sign_in_attempts")
    renew(roles.owner)
    with roles.platform(DatabaseRole.WRITER) as writer, writer.database.read() as connection:
        assert count(connection, "sign_in_attempts") == 0
