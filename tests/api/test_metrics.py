"""Prometheus is told the truth, at no cost to a command by itself."""

from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert

from projections.engine import generations, progress
from services.api.metrics import Commits
from services.processes import refusals


def figures(api: Any) -> dict[tuple[str, str], float]:
    """Every sample by its name and its label's value, if it has one."""
    answer = api.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_log_and_its_views_are_as_far_as_told(both: Any) -> None:
    both.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    both.done("move-rep", id="li", department="south", region="canton")
    told = figures(both)
    assert told["distributary_log_position", ""] == 2
    assert told["distributary_view_lag_events", "funnel"] == 2
    assert told["distributary_view_lag_seconds", "funnel"] > 0
    assert ("distributary_published_position", "") not in told
    both.feed()
    told = figures(both)
    assert told["distributary_view_position", "funnel"] == 2
    assert told["distributary_view_lag_events", "funnel"] == 0
    assert told["distributary_view_lag_seconds", "funnel"] == 0


def test_what_processes_were_refused_is_told(both: Any) -> None:
    row = {"process": "backorders", "log": "main", "position": 1, "number": 0, "refused_at": 1}
    what = {"command": "x", "stream": "backlog-A:x", "refusal": "Unknown", "message": "No."}
    with both.platform.database.write() as connection:
        refusals.add(connection, [{**row, **what}])
        refusals.add(connection, [{**row, **what}])
    assert figures(both)["distributary_process_refused", "backorders"] == 1
    told = both.get("/status")["processes"]["backorders"]
    assert (told["position"], told["lag_events"], told["refused"]) == (0, 0, 1)
    at = "1970-01-01T00:00:00.000001+00:00"
    assert told["last_refusal"] == {"position": 1, **what, "refused_at": at}


def test_only_what_the_answering_generation_parked_is_told(both: Any) -> None:
    row = {"log": "main", "stream": "rep-li", "type": "X", "error": "no", "parked_at": 1}
    with both.platform.database.write() as connection:
        for generation, position in ((1, 1), (1, 2), (2, 3)):
            where = {"view": "funnel", "generation": generation, "position": position}
            connection.execute(insert(progress.parked).values(**where, **row))
    told = figures(both)
    assert told["distributary_parked_events", "funnel"] == 2
    assert told["distributary_parked_events", "rankings"] == 0


def test_a_view_that_is_made_anew_tells_how_far_it_is(both: Any) -> None:
    assert rebuilt(both) == (0, 0)
    funnel = both.platform.view("funnel")
    with both.platform.database.write() as connection:
        number = generations.begin(connection, funnel)
    assert rebuilt(both) == (1, 0)
    source = {"view": "funnel", "generation": number, "topic": "log", "partition": 0}
    with both.platform.database.write() as connection:
        for first, last, reached in ((0, 300, 300), (300, 400, 300)):
            part = {"first": first, "last": last, "reached": reached, "position": reached}
            connection.execute(insert(generations.parts).values(**source, **part))
    assert rebuilt(both) == (1, 0.75)


def rebuilt(api: Any) -> tuple[float, float]:
    told = figures(api)
    assert told["distributary_rebuild_running", "rankings"] == 0
    running, done = (f"distributary_rebuild_{name}" for name in ("running", "done"))
    return told[running, "funnel"], told[done, "funnel"]


def test_commands_are_counted_by_how_they_ended(api: Any) -> None:
    who = {"id": "li", "name": "Li", "department": "east", "region": "shanghai"}
    for key, body in (("a", who), ("a", who), ("a", {**who, "name": "Lo"})):
        api.ask("hire-rep", key=key, **body)
    api.ask("dismiss-rep", id="nobody", reason="none")
    told = figures(api)
    counted = {
        outcome: told["distributary_commands_total", outcome]
        for outcome in ("accepted", "refused", "repeated", "failed")
    }
    assert counted == {"accepted": 1, "refused": 1, "repeated": 1, "failed": 1}
    assert told["distributary_commit_size_sum", ""] == 4
    assert told["distributary_commit_seconds_count", ""] == 4
    assert told["distributary_queue_depth", ""] == 0
    assert told["distributary_queue_limit", ""] == 5_000


def test_each_application_counts_for_itself() -> None:
    first, second = CollectorRegistry(), CollectorRegistry()
    Commits(first).heard([ValueError()], 0.1)
    Commits(second)
    failed = {"outcome": "failed"}
    assert first.get_sample_value("distributary_commands_total", failed) == 1
    assert second.get_sample_value("distributary_commands_total", failed) == 0


def test_figures_are_for_who_has_a_key(api: Any) -> None:
    answer = api.client.get("/metrics", headers={"Authorization": "Bearer dk_nobody"})
    assert answer.status_code == 401
    assert "distributary_log_position" not in answer.text
