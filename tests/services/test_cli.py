"""Each command says what it did, speaks JSON to a pipe, and ends with a code for scripts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from aggregates import calendar
from infra import tables
from infra.settings import Settings
from services import bootstrap
from services.catalogue import building
from services.commandline.heartbeat import OLD, Heartbeat

LI = '{"id": "li", "name": "Li", "department": "east", "region": "shanghai"}'
Run = Callable[..., tuple[int, list[Any], str]]


def test_a_command_is_asked_once_under_its_key(run: Run) -> None:
    code, (first,), _ = run("command", "hire-rep", "--json", LI, "--key", "k")
    again_code, (again,), _ = run("command", "hire-rep", "--json", LI, "--key", "k")
    assert (code, again_code) == (0, 0)
    assert (first["position"], first["repeated"], again["repeated"]) == (1, False, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("hire-rep", "--json", LI.replace("Li", "Lo"), "--key", "k"), 5, "new key"),
        (("move-rep", "--json", "{}"), 2, "id: Field required"),
        (("move-rep", "--json", "{"), 2, "Invalid JSON"),
        (("fly", "--json", "{}"), 2, "distributary commands"),
        (("dismiss-rep", "--json", '{"id": "x", "reason": "y"}'), 3, "Unknown"),
        (
            ("dismiss-rep", "--json", '{"id": "li", "reason": "y"}', "--expected", "7"),
            5,
            "at version 1, not 7",
        ),
    ],
)
def test_what_cannot_be_done_has_its_code(
    run: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    run("command", "hire-rep", "--json", LI, "--key", "k")
    ended, _, told = run("command", *words)
    assert ended == code
    assert said in told


def test_a_batch_can_be_sent_again(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "rows.ndjson"
    rows = [{"command": "hire-rep", "body": {**json.loads(LI), "id": f"r{n}"}} for n in range(5)]
    rows.append({"command": "dismiss-rep", "body": {"id": "nobody", "reason": "x"}})
    file.write_text("\n".join(json.dumps(row) for row in rows))
    code, lines, told = run("batch", str(file))
    assert (code, len(lines)) == (3, 6)
    assert "5 done, 0 repeated, 1 refused" in told
    code, lines, told = run("batch", str(file))
    assert "0 done, 5 repeated, 1 refused" in told
    assert len(run("events")[1]) == 5


def test_nothing_of_a_batch_is_asked_when_a_line_is_wrong(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "rows.ndjson"
    good = json.dumps({"command": "hire-rep", "body": json.loads(LI)})
    file.write_text(f'{good}\n{{"command": "hire-rep", "body": {{"id": 1}}}}\n')
    code, _, told = run("batch", str(file))
    assert code == 2
    assert "line 2: hire-rep: id" in told
    assert run("status")[1][0]["head"] == 0
    assert run("batch", str(tmp_path / "none"))[0] == 2


def test_events_are_lines_of_json_for_a_pipe(run: Run) -> None:
    run("command", "hire-rep", "--json", LI)
    run("command", "move-rep", "--json", '{"id": "li", "department": "d", "region": "r"}')
    _, events, _ = run("events")
    assert [event["type"] for event in events] == ["RepHired", "RepMoved"]
    assert events[0]["actor"] == "cli"
    assert [e["position"] for e in run("events", "--after", "1")[1]] == [2]
    assert [e["position"] for e in run("events", "--type", "RepHired", "--limit", "1")[1]] == [1]
    assert [e["position"] for e in run("events", "--stream", "rep-li")[1]] == [1, 2]


def test_events_of_a_type_that_is_none_are_not_looked_for(run: Run) -> None:
    code, lines, told = run("events", "--type", "RepHierd")
    assert (code, lines, "Did you mean RepHired?" in told) == (2, [], True)


def test_a_changed_event_is_found(run: Run, tmp_path: Path) -> None:
    for n in range(3):
        run("command", "hire-rep", "--json", LI.replace("li", f"r{n}"))
    code, _, told = run("verify")
    assert (code, "3 events, each as it was chained." in told) == (0, True)
    platform = bootstrap.platform(Settings(data=tmp_path))
    with platform.database.write() as connection:
        changed = update(tables.events).where(tables.events.c.position == 2)
        connection.execute(changed.values(actor="somebody else"))
    platform.close()
    code, _, told = run("verify")
    assert code == 1
    assert "broken at position 2" in told


def test_keys_are_made_listed_and_revoked(run: Run) -> None:
    code, (key,), told = run("key", "new", "ann")
    assert (code, key[:3]) == (0, "dk_")
    assert "shown this once" in told
    assert run("key", "new", "a b")[0] == 2
    (listed,) = run("key", "list")[1]
    assert (listed["name"], listed["revoked_at"]) == ("ann", None)
    assert run("key", "revoke", "ann")[0] == 0
    code, _, told = run("key", "revoke", "ann")
    assert (code, "key list" in told) == (1, True)


def test_a_view_is_rebuilt_and_rolled_back(run: Run) -> None:
    run("command", "hire-rep", "--json", LI)
    code, _, told = run("rebuild", "funnel")
    assert (code, "generation 2 answers" in told) == (0, True)
    code, _, told = run("rebuild", "funnel", "--back")
    assert (code, "generation 1 answers again" in told) == (0, True)
    assert run("rebuild", "nonsense")[0] == 2


def test_every_command_is_listed(run: Run) -> None:
    _, lines, _ = run("commands")
    by_name = {line["command"]: line for line in lines}
    assert by_name["freeze-customer"]["about"] == "Stop all new business with a customer."
    assert "[occurred_at]" in by_name["freeze-customer"]["fields"]


def test_faults_of_the_environment_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISTRIBUTARY_PORT", "99999")
    code, _, told = run("status")
    assert (code, "DISTRIBUTARY_PORT" in told) == (1, True)
    monkeypatch.setenv("DISTRIBUTARY_PORT", "8000")
    monkeypatch.setenv("DISTRIBUTARY_DATABASE_URL", "postgresql+psycopg2://x@127.0.0.1:1/x")
    code, _, told = run("status")
    assert (code, "does not answer" in told) == (6, True)
    monkeypatch.setenv("DISTRIBUTARY_DATABASE_URL", "no address")
    assert run("status")[0] == 1


def test_a_worker_without_kafka_says_so(run: Run) -> None:
    code, _, told = run("work", "publish")
    assert (code, "DISTRIBUTARY_KAFKA" in told) == (1, True)


def test_a_worker_that_works_is_healthy(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, told = run("health", "project")
    assert (code, "never worked" in told) == (1, True)
    heart = Heartbeat(Settings(data=tmp_path), "project")
    heart.beat()
    assert run("health", "project")[0] == 0
    monkeypatch.setattr("time.time", lambda: heart.file.stat().st_mtime + OLD + 1)
    code, _, told = run("health", "project")
    assert (code, "has not worked for 31 seconds" in told) == (1, True)
    heart.file.unlink()
    assert run("health", "api")[0] == 1


def test_usage_is_explained(run: Run) -> None:
    assert run("nonsense")[0] == 2
    assert run("import", "completejourney", "--weeks", "x")[0] == 2


def test_a_group_of_read_models_has_a_heartbeat_of_its_own(run: Run, tmp_path: Path) -> None:
    Heartbeat(Settings(data=tmp_path), "project").beat()
    words = "health", "project", "--group", "orders, inventory"
    code, _, told = run(*words)
    assert (code, "project-orders-inventory never worked" in told) == (1, True)
    Heartbeat(Settings(data=tmp_path), "project-orders-inventory").beat()
    assert run(*words)[0] == 0
    assert run("health", "project", "--group", "inventory,orders")[0] == 0


@pytest.mark.parametrize("verb", ["work", "health"])
def test_a_group_of_no_context_is_refused_with_the_nearest(run: Run, verb: str) -> None:
    code, _, told = run(verb, "project", "--group", "catalog,ordres")
    assert (code, "did you mean orders?" in told) == (2, True)
    code, _, told = run(verb, "project", "--group", "operations")  # it has none
    assert (code, "No context named operations has read models" in told) == (2, True)
    code, _, told = run(verb, "project", "--group", ", ")
    assert (code, "names no context" in told) == (2, True)
    code, _, told = run(verb, "publish", "--group", "orders")
    assert (code, "--group is for project alone" in told) == (2, True)


def test_the_catalogue_is_printed_in_either_language(run: Run) -> None:
    for language in ("en", "zh-CN"):
        code, (printed,), _ = run("catalogue", "--language", language)
        assert (code, printed) == (0, json.loads(building.as_json(language)))
    try:
        _, (printed,), _ = run("catalogue", ZONE="Europe/Berlin")
    finally:
        calendar.use(calendar.DEFAULT)
    assert printed["zone"] == "Europe/Berlin"
