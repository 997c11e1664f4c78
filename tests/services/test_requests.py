"""What a key stands for: who asked, and for what."""

import hashlib

import msgspec

from commands.customers.customer import ChangeCustomerDetails
from services.bootstrap import request


def content(change: ChangeCustomerDetails) -> bytes:
    return request(change, "li", "k").content


def test_a_key_tells_what_was_left_out_from_what_was_cleared() -> None:
    left_out = ChangeCustomerDetails(id="C1", name="Gold Shop")
    cleared = ChangeCustomerDetails(id="C1", name="Gold Shop", city=None)
    assert content(left_out) != content(cleared)
    assert content(cleared) == content(cleared.model_copy())


def test_a_key_of_an_older_build_stands_for_the_same() -> None:
    change = ChangeCustomerDetails(id="C1", name="Gold Shop")
    dump = {"id": "C1", "occurred_at": None, "name": "Gold Shop", "city": None, "country": None}
    said = "li", "change-customer-details", msgspec.json.encode(dump).decode()
    assert content(change) == hashlib.sha256(msgspec.json.encode(said)).digest()
