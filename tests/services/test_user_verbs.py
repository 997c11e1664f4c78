"""An operator gives people passwords, lets them in again and sends them away, and sees who did."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from infra.passwords import Passwords
from infra.sessions import Sessions
from infra.settings import Settings
from services import bootstrap, demo
from services.bootstrap import Platform
from services.first_run import FIRST_PASSWORD, first_password, is_new, open_owner

Run = Callable[..., tuple[int, list[Any], str]]
PASSWORD = "teapot under nine stars"


@pytest.fixture
def platform(tmp_path: Path) -> Any:
    made = bootstrap.platform(Settings(data=tmp_path))
    made.prepare()
    yield made
    made.close()


def test_a_one_time_password_is_shown_once(run: Run, platform: Platform) -> None:
    code, [password], told = run("user", "reset", "ann")
    assert (code, "Good for one sign-in until" in told) == (0, True)
    assert Passwords(platform.database).verify("ann", password) is True
    [row] = run("user", "list")[1]
    assert row["account"] == "ann"
    assert row["used_at"] > row["set_at"]
    assert password not in str(run("access", "log"))


def test_a_password_comes_from_a_file_or_the_terminal_and_never_from_an_argument(
    run: Run, platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    assert run("user", "set-password", "ann", "--file", str(file))[0] == 0
    assert Passwords(platform.database).verify("ann", PASSWORD) is False
    assert run("user", "set-password", "ann", PASSWORD)[0] == 2
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "lantern beside the river")
    assert run("user", "set-password", "ann")[0] == 0
    assert Passwords(platform.database).matches("ann", "lantern beside the river")


def test_a_weak_password_is_told_why(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("password1234\n")
    code, _, told = run("user", "set-password", "ann", "--file", str(file))
    assert (code, "easily guessed" in told) == (2, True)
    assert run("user", "set-password", "a b", "--file", str(file))[0] == 2
    assert run("user", "set-password", "ann", "--file", str(tmp_path / "none"))[0] == 2


def test_a_person_is_sent_away(run: Run, platform: Platform) -> None:
    sessions = Sessions(platform.database, 1000, 1000)
    Passwords(platform.database).set("ann", PASSWORD)
    token, _ = sessions.begin("ann", "password")
    assert "1 sessions ended" in run("user", "sign-out", "ann")[2]
    assert sessions.find(token) is None
    assert run("user", "remove-password", "ann")[0] == 0
    assert Passwords(platform.database).verify("ann", PASSWORD) is None
    assert run("user", "remove-password", "ann")[0] == 1
    assert run("user", "unlock", "ann")[0] == 0


def test_what_an_operator_does_is_in_the_log_of_access(run: Run) -> None:
    run("key", "new", "till", "--days", "3", "--scope", "read:orders/*", "--label", "door")
    [made] = run("key", "list")[1]
    assert run("key", "list", "--account", "till")[1] == [made]
    assert run("key", "list", "--account", "door")[1] == []
    assert (made["label"], made["revoked_at"]) == ("door", None)
    assert made["ends_at"] > made["created_at"]
    assert run("key", "revoke", "till", "--id", "0" * 16)[0] == 1
    assert run("key", "revoke", "till", "--id", made["id"])[0] == 0
    run("user", "reset", "ann")
    rows = run("access", "log", "--last", "2")[1]
    assert [row["kind"] for row in rows] == ["password-reset", "key-revoked"]
    assert run("access", "log", "--kind", "key-made", "--actor", "nobody")[1] == []
    code, [found], _ = run("access", "verify")
    assert (code, found["rows"]) == (0, 3)


def test_a_changed_row_of_the_log_of_access_is_found(run: Run, platform: Platform) -> None:
    run("key", "new", "till")
    with platform.database.write() as connection:
        connection.exec_driver_sql("UPDATE access_log SET kind = 'signed-in'")
    code, _, told = run("access", "verify")
    assert (code, "Row 1 is not as it was written" in told) == (1, True)


def test_the_first_password_is_given_once_and_kept_for_its_owner(platform: Platform) -> None:
    assert is_new(platform)
    made = first_password(platform)
    file = platform.settings.data / FIRST_PASSWORD
    assert file.read_text().strip() == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert first_password(platform) is None


def test_a_first_password_that_cannot_be_kept_is_none(platform: Platform) -> None:
    (platform.settings.data / FIRST_PASSWORD).mkdir()
    assert first_password(platform) is None
    assert Passwords(platform.database).every() == []


def test_the_demo_company_comes_into_a_log_that_has_nothing_but_its_owner(
    platform: Platform,
) -> None:
    open_owner(platform)
    refused = demo.load(platform, date(2026, 6, 1), days=3).refused
    assert [row for row in refused if "account" in row.key or row.rule == "OutOfOrder"] == []
    open_owner(platform)
    with platform.database.read() as connection:
        owned = platform.store.history(connection, "account-owner")
    assert [event.type for event in owned] == ["AccountOpened", "RoleGranted"]
