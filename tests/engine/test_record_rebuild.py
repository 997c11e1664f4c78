"""A record is made anew like any view: equal, switched in at once, and in order where restored."""

from company import CODEC, Company, Found, about
from sqlalchemy import select

from commands.catalog.product import AddProduct, RepriceProduct
from projections.catalog.product import record
from projections.engine import generations
from projections.engine.version_table import FOREVER
from services.workers.rebuild import Rebuild, roll_back


def rows(company: Company, *, now: bool = False) -> list[tuple[object, ...]]:
    with company.read() as connection:
        table = record.versions(generations.generation(connection, record.name))
        query = select(table).order_by(table.c.position, table.c.happened)
        found = connection.execute(query.where(table.c.ended == FOREVER) if now else query)
        return [tuple(row) for row in found]


def priced(company: Company, *prices: int) -> None:
    for price in prices:
        company.ask(about(RepriceProduct, id="tea", list_price=price))
    company.follow()


def test_a_record_made_anew_is_the_same_and_goes_on(found: Found) -> None:
    company = found()
    company.views = [record]
    with company.database.write() as connection:
        generations.create(connection, [record])
    company.follower = company.new_follower()
    what = {"name": "Tea", "category": "drinks", "unit": "box", "currency": "CNY"}
    company.ask(about(AddProduct, id="tea", list_price=100, **what))
    company.ask(about(AddProduct, id="cup", list_price=50, **what))
    priced(company, 110, 120)
    before = rows(company)
    done = Rebuild(company.store, CODEC, record).run(lambda *_: None)
    assert (done.switched, done.differences, done.rows) == (True, [], 4)
    assert rows(company) == before
    priced(company, 130)
    assert [row for row in rows(company, now=True) if 130 in row]
    assert roll_back(company.store, CODEC, record) == 1
    priced(company, 140)
    assert len(rows(company)) == 6
    assert [row for row in rows(company, now=True) if 140 in row]
