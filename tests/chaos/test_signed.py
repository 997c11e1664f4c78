"""The judge of approvals and notices sees what went on unsigned, was lost or was sent twice."""

from dataclasses import dataclass
from typing import Any

import pytest
from receivers import Received
from scenario import NOON

from chaos.approvals import gone_on, sent
from infra.clock import micros
from infra.events import Recorded


@dataclass
class Submitted:
    approval: str | None = "order:O1:1"


def event(position: int, kind: str, stream: str = "order-O1") -> Recorded:
    at = micros(NOON)
    return Recorded(
        position, stream, 1, "e1", kind, 1, at, at, "test", "k1", "k1", None, "i", b"", b"{}"
    )


SUBMITTED = event(1, "OrderSubmitted")
SIGNED = event(2, "ApprovalCompleted", "approval-order:O1:1")
APPROVED = event(3, "OrderApproved")


def found(*log: Recorded, content: Any = None) -> list[str]:
    return [one.breach for one in gone_on(log, lambda _: content or Submitted())]


def test_an_order_that_goes_on_once_it_is_signed_is_well() -> None:
    assert found(SUBMITTED, SIGNED, APPROVED) == []
    assert found(SUBMITTED, APPROVED, content=Submitted(approval=None)) == []
    assert found(SUBMITTED, SIGNED, APPROVED, event(4, "OrderReservationLapsed"), APPROVED) == []


@pytest.mark.parametrize(
    ("log", "breach"),
    [
        ((SUBMITTED, APPROVED), "wrong"),
        ((SUBMITTED, SIGNED), "lost"),
        ((SUBMITTED, SIGNED, APPROVED, event(4, "OrderApproved")), "doubled"),
    ],
)
def test_what_goes_on_unsigned_twice_or_not_at_all_is_found(
    log: tuple[Recorded, ...], breach: str
) -> None:
    assert found(*log) == [breach]


def message(id: str, position: int) -> Received:
    return Received("/", {"webhook-id": id}, b'{"data": {"position": %d}}' % position)


def breaches(*received: Received) -> list[str]:
    return [one.breach for one in sent({7}, received)]


def test_what_is_sent_again_under_its_id_is_well() -> None:
    assert breaches(message("a", 7), message("a", 7)) == []


def test_what_is_not_sent_or_under_two_ids_is_found() -> None:
    assert breaches() == ["lost"]
    assert breaches(message("a", 7), message("b", 7)) == ["doubled"]
    assert breaches(message("a", 7), message("b", 8)) == ["doubled"]
