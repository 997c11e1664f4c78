"""A hundred read models are watched as cheaply as one."""

from dataclasses import replace
from typing import Any

from sqlalchemy import insert

from projections.engine import generations, progress, view_status
from projections.engine.progress import LOG
from services.api.metrics import Standing
from services.api.status import system_status as status
from services.bootstrap import Platform
from tests.statements import heard


def test_the_status_takes_as_many_statements_for_all_views_as_for_one(both: Any) -> None:
    both.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    both.done("move-rep", id="li", department="south", region="canton")
    both.follower.step(1)
    one, many = _first(both.platform, 1), both.platform
    assert len(many.views) > 10
    counts = []
    for platform in (one, many):
        with heard(platform.database.engine) as statements:
            found = status(platform)
            list(Standing(platform).collect())
            platform.check_days()
        assert len(found["views"]) == len(platform.views)
        assert {how["lag_events"] for how in found["views"].values()} == {1}
        counts.append(len(statements))
    assert counts[0] == counts[1], counts


def test_a_view_stands_where_its_answering_generation_does(both: Any) -> None:
    """What another generation has of the log, or of another log, is not the view's own."""
    place = {"topic": LOG.topic, "partition": LOG.number, "next_offset": 0}
    with both.platform.database.write() as connection:
        for number, log, position in ((1, "main", 5), (2, "main", 7), (2, "other", 9)):
            row = {"view": "funnel", "generation": number, "log": log, "position": position}
            connection.execute(insert(progress.positions).values(**place, **row))
        generations.switch(connection, "funnel", 2)
        view = both.platform.view("funnel")
        for log in ("main", "other"):
            (found,) = view_status.statuses(connection, [view], log).values()
            assert found.generation == 2
            assert found.position == progress.complete(connection, view, 2, log)
            assert found.heard == progress.heard_of(connection, "funnel", 2)
    with both.platform.database.read() as connection:
        others = [view for view in both.platform.views if view.name != "funnel"]
        found = view_status.statuses(connection, others, "main")
    assert {(one.generation, one.position) for one in found.values()} == {(1, 0)}


def _first(platform: Platform, count: int) -> Platform:
    return replace(platform, views=platform.views[:count])
