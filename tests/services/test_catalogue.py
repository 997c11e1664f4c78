"""The catalogue says of every field what a form, a list and an import need to know."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from aggregates import Event, calendar
from commands import Amount, Command
from services import bootstrap
from services.catalogue import building, meanings
from services.catalogue.shapes import Catalogue, FieldPart
from services.labels import HELP, LANGUAGES, entries, names

HERE = building.catalogue("en")
COMMANDS = {one.name: one for one in HERE.commands}
KINDS = {one.name: one for one in HERE.kinds}
AMOUNT = TypeAdapter(Amount).json_schema()
VALUES: dict[str, Any] = {
    "text": "A-1",
    "integer": 1,
    "truth": True,
    "day": "2026-01-05",
    "instant": "2026-01-05T09:30:00+08:00",
    "currency": "CNY",
}

OF_NAME = {
    "file": "ab" * 32,
    "events": "OrderRejected",
    "zone": "Asia/Shanghai",
    "period": "2026-11",
    "proof": "cd" * 32,
}
"""Whose values are of another form."""


NAMED: dict[str, dict[str, Any]] = {
    "change-settings": {"id": "loyalty.earning", "values": {"points": 2}, "occurred_at": None},
    **{
        f"{verb}-approval": {"id": "order:SO-1:1"}
        for verb in ("sign", "refuse", "comment", "withdraw", "reassign")
    },
}
"""Of settings the form is made of the part of the catalogue that is named; an approval is named by
its document."""


def filled(fields: list[FieldPart], slug: str = "") -> dict[str, Any]:
    """What a form makes of its fields, with something in each."""
    found = {}
    for field in fields:
        if field.name in NAMED.get(slug, {}):
            found[field.name] = NAMED[slug][field.name]
            continue
        value = field.choices[0].value if field.choices else VALUES.get(field.type)
        value = OF_NAME.get(field.name, value)
        if field.type == "object":
            value = filled(field.fields)
        found[field.name] = [value] if field.many else value
    return found


@pytest.mark.parametrize("slug", sorted(COMMANDS))
def test_a_form_made_of_its_fields_asks_for_a_command_that_can_be_read(slug: str) -> None:
    part = COMMANDS[slug]
    Command.known[slug].model_validate(filled(part.fields, slug))
    needed = [field for field in part.fields if not field.optional]
    Command.known[slug].model_validate(filled(needed, slug))
    for field in needed:
        rest = [other for other in part.fields if other is not field]
        with pytest.raises(ValueError, match=field.name):
            Command.known[slug].model_validate(filled(rest, slug))


def test_every_command_kind_and_event_is_there() -> None:
    assert set(COMMANDS) == set(Command.known)
    assert set(KINDS) == {kind.kind for kind in bootstrap.AGGREGATES}
    assert {one.name for one in HERE.events} == set(Event.known)
    listed = [event for kind in HERE.kinds for event in kind.events]
    assert sorted([*listed, "DateFlagged"]) == sorted(Event.known)
    assert sorted(name for kind in HERE.kinds for name in kind.commands) == sorted(COMMANDS)


def test_money_says_where_its_currency_is() -> None:
    unsaid = [
        (owner, field.name)
        for owner, fields in shapes()
        for field in fields
        if field.unit == "minor" and field.currency is None
    ]
    assert {owner for owner, _ in unsaid} <= {
        # It is that of what they are about, which they do not say again.
        "ProductRepriced",
        "break-down-target.parts",
        "change-target",
        "reprice-product",
        "receive-stock",
        "correct-receipt-cost",
        "MovementPosted.lines",
        "post-movement.lines",
        "movements.lines",
        "OrderRedrafted.lines",
        "OrderSplit.lines",
        "OrderSplit.left",
        "OrderRedrafted.lines.packed",
        "OrderSplit.lines.packed",
        "OrderSplit.left.packed",
        "OrderSubmitted",
        "draft-order.lines",
        "exchange-order.replacement",
        "redraft-order.lines",
        "correct-goods-flow.lines",
        "revise-quotation.lines",
        "revise-contract.lines",
        "revalue-opportunity",
        "return-sell-out",
        "write-off-invoice",
        "allocate-receipt",
        "refund-receipt",
    }


def test_every_amount_that_can_be_asked_for_is_money() -> None:
    schemas = ((slug, one.schema_) for slug, one in COMMANDS.items())
    most = {
        f"{slug}.{name}"
        for slug, schema in schemas
        for name, field in schema["properties"].items()
        if AMOUNT.items() <= field.items() or AMOUNT.items() <= field.get("anyOf", [{}])[0].items()
    }
    money = {
        f"{slug}.{field.name}"
        for slug, one in COMMANDS.items()
        for field in one.fields
        if field.unit == "minor"
    }
    assert most
    assert most <= money


def test_no_meaning_is_given_to_a_name_that_nothing_has() -> None:
    paths = [f"{owner}.{field.name}" for owner, fields in shapes() for field in fields]
    used = {name for path in paths for name in names(path)}
    assert set(meanings.IDS) | set(meanings.TIMES) <= used


def test_what_holds_an_id_names_a_kind_that_is_there() -> None:
    named = {kind for _, fields in shapes() for field in fields for kind in field.names}
    assert named <= set(KINDS)
    assert fields_of("orders")["customer"].names == ["customer"]
    assert fields_of("orders")["split_from"].names == ["order"]
    rankings = next(one for one in HERE.figures if one.name == "rankings-dealers")
    assert rankings.dimensions[0].names == ["customer"]
    location = next(one for one in COMMANDS["receive-stock"].fields if one.name == "location")
    assert location.names == ["warehouse", "customer"]


def test_what_a_plain_kind_names_is_told_wherever_its_fields_stand() -> None:
    event = next(one for one in HERE.events if one.name == "CategoryRegistered")
    for fields in (
        fields_of("categories").values(),
        COMMANDS["change-category"].fields,
        event.fields,
    ):
        assert {one.name: one.names for one in fields}["parent"] == ["category"]


def test_what_tells_of_a_person_is_marked_where_it_is_asked_for_as_where_it_is_kept() -> None:
    kept = {
        (kind.name, field.name)
        for kind in HERE.kinds
        for event in HERE.events
        if event.name in kind.events
        for field in event.fields
        if field.personal
    }
    asked = {
        (part.kind, field.name) for part in HERE.commands for field in part.fields if field.personal
    }
    assert asked == kept - {("request", "of_person")}, "that is what other commands ask for"


UNASKED = {"settings", "request", "approval", "collision"}
"""What nobody asks to begin: settings are there from the first day, whatever is to be confirmed or
signed begins with what it waits for, and collisions with what is looked at."""


def test_each_kind_that_is_listed_has_a_command_that_begins_one() -> None:
    for kind in HERE.kinds:
        begun = [slug for slug in kind.commands if COMMANDS[slug].begins]
        if kind.record is not None and kind.name not in UNASKED:
            said = f"{kind.name}: mark the command that makes one with `begins`"
            assert bool(begun) == bool(kind.commands), said


def test_an_enumeration_has_labels_in_the_language_of_the_catalogue() -> None:
    kind = fields_of("customers", "zh-CN")["customer_kind"]
    assert (kind.choices[0].value, kind.choices[0].label) == ("dealer", "经销商")
    status = fields_of("orders", "zh-CN")["status"]
    assert {one.value: one.label for one in status.choices}["partly_shipped"] == "部分发货"
    series = next(one for one in building.catalogue("zh-CN").figures if one.name == "series")
    assert {one.name: one.choices for one in series.filters}["reason"][0].label == "价格"


def test_what_is_nested_tells_its_own_fields() -> None:
    lines = fields_of("orders")["lines"]
    assert (lines.type, lines.many) == ("object", True)
    assert {one.name: one.unit for one in lines.fields}["unit_price"] == "minor"
    returns = fields_of("orders")["returns"]
    assert [one.name for one in returns.fields] == ["return", "reason", "lines"]


def test_the_titles_of_a_schema_are_labels() -> None:
    schema = {one.name: one for one in building.catalogue("zh-CN").commands}["draft-order"].schema_
    assert schema["title"] == "起草订单"
    assert schema["properties"]["customer"]["title"] == "客户"
    assert schema["$defs"]["Line"]["properties"]["unit_price"]["title"] == "单价"
    assert schema["properties"]["dates"]["x-labels"] == {"refuse": "拒绝", "flag": "接受并标记"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_left_out_is_false_or_unknown_to_whoever_reads_it(language: str) -> None:
    read = Catalogue.model_validate_json(building.as_json(language))
    assert read == building.catalogue(language)


def test_business_days_are_those_of_the_zone_in_use() -> None:
    before = building.as_json("en")
    calendar.use("Europe/Berlin")
    try:
        assert b'"zone":"Europe/Berlin"' in building.as_json("en")
    finally:
        calendar.use(calendar.DEFAULT)
    assert building.as_json("en") == before


def fields_of(record: str, language: str = "en") -> dict[str, FieldPart]:
    kind = next(one for one in building.catalogue(language).kinds if one.record == record)
    return {field.name: field for field in kind.fields}


def shapes() -> Iterator[tuple[str, list[FieldPart]]]:
    """Every list of fields, with where it stands."""
    for kind in HERE.kinds:
        yield from _within(kind.record or kind.name, kind.fields)
    for part in (*HERE.commands, *HERE.events):
        yield from _within(part.name, part.fields)
    for figure in HERE.figures:
        told = [*figure.dimensions, *figure.measures, *figure.filters, *figure.parameters]
        yield from _within(figure.name, told)


def _within(owner: str, fields: list[FieldPart]) -> Iterator[tuple[str, list[FieldPart]]]:
    yield owner, fields
    for field in fields:
        if field.fields:
            yield from _within(f"{owner}.{field.name}", field.fields)


def texts(language: str) -> set[str]:
    """All that says what something is for."""
    there = building.catalogue(language).model_dump(by_alias=True)
    return {" ".join(said.split()) for said in _said(there)}


def _said(node: Any) -> Iterator[str]:
    inside = node.items() if isinstance(node, dict) else enumerate(node)
    for name, inner in inside:
        if isinstance(inner, str) and name in ("about", "description"):
            yield inner
        elif isinstance(inner, dict | list):
            yield from _said(inner)


def test_what_everything_is_for_is_said_in_chinese() -> None:
    lacking = sorted(texts("en") & texts("zh-CN"))
    wanted = "\n\n".join(f'msgid "{one}"\nmsgstr "…"' for one in lacking)
    assert not lacking, f"Add to services/locale/zh_CN/LC_MESSAGES/help.po:\n\n{wanted}"


def test_nothing_is_said_in_chinese_that_nobody_says_in_english() -> None:
    known = {entry.names[0] for entry in entries("zh-CN", HELP)}
    assert not known - texts("en"), "Remove it from help.po, or put it as the English says it now"


NUMBERS_TOO = frozenset(
    {
        *("open", "opened", "won", "lost", "returned", "shipped", "value", "difference"),
        *("ordered", "left"),
    }
)
"""Called like an amount somewhere, and counted elsewhere, as these:"""
NO_MONEY = frozenset({"ClaimRefused.limit"})


def test_what_is_money_in_one_place_is_money_in_every_other() -> None:
    every = [(f"{name}.{field.name}", field) for name, fields in shapes() for field in fields]
    amounts = {field.name for _, field in every if field.unit == "minor"} - NUMBERS_TOO
    plain = {name for name, one in every if one.type == "integer" and one.unit is None}
    assert {one for one in plain if one.rpartition(".")[2] in amounts} == NO_MONEY


def test_what_is_summed_by_currency_is_money() -> None:
    by_currency = [one for one in HERE.figures if "currency" in {d.name for d in one.dimensions}]
    assert len(by_currency) > 5
    assert not [f.name for f in by_currency if "minor" not in {one.unit for one in f.measures}]
