"""What records tell of a person is found, and removed from every version and from the search."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from engine.test_record import heard
from sqlalchemy import select

from aggregates.customers.customer import ContactAdded, ContactChanged, CustomerRegistered
from aggregates.loyalty.member import MemberDetailsChanged, MemberEnrolled
from infra.database import Database
from projections.customers.customer import record as customers
from projections.engine import DecodedEvent, generations, persons
from projections.engine.reach import EVERYTHING
from projections.engine.reading import NOW
from projections.engine.record import Record
from projections.engine.record_by_id import one
from projections.engine.record_query import RecordQuery, page
from projections.loyalty.member import record as members

ZHANG, WANG = "张伟 13900000000", "王芳"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, durable=False)
    with database.write() as connection:
        generations.create(connection, [members, customers])
        generations.begin(connection, members)  # and one that is being filled
        for record, told in ((members, enrolled()), (customers, registered())):
            assert record.apply(connection, 1, told) == []
        assert members.apply(connection, 2, enrolled()) == []
    yield database
    database.close()


def as_heard(stream: str, *events: Any) -> list[DecodedEvent]:
    """Events of one stream, each an instant after the one before."""
    said = heard([("x", n, "") for n, _ in enumerate(events)])
    return [
        DecodedEvent(one.log, msgspec.structs.replace(one.recorded, stream=stream), event)
        for one, event in zip(said, events, strict=True)
    ]


def enrolled() -> list[DecodedEvent]:
    first = MemberEnrolled(ZHANG, "13900000000", None, "gold")
    return as_heard("member-m1", first, MemberDetailsChanged(f"{ZHANG} sr", None, None, 1))


def registered() -> list[DecodedEvent]:
    shop = CustomerRegistered("Shop", "retailer", "li", "east", "sh", None, None, None)
    contact = ContactAdded("c1", ZHANG, None, "13900000000", None)
    other = ContactAdded("c2", WANG, "buyer", None, None)
    change = ContactChanged("c1", ZHANG, "boss", "13900000000", None, 2)
    return as_heard("customer-s1", shop, contact, other, change)


def everything(database: Database, record: Record[Any], generation: int) -> str:
    with database.read() as connection:
        tables = record.every_table(generation)
        return str([connection.execute(select(table)).all() for table in tables])


def test_a_member_is_removed_from_every_version_generation_and_search(database: Database) -> None:
    with database.write() as connection:
        assert (
            len(persons.personal_fields(connection, members, "m1")) == 2 * 2
        )  # versions, generations
        found, _ = page(connection, members, RecordQuery(EVERYTHING, words=["张伟"]), NOW)
        assert [row["id"] for row in found] == ["m1"]
        persons.remove(connection, members, "m1")
        assert persons.personal_fields(connection, members, "m1") == []
        assert page(connection, members, RecordQuery(EVERYTHING, words=["zhangwei"]), NOW)[0] == []
    for generation in (1, 2):
        left = everything(database, members, generation)
        assert not [word for word in ("张", "139", "zhang") if word in left]
        assert "gold" in left


def test_one_contact_is_removed_and_the_others_stay(database: Database) -> None:
    with database.write() as connection:
        persons.remove(connection, customers, "s1", "c1")
        shop = one(connection, customers, "s1", NOW)
    assert shop is not None
    assert [contact.get("name") for contact in shop["contacts"]] == [None, WANG]
    left = everything(database, customers, 1)
    assert not [word for word in ("张", "139", "boss") if word in left]


def test_a_record_whose_fields_have_changed_is_made_anew(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE members_1_versions RENAME COLUMN phone TO fax")
        generations.create(connection, [members])
        assert generations.size(connection, members, 1) == 0
        assert members.apply(connection, 1, enrolled()) == []
        generations.create(connection, [members])
        assert generations.size(connection, members, 1) == 2


def test_a_rebuild_that_an_older_build_has_begun_begins_anew(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE members_2_versions RENAME COLUMN phone TO fax")
        assert generations.begin(connection, members) == 2
        assert generations.size(connection, members, 2) == 0
        assert members.apply(connection, 2, enrolled()) == []
        assert generations.begin(connection, members) == 2
        assert generations.size(connection, members, 2) == 2
