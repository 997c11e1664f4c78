"""What a customer keeps of its contacts: of the persons themselves, nothing."""

from typing import NamedTuple

from aggregates.customers.customer.events import (
    ContactAdded,
    ContactChanged,
    ContactMoved,
    ContactRemoved,
)

OF_PERSON = "name", "phone", "email", "birthday", "hobbies"
"""What a person takes along to another employer."""
OF_ROLE = "title", "project", "need_focus", "level", "influence"
DETAILS = (*OF_PERSON, *OF_ROLE)


class Contact(NamedTuple):
    """Which of what was told of a contact counts, and where the person went."""

    added: int
    latest: int
    there: bool
    moved_to: tuple[str, str] | None = None


def told(
    before: Contact | None,
    event: ContactAdded | ContactChanged | ContactRemoved | ContactMoved,
) -> Contact:
    latest = before.latest if before else 0
    match event:
        case ContactAdded(revision=revision):  # older builds did not count
            number = revision or latest + 1
            return Contact(number, number, there=True)
        case ContactChanged(revision=revision):
            return Contact(before.added if before else 1, revision, there=True)
        case ContactRemoved():
            return Contact(before.added if before else 0, latest, there=False)
        case ContactMoved(_, customer, contact):
            gone = (customer, contact)
            return Contact(before.added if before else 0, latest, there=False, moved_to=gone)
