"""Bugs of deadlines that the simulated business does not show: its aggregates decide once more."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from mutants.bugs import bug
from mutants.plant import Mutant
from processes import test_deadlines as deadlines
from shop import Shop

PLANTED = (
    (
        bug(
            "A deadline that was asked is asked again under the key that follows",
            "services.workers.firing:DeadlineBatch._following",
            "if not seen < position < row.position:",
            "if not seen < position:",
        ),
        deadlines.test_scheduled_again_for_an_instant_at_which_it_was_asked_it_is_asked_again,
    ),
    (
        bug(
            "Deadlines that are made anew are asked once more",
            "services.workers.rearm:rearm",
            "rows = [row for row in rows if row not in answered]",
            "pass",
        ),
        deadlines.test_rows_made_anew_from_the_log_are_those_that_were_there,
    ),
    (
        bug(
            "A deadline of an event that was parked for a while is lost",
            "services.workers.drive:ProcessRunner._settle",
            "deadlines.without_overtaken(connection).write(connection)",
            "pass",
        ),
        deadlines.test_a_deadline_that_is_no_purpose_of_the_process_parks_its_event,
    ),
)


@pytest.mark.parametrize(("planted", "test"), PLANTED, ids=[one.breaks for one, _ in PLANTED])
def test_a_planted_bug_is_caught(
    planted: Mutant, test: Callable[..., None], shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shop.database.sqlite:
        pytest.skip("PostgreSQL has a clock of its own")
    given: dict[str, Any] = {"shop": shop, "held": shop, "monkeypatch": monkeypatch}
    asked = {name: given[name] for name in inspect.signature(test).parameters}
    with planted.planted(), pytest.raises(AssertionError):
        test(**asked)
