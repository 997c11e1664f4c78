"""Who works at the demo company, for whoever wants to look at it through their eyes."""

from collections.abc import Iterator
from typing import NamedTuple

from aggregates.organisation.built_in_roles import OWNER
from services.bootstrap import Platform
from services.demo.catalogue import COLLEAGUES, DEALERS, PEOPLE

FOUNDED = "department-sales"
"""The first stream of the company."""


class DemoPerson(NamedTuple):
    account: str
    name: str
    role: str


def people() -> Iterator[DemoPerson]:
    """Everybody who has an account, whoever may most first."""
    yield DemoPerson(OWNER, "老板 Owner", OWNER)
    for one in COLLEAGUES:
        yield DemoPerson(one.id, one.name, one.role)
    for person in PEOPLE:
        yield DemoPerson(person.id, person.name, "representative")
    dealer = DEALERS[0]
    yield DemoPerson(f"{dealer.id}-user", dealer.name, "dealer")


def is_loaded(platform: Platform) -> bool:
    """Whether the log is that of the demo company, and of no real one."""
    with platform.database.read() as connection:
        first = platform.store.history(connection, FOUNDED, limit=1)
    return bool(first) and (first[0].actor or "").startswith("import:demo-")
