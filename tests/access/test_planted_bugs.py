"""A bug of rights is caught: whatever forgets the predicate answers otherwise than it."""

from collections.abc import Iterator

import pytest
from access.world_of_rights import RightsWorld
from api.conftest import Api, prepared, served
from mutants.plant import Mutant
from originals import Originals

from projections.engine import record_query
from projections.engine.prepared import Statements
from services.access import permissions

STEPS, SEEDS = 12, range(1, 5)
PERMITS = "aggregates.customers.share:Share.permits"
AUTHORISATION = "commands.authorisation"
BUGS = (
    Mutant(
        "Values are counted over all there are",
        "services.api.record_questions:ListQuestion.in_all",
        "for query in [self.query(seen, today, name)]",
        "for query in [self.query(seen, today, name)._replace(scope=AllOf(()))]",
    ),
    Mutant(
        "The past is shown whatever may be seen today",
        "projections.engine.record_asked:_within",
        "select(today.c.stream).where(today.c.ended == STILL, sql(record, today, scope))",
        "select(today.c.stream).where(today.c.ended == STILL)",
    ),
    Mutant(
        "The past is reached as it was then",
        "projections.engine.record_asked:_within",
        "if then.now or scope == EVERYTHING:",
        "if True:",
    ),
    Mutant(
        "A command that is granted is not checked for what it is asked of",
        f"{AUTHORISATION}:_check",
        "if EVERYTHING in scopes:",
        "if scopes:",
    ),
    Mutant(
        "A stream that goes on tells all",
        "services.api.live:Live._read",
        "visible.rows(self.permissions.states, granted, found.events)",
        "found.events",
    ),
    Mutant(
        "A stream goes on with the rights that it was opened with",
        "services.api.live:_Reader.now",
        "granted = self.permissions.fresh(self.granted.actor)",
        "granted = self.granted",
    ),
    Mutant(
        "Rights that were found once are believed for ever",
        "services.access.permissions:Permissions.remembered",
        "time.monotonic() < until",
        "found is not None",
    ),
    Mutant(
        "A share that has ended permits commands",
        PERMITS,
        "shared is None or self.ended is not None",
        "shared is None",
    ),
    Mutant(
        "A share that has ended shows lists",
        "services.access.shared:Shares._by_hand",
        'Condition("end_reason", "empty", ["true"])',
        "AllOf([])",
    ),
    Mutant(
        "Whoever may read a customer may work with it",
        f"{AUTHORISATION}:_reaches",
        "working=True",
        "working=False",
    ),
)


@pytest.fixture
def api(originals: Originals, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """What is remembered is asked for anew at once: two seconds are long in this world."""
    monkeypatch.setattr(permissions, "REMEMBERED", 0.0)
    with originals.copied("sqlite", prepared) as url, served(url) as made:
        yield made


@pytest.mark.parametrize("seed", SEEDS)
def test_each_sees_and_does_what_the_predicate_says(api: Api, seed: int) -> None:
    assert RightsWorld(api, seed).run(STEPS) == []


@pytest.mark.parametrize("mutant", BUGS, ids=lambda mutant: mutant.breaks)
def test_a_planted_bug_is_caught(
    mutant: Mutant, originals: Originals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permissions, "REMEMBERED", 0.0)
    # A statement that was made without the bug would answer in place of one with it.
    monkeypatch.setattr(record_query, "PAGES", Statements())
    for seed in SEEDS:
        with originals.copied("sqlite", prepared) as url, served(url) as made:
            world = RightsWorld(made, seed)
            with mutant.planted():
                if world.run(STEPS):
                    return
    pytest.fail(f"nobody noticed: {mutant.breaks}")
