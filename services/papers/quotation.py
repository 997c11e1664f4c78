"""A quotation as its customer gets it: what is offered, and never how its prices came about."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from aggregates.currency import EXPONENTS
from aggregates.line_pricing import WHOLE
from aggregates.organisation.letterhead import Letterhead
from aggregates.pricing.quotation_terms import QuotationTerms
from services.papers.paper import Paper, PaperColumn, PaperNote
from services.papers.words import WORDS, QuotationWords

CHINESE = "zh-CN"


class Quoted(NamedTuple):
    """One revision of a quotation, with what its paper says besides.

    `names` are those of the customer, of whoever offers it and of products, and `units` those of
    the products; `as_of` says of which moment it is, where one was asked for.
    """

    row: Mapping[str, Any]
    revision: Mapping[str, Any]
    day: str | None
    names: Mapping[str, Mapping[str, str]]
    units: Mapping[str, str]
    letterhead: Letterhead
    terms: QuotationTerms
    as_of: str | None
    made_at: int


class QuotationLine(NamedTuple):
    """`price` is the list price of one unit, or what was agreed where that is more; of one pack,
    where the line is in packs.
    """

    line: Mapping[str, Any]

    @property
    def packed(self) -> Mapping[str, Any]:
        """What was said: a line in the product's own unit is so many packs of one."""
        own = {"unit": None, "factor": 1, "quantity": self.line["quantity"], "unit_price": None}
        return self.line.get("packed") or own

    @property
    def price(self) -> int:
        pricing, said = self.line["pricing"], self.packed
        each = int(self.line["unit_price"]) * said["factor"]
        given = each if said["unit_price"] is None else int(said["unit_price"])
        return given if pricing is None else max(given, int(pricing["list_price"]) * said["factor"])

    @property
    def full(self) -> int:
        return self.price * int(self.packed["quantity"])

    @property
    def amount(self) -> int:
        return int(self.line["amount"])


def paper(of: Quoted, language: str) -> Paper:
    words = WORDS[language]
    lines = [QuotationLine(one) for one in of.revision["lines"]]
    footer = f"{words.title} {of.row['id']} / {of.revision['revision']}"
    if of.as_of is not None:
        footer += f" · {words.as_of.format(moment=of.as_of)}"
    return Paper(
        language=language,
        sender=_of(of, "name", language) or "",
        letterhead=[*_letterhead(of, words, language)],
        title=words.title,
        facts=[*_facts(of, words)],
        columns=_columns(words),
        rows=[_row(of, one) for one in lines],
        totals=[*_totals(of, words, lines)],
        notes=[*_notes(of, words, language)],
        footer=footer,
        page=words.page,
        stamp=words.stamps.get(of.revision["revision_status"]),
        made_at=of.made_at,
    )


def _of(of: Quoted, name: str, language: str) -> str | None:
    """What the letterhead says, in that language where it is told in both."""
    plain: str | None = getattr(of.letterhead, name)
    chinese: str | None = getattr(of.letterhead, f"{name}_zh", None)
    return chinese or plain if language == CHINESE else plain or chinese


def _letterhead(of: Quoted, words: QuotationWords, language: str) -> Iterator[str]:
    said = (
        ((words.address, "address"),),
        ((words.phone, "phone"), (words.tax_id, "tax_id")),
        ((words.bank, "bank"), (words.account, "bank_account")),
    )
    for line in said:
        told = [(label, _of(of, name, language)) for label, name in line]
        if shown := [f"{label}{words.between}{value}" for label, value in told if value]:
            yield " · ".join(shown)


def _facts(of: Quoted, words: QuotationWords) -> Iterator[tuple[str, str]]:
    row, revision = of.row, of.revision
    yield words.number, row["id"]
    yield words.revision, str(revision["revision"])
    yield words.customer, of.names.get("customer", {}).get(row["customer"], row["customer"])
    yield words.currency, row["currency"]
    if of.day is not None:
        yield words.date, of.day
    yield words.valid_until, revision["valid_until"]
    yield words.contact, of.names.get("rep", {}).get(row["rep"], row["rep"])
    if row["reference"] and revision["revision"] == row["revision"]:
        yield words.reference, row["reference"]


def _columns(words: QuotationWords) -> Sequence[PaperColumn]:
    return (
        PaperColumn(words.line, 0.06),
        PaperColumn(words.item, 0.30),
        PaperColumn(words.quantity, 0.10, figures=True),
        PaperColumn(words.unit, 0.13),
        PaperColumn(words.list_price, 0.13, figures=True),
        PaperColumn(words.discount, 0.13, figures=True),
        PaperColumn(words.amount, 0.15, figures=True),
    )


def _row(of: Quoted, one: QuotationLine) -> Sequence[str]:
    item, currency, said = one.line["item"], of.row["currency"], one.packed
    off, unit = one.full - one.amount, of.units.get(item, "")
    if (pack := said["unit"]) is not None:
        whole = f"{one.line['quantity']:,} {unit}".strip()
        unit = f"{of.names.get('unit', {}).get(pack, pack)} ({whole})"
    return (
        str(one.line["line"]),
        of.names.get("item", {}).get(item, item),
        f"{said['quantity']:,}",
        unit,
        _money(one.price, currency),
        _money(-off, currency) if off else "–",
        _money(one.amount, currency),
    )


def _totals(
    of: Quoted, words: QuotationWords, lines: Sequence[QuotationLine]
) -> Iterator[tuple[str, str]]:
    currency = of.row["currency"]
    full, total = sum(one.full for one in lines), sum(one.amount for one in lines)
    if full != total:
        yield words.before_discount, _money(full, currency)
        yield words.discount, _money(total - full, currency)
    yield f"{words.total} {currency}", _money(total, currency)
    if (rate := of.terms.tax_bp) is not None:
        tax = included(total, rate)
        yield words.untaxed, _money(total - tax, currency)
        yield words.tax.format(rate=f"{Decimal(rate) / 100:f}"), _money(tax, currency)


def included(amount: int, rate_bp: int) -> int:
    """The tax within an amount, in whole minor units; half a unit is one."""
    return (2 * amount * rate_bp + WHOLE + rate_bp) // (2 * (WHOLE + rate_bp))


def _notes(of: Quoted, words: QuotationWords, language: str) -> Iterator[PaperNote]:
    if of.revision["note"]:
        yield PaperNote(words.note, [of.revision["note"]])
    if of.terms.terms:
        said = [
            one.text_zh or one.text if language == CHINESE else one.text for one in of.terms.terms
        ]
        yield PaperNote(words.terms, [f"{n}. {text}" for n, text in enumerate(said, 1)])


def _money(minor: int, currency: str) -> str:
    """In major units, with all the decimals that the currency has."""
    digits = EXPONENTS.get(currency, 0)
    return f"{Decimal(minor).scaleb(-digits):,.{digits}f}"
