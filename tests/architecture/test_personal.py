"""What tells of a person stands in the log alone, where forgetting the person reaches it."""

from dataclasses import fields, replace
from typing import Any

import pytest
from company import changes
from golden import events, example, kinds

from aggregates import Event
from infra.codec import Codec
from services.bootstrap import CONTEXTS, VIEWS

PERSONAL = {
    ("ConfirmationRequested", "of_person"),
    ("ContactAdded", "name"),
    ("ContactAdded", "phone"),
    ("ContactAdded", "email"),
    ("ContactAdded", "birthday"),
    ("ContactAdded", "hobbies"),
    ("ContactChanged", "name"),
    ("ContactChanged", "phone"),
    ("ContactChanged", "email"),
    ("ContactChanged", "birthday"),
    ("ContactChanged", "hobbies"),
    *(
        (event, field)
        for event in ("LeadCaptured", "LeadDetailsChanged")
        for field in ("contact_name", "phone", "email", "address")
    ),
    ("MemberEnrolled", "name"),
    ("MemberLeadCaptured", "name"),
    ("MemberLeadCaptured", "phone"),
    ("MemberEnrolled", "phone"),
    ("MemberDetailsChanged", "name"),
    ("MemberDetailsChanged", "phone"),
    ("RepHired", "name"),
    ("RepDetailsChanged", "name"),
}
TELLING = {"name", "phone", "email", "birthday", "address", "gender", "wechat", "id_number"}
COMPANIES = {
    "CustomerRegistered",
    "CustomerDetailsChanged",
    "CustomerProfileChanged",
    "ProductAdded",
    "ProductDetailsChanged",
    "Subscribed",
    "SubscriptionChanged",
    "Unsubscribed",
    *(event.__name__ for context in CONTEXTS for kind in context.plain for event in kind.events),
}
"""Their `name` is that of a firm, of goods, of a place or of a subscription."""
PLANTED = "Zhang San 13900000000"
WITH_PERSONS = sorted({name for name, _ in PERSONAL})


def planted(name: str) -> Event:
    """An event in whose personal fields stands what must be nowhere else."""
    event: Any = example(events()[name])
    changed: Event = replace(event, **dict.fromkeys(event.personal(), PLANTED))
    return changed


def test_these_fields_and_no_others_are_personal() -> None:
    marked = {(name, field) for name, kind in events().items() for field in kind.personal()}
    assert marked == PERSONAL


def test_no_field_that_sounds_personal_goes_unmarked() -> None:
    unmarked = {
        (name, field.name)
        for name, kind in events().items()
        for field in fields(kind)  # type: ignore[arg-type]
        if field.name in TELLING and name not in COMPANIES
    }
    assert unmarked <= PERSONAL, "mark them `Personal[...]`"


@pytest.mark.parametrize("name", WITH_PERSONS)
def test_no_view_shows_what_is_personal(name: str) -> None:
    stream = kinds()[name].stream("P1")
    rows = [row for view in VIEWS for row in changes(view, stream, planted(name))]
    assert PLANTED not in str(rows)
    assert not [
        view for view in VIEWS if {field for _, field in PERSONAL} & set(view.change._fields)
    ]


@pytest.mark.parametrize("name", WITH_PERSONS)
def test_no_snapshot_holds_what_is_personal(name: str) -> None:
    """A snapshot would outlive the key that the person is forgotten by."""
    event = planted(name)
    encode = Codec(events()).encode
    assert PLANTED in encode(event).decode()
    state = kinds()[name].after([event])
    assert state != kinds()[name]()
    assert PLANTED not in encode(state).decode()
    assert PLANTED not in repr(state)
