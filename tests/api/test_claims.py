"""Claims over HTTP: filed against what was delivered, and settled by a credit."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from api.test_quotations import lines, read, refusal, selling

CLAIM = {"order": "SO-1", "shipment": "S1", "line": 1, "fault": "damaged", "reason": "wet cartons"}


def delivered(api: Any) -> None:
    selling(api)
    api.done("receive-stock", location="WH-1", item="tea", quantity=50, reference="opening")
    api.done("draft-order", id="SO-1", customer="C1", warehouse="WH-1", lines=lines(10))
    api.done("submit-order", id="SO-1")
    api.done("approve-order", id="SO-1")
    api.done("ship-order", id="SO-1", shipment="S1")


def test_a_claim_is_filed_against_a_delivered_line_and_credited(api: Any) -> None:
    delivered(api)
    api.done("file-claim", id="CL-1", quantity=3, **CLAIM)
    (waiting,) = read(api, "/claims?status=open&sort=filed_at")
    assert (waiting["id"], waiting["quantity"], waiting["customer"]) == ("CL-1", 3, "C1")
    assert waiting["filed_at"]
    assert "7 may be claimed, not 8" in refusal(api, "file-claim", quantity=8, **CLAIM)
    api.done("accept-claim", id="CL-1", remedy="credit")
    found, order = read(api, "/claims/CL-1"), read(api, "/orders/SO-1")
    assert (found["status"], found["remedy"], order["lost"]) == ("accepted", "credit", 2_700)
    assert read(api, "/claims?status=open") == []


def test_however_many_claim_at_once_no_piece_is_claimed_twice(both: Any) -> None:
    api = both
    delivered(api)

    def ask(number: int) -> int:
        answer = api.ask("file-claim", id=f"CL-{number}", quantity=4, **CLAIM)
        return int(answer.status_code)

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(ask, range(4)))
    assert answers == [201, 201, 409, 409]
