"""What stands on a quotation adds up, tells nothing that is not the customer's, and is drawn."""

import io
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from aggregates.organisation.letterhead import Letterhead
from aggregates.pricing.quotation_terms import QuotationTerms
from services.papers.pdf import drawn
from services.papers.quotation import Quoted, included, paper

COST, RULE = 77_777_777, "a secret rule"
amounts = st.integers(0, 10**12)


@st.composite
def lines(draw: Any) -> dict[str, Any]:
    """A line as it is kept, with what it costs and how its price came about."""
    quantity, price, listed = draw(st.integers(1, 10**6)), draw(amounts), draw(amounts)
    pricing = {"list_price": listed, "rules": [{"id": RULE}], "lists": [], "floor": COST}
    return {
        "line": 1,
        "item": draw(st.sampled_from(["tea", "茶", "𠮷"])),
        "quantity": quantity,
        "unit_price": price,
        "discount_bp": 0,
        "amount": draw(st.integers(0, quantity * price)),
        "cost": COST,
        "pricing": draw(st.sampled_from([None, pricing])),
    }


def quoted(some: list[dict[str, Any]], tax_bp: int | None = None, status: str = "sent") -> Quoted:
    revision = {"revision": 2, "revision_status": status, "valid_until": "2026-03-31",
                "note": "送货 <b>& more", "lines": some}  # fmt: skip
    row = {"id": "Q1", "revision": 2, "customer": "C1", "rep": "li", "currency": "CNY",
           "reference": None}  # fmt: skip
    head = Letterhead(name="Foods", name_zh="食品")
    return Quoted(row, revision, None, {}, {}, head, QuotationTerms(tax_bp=tax_bp), None, 0)


def fen(text: str) -> int:
    return int(text.replace(",", "").replace(".", ""))


@settings(max_examples=40)
@given(st.lists(lines(), min_size=1, max_size=4), st.integers(0, 10_000))
def test_a_paper_adds_up_and_tells_no_cost_and_no_rule(
    some: list[dict[str, Any]], tax_bp: int
) -> None:
    made = paper(quoted(some, tax_bp), "en")
    totals = {label.partition(" (")[0]: fen(shown) for label, shown in made.totals}
    amounts = [fen(row[-1]) for row in made.rows]
    assert totals["Total CNY"] == sum(amounts) == sum(one["amount"] for one in some)
    assert totals["Total without tax"] + totals["Tax included"] == totals["Total CNY"]
    if "Discount" in totals:
        assert totals["Total at list prices"] + totals["Discount"] == totals["Total CNY"]
        assert totals["Discount"] < 0
    assert RULE not in str(made)
    assert "777,777.77" not in str(made)


@given(st.integers(0, 10**14), st.integers(0, 10_000))
def test_tax_is_taken_out_to_the_nearest_fen(amount: int, rate: int) -> None:
    tax = included(amount, rate)
    assert abs(tax * (10_000 + rate) - amount * rate) * 2 <= 10_000 + rate


def test_it_is_drawn_with_whatever_people_write_and_twice_alike() -> None:
    line = {"line": 1, "quantity": 3, "unit_price": 5, "amount": 15, "pricing": None}
    some = [{**line, "item": item} for item in ("𠮷野家", "Ünïcode <i>", "行 \x07 列", "é中é")] * 10
    made = paper(quoted(some, status="superseded"), "zh-CN")
    first = drawn(made)
    assert drawn(made) == first
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(first)).pages]
    assert len(pages) > 1
    assert all("已被取代" in page for page in pages)
    text = "".join("".join(pages).split())
    for shown in ("〓野家", "Ünïcode<i>", "é中é", "送货<b>&more"):
        assert shown in text
