"""The judge of deadlines sees what was lost, done twice or done too early."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from scenario import NOON

from chaos.deadlines import LAPSES, OVERDUE, happened
from infra.clock import micros
from infra.events import Recorded

DUE = NOON + timedelta(seconds=5)


@dataclass
class Approved:
    hold_until: Any = DUE


@dataclass
class Due:
    due: Any = DUE


def event(kind: str, seconds: float) -> Recorded:
    at = micros(NOON + timedelta(seconds=seconds))
    return Recorded(
        1, "order-1", 1, "e1", kind, 1, at, at, "test", "k1", "k1", None, "i", b"", b"{}"
    )


APPROVED = event("OrderApproved", 0)


def found(*log: Recorded, seconds: float = 60) -> list[str]:
    now = micros(NOON + timedelta(seconds=seconds))
    return [one.breach for one in happened(LAPSES, log, lambda _: Approved(), now)]


def test_what_lapsed_once_and_in_time_is_well() -> None:
    assert found(APPROVED, event("OrderReservationLapsed", 5)) == []
    assert found(APPROVED, event("OrderShipped", 2)) == []
    assert found(APPROVED, seconds=4) == []


@pytest.mark.parametrize(
    ("log", "breach"),
    [
        ((APPROVED,), "lost"),
        ((APPROVED, event("OrderReservationLapsed", 4)), "wrong"),
        ((APPROVED, *[event("OrderReservationLapsed", 5)] * 2), "doubled"),
        ((APPROVED, event("OrderShipped", 2), event("OrderReservationLapsed", 5)), "doubled"),
    ],
)
def test_what_is_lost_early_or_doubled_is_found(log: tuple[Recorded, ...], breach: str) -> None:
    assert found(*log) == [breach]


@pytest.mark.parametrize(
    ("log", "breaches"),
    [
        ((event("TaskCreated", 0), event("TaskOverdue", 5)), []),
        ((event("TaskCreated", 0), event("TaskCompleted", 2)), []),
        ((event("TaskCreated", 0), event("TaskOverdue", 4)), ["wrong"]),
        (
            (event("TaskCreated", 0), event("TaskCompleted", 2), event("TaskOverdue", 5)),
            ["doubled"],
        ),
        ((event("TaskCreated", 0),), ["lost"]),
    ],
)
def test_a_task_is_overdue_once_and_not_before(
    log: tuple[Recorded, ...], breaches: list[str]
) -> None:
    now = micros(NOON + timedelta(seconds=60))
    found = happened(OVERDUE, log, lambda _: Due(), now)
    assert [one.breach for one in found] == breaches
