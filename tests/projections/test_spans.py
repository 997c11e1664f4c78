"""What lasts is found by its span, whatever has ended since the log began."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from company import Company, Found, recorded
from scenario import NOON
from sqlalchemy import Connection, delete, select

from aggregates.opportunities.opportunity import (
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
)
from infra.clock import micros
from projections.engine import SPANS, DecodedEvent, generations, progress, rollups, spans
from projections.engine.progress import LOG, Checkpoint, CheckpointKey
from projections.engine.reading import NOW, AsOf
from projections.opportunities import deals, open_deals

BLOCK, DEALS = 16, 60
EVENTS = 2 * DEALS - DEALS // 5 + DEALS // 4
"""Each deal is opened, and all but every fifth is won some events later; some of these, by mistake.
"""
VIEW = deals.view
MOMENTS = [
    NOW,
    AsOf(EVENTS // 2),
    AsOf(None, micros(NOON + timedelta(minutes=40))),
    AsOf(EVENTS - 10, micros(NOON + timedelta(minutes=50))),
]


@pytest.fixture
def company(found: Found, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Blocks whose spans are taken, and some events after them; every seventh is told late."""
    monkeypatch.setattr(rollups, "BLOCK", BLOCK)
    made, chance = found(), Random(5)
    steps = [(chance.random(), f"D{n}", "opened") for n in range(DEALS)]
    steps += [(at + 0.2, deal, "won") for at, deal, _ in steps if int(deal[1:]) % 5]
    won = [step for step in steps if step[2] == "won"][: DEALS // 4]
    steps += [(at + 0.1 + n % 3 / 5, deal, "reopened") for n, (at, deal, _) in enumerate(won)]
    order = enumerate(sorted(steps), 1)
    batch = [happened(position, deal, what) for position, (_, deal, what) in order]
    assert len(batch) == EVENTS
    with made.database.write() as connection:
        assert VIEW.apply(connection, 1, batch) == []
        place = CheckpointKey(VIEW.name, 1, *LOG, "main")
        progress.enter(connection, {place: Checkpoint(EVENTS, EVENTS)})
        take(connection)
    return made


def happened(position: int, deal: str, what: str) -> DecodedEvent:
    who: Any = {"rep": "R1", "department": "key", "region": "north", "currency": "CNY"}
    event: Any
    if what == "opened":
        about: Any = {"customer": "C1", "title": "Tea", "amount": 7, "stage": "qualification"}
        about |= {"pipeline": "standard", "stages": ("qualification",), "entered_at": NOON}
        event = OpportunityOpened(**about, **who, expected_close=None)
    elif what == "reopened":
        stands: Any = {"end": "won", "pipeline": "standard", "stage": "qualification", "amount": 7}
        untold: Any = {"lost_reason": None, "customer_kind": None, "source": None}
        event = OpportunityReopened(
            **stands, **who, **untold, seconds=60, reason="not it", closed_at=None
        )
    else:
        stood: Any = {"pipeline": "standard", "from_stage": "qualification", "amount": 7}
        event = OpportunityWon(**stood, **who, seconds=60, order=None)
    at = NOON + timedelta(minutes=position - (0 if position % 7 else 5))
    return DecodedEvent("main", recorded(f"opportunity-{deal}", event, position, at), event)


def take(connection: Connection) -> None:
    while VIEW.upkeep(connection, 1, "main"):
        pass


def open_at(company: Company, as_of: AsOf) -> set[str]:
    """By the rows of the ledger alone."""
    ledger = [row for row in company.ledger(VIEW) if counts(row, as_of)]
    streams = {row["stream"] for row in ledger if row["opened"]}
    return {one for one in streams if not sum(r["won"] for r in ledger if r["stream"] == one)}


def counts(row: dict[str, Any], as_of: AsOf) -> bool:
    position, instant = as_of
    return (position is None or row["position"] <= position) and (
        instant is None or row["occurred_at"] <= instant
    )


def found_open(connection: Connection, as_of: AsOf) -> set[str]:
    rows = open_deals.read(connection, today=20_520, as_of=as_of, limit=10_000).deals
    return {row["stream"] for row in rows}


@pytest.mark.parametrize("as_of", MOMENTS)
def test_what_lasts_is_what_had_begun_and_not_ended_by_then(company: Company, as_of: AsOf) -> None:
    expected = open_at(company, as_of)
    with company.read() as connection:
        listed = connection.execute(spans.lasting(connection, VIEW, as_of)).all()
        assert expected <= {stream for _, stream in listed}
        assert len(listed) == len(set(listed))
        assert found_open(connection, as_of) == expected != set()


def test_what_is_open_needs_no_row_of_a_deal_that_has_ended_in_a_taken_block(
    company: Company,
) -> None:
    """However long the history: without these rows the answer is the same."""
    with company.database.write() as connection:
        before, ledger = found_open(connection, NOW), VIEW.tables(1).ledger
        span = spans.table(VIEW, 1).c
        ended = select(span.stream).where(span.last_position < spans.NEVER)
        connection.execute(delete(ledger).where(ledger.c.stream.in_(ended)))
        assert found_open(connection, NOW) == before != set()


@pytest.mark.parametrize("what", ["opened", "won"])
def test_what_was_parked_when_its_block_was_taken_comes_to_the_spans_later(
    company: Company, what: str
) -> None:
    with company.database.write() as connection:
        ledger, table = VIEW.tables(1).ledger, spans.table(VIEW, 1)
        before = connection.execute(select(table)).all()
        mine = ledger.c[what] == 1, ledger.c.position <= BLOCK * 2
        late = connection.execute(select(ledger).where(*mine).limit(1)).one()
        again: Any = {"last_position": spans.NEVER, "last_at": spans.NEVER}
        one = table.c.stream == late.stream
        if what == "opened":
            connection.execute(delete(table).where(one))
        else:
            connection.execute(table.update().where(one).values(**again))
        later = ledger.c.stream == late.stream, ledger.c.position >= late.position
        places = connection.execute(select(ledger.c.position).where(*later)).scalars()
        VIEW.replayed(connection, 1, "main", set(places))
        assert sorted(connection.execute(select(table)).all()) == sorted(before)


def test_an_older_generation_is_given_spans_and_answers_meanwhile(company: Company) -> None:
    with company.database.write() as connection:
        before = [found_open(connection, as_of) for as_of in MOMENTS]
        spans.table(VIEW, 1).drop(connection)
        done = progress.rolled_up
        connection.execute(delete(done).where(done.c.view == f"{VIEW.name}{SPANS}"))
        generations.create(connection, [VIEW])
        assert [found_open(connection, as_of) for as_of in MOMENTS] == before
        take(connection)
        assert connection.execute(select(spans.table(VIEW, 1))).first() is not None
        assert [found_open(connection, as_of) for as_of in MOMENTS] == before
