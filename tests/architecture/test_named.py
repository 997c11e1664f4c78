"""Whatever a command names must be there: an id that nobody has is refused, and told by its name.

Samples of all commands are asked with each field that names something naming nothing instead.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from architecture.test_repeats import SAMPLES, Sample
from pydantic import BaseModel
from scenario import World

from aggregates import Refused
from aggregates.mentions import NAMED
from aggregates.operations.register import IdRegistered
from commands import Command, registers
from commands.catalog.product import AddProduct
from commands.customers.customer import RegisterCustomer
from commands.fields import ID
from commands.loyalty.member import EnrolMember
from commands.opportunities.opportunity import OpenOpportunity
from commands.orders.order import DraftOrder, Line
from commands.organisation.rep import DismissRep, HireRep

NOBODY, LEFT = "nobody-404", "left-404"
MORE = {
    *("approver", "asked_by", "participants", "person", "with_person", "customers", "dealers"),
    *("opportunities", "contact", "lot", "renews", "outlet", "role", "position", "reports_to"),
    *("department", "region", "regions", "departments", "parent", "base", "gives_up"),
    *(
        "in_department",
        "in_region",
        "stage",
        "stage_task",
        "deal_type",
        "in_place_of",
        "with_department",
        "from_revision",
    ),
}
"""What names something that is there, besides the fields that events have as well."""
PEOPLE = {
    *("owner", "rep", "approver", "asked_by", "participants", "person", "with_person"),
}
OF_OLD = {"make-handover.rep": "who leaves hands over"}
NUMBERS = {
    *("agreement", "allocation", "document", "exchange", "interaction", "loss", "purchase"),
    *("receipt", "redemption", "reference", "refund", "replacement_order", "report", "return_id"),
    *("sale", "shipment", "spend", "statement", "to_contact", "top_up", "transfer", "write_off"),
    *("campaign", "check_in", "destination", "kind", "name", "other", "program", "purpose"),
    *("signer", "stand_in", "tier", "till"),
}
"""What those who send it call something new by, or find it again by; a destination is no thing of
the log, and while nobody has an account every stand-in and every signer is one.
"""
OTHER = {"with_department": "with_person", "dealer": "person"}
"""What is left out where another is named in its place."""
PLACES = {
    *("department", "region", "in_department", "in_region", "with_department"),
    *("category", "unit", "location", "from_location", "to_location", "warehouse"),
}
LISTED = "departments", "regions", "categories", "units", "warehouses"
"""Whose names are taken as they come until the company keeps the first of them."""
NEW: Mapping[str, str] = {
    "add-contact.contact": "the id of who is added",
    "convert-lead.contact": "the id of a new one, where it is none that is there",
    "approve-order.rest": "the order that is made",
    "order-quotation.order": "the order that is made",
    "make-contract.contract": "the contract that is made",
    "order-contract.order": "the order that is made",
    "set-list-price.unit": "it is compared with the product's own",
    "receive-stock.lot": "the first receipt of a lot registers it",
    "post-movement.lines.lot": "the same",
    "register-lot.lot": "the lot that is registered",
    "tick-task-item.item": "the number of an item in the list",
    "define-pipeline.stages.stage": "the stage that is defined",
    "enrol-member-lead.member": "the member that is made",
    "reverse-earning.dealer": "it tells purchases of one number apart",
    "return-purchase.dealer": "the same",
    "post-movement.to_location": "a transfer-stock is asked for it, and transfers alone have it",
    "revoke-role.role": "a role that the account never had is refused by the account",
}
"""Fields that name nothing that has to be there, and why."""


def shop(name: str) -> RegisterCustomer:
    return RegisterCustomer(id=name, name=name, customer_kind="dealer", owner="chief")


def product(name: str) -> AddProduct:
    what: dict[str, Any] = {"category": "x", "unit": "box", "list_price": 9, "currency": "CNY"}
    return AddProduct(id=name, name=name, **what)


THERE: tuple[Command, ...] = (
    *(HireRep(id=one, name=one, department="east", region="shanghai") for one in ("chief", "boss")),
    *map(shop, ("A", "B", "P", "Q", "S2")),
    *map(product, ("A", "B", "P", "Q")),
    HireRep(id=LEFT, name="Sun", department="east", region="shanghai"),
    DismissRep(id=LEFT, reason="retired"),
    OpenOpportunity(id="A", customer="A", title="Tea", amount=5, currency="CNY"),
    EnrolMember(id="A"),
    DraftOrder(id="X", customer="A", warehouse="W", lines=(Line(item="A", quantity=9),)),
)
"""What samples name without making it."""


def places(command: Any) -> Iterator[str]:
    """What a request, or a line of it, says of the kinds that are listed."""
    for name in type(command).model_fields:
        value = getattr(command, name)
        if isinstance(value, str) and name in PLACES:
            yield value
        for one in value if isinstance(value, tuple) else ():
            yield from places(one) if isinstance(one, BaseModel) else (one,) * (name == "regions")


KNOWN = {
    name
    for sample in SAMPLES
    for command in (*THERE, *sample.before, sample.command)
    for name in places(command)
}


def naming(model: type[BaseModel]) -> list[str]:
    """The fields of a request, or of a line of it, that name something."""
    return [
        name
        for name, field in model.model_fields.items()
        if (name in NAMED or name in MORE) and ID.pattern in f"{field.metadata}{field.annotation}"
    ]


def tried(command: Command, nothing: str = NOBODY) -> Iterator[tuple[str, Command]]:
    """The command with each of its names naming nothing, but for what it is asked of itself."""
    for name, field in type(command).model_fields.items():
        value = getattr(command, name)
        if name in naming(type(command)):
            nobody: Any = (nothing,) if "tuple" in str(field.annotation) else nothing
            alone = {OTHER[name]: None} if OTHER.get(name) in type(command).model_fields else {}
            yield name, command.model_copy(update={name: nobody, **alone})
        elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            for inner in naming(type(value[0])):
                line = value[0].model_copy(update={inner: nothing})
                yield f"{name}.{inner}", command.model_copy(update={name: (line,)})


def world(sample: Sample) -> World:
    made = {f"register-{kind}": tuple(map(IdRegistered, sorted(KNOWN))) for kind in LISTED}
    found = World(made)
    own = {one.stream for one in (*sample.before, sample.command)}
    found.ask(*sample.before)
    for one in THERE:
        with suppress(Refused):  # what rests on what the sample makes itself
            if one.stream not in own:
                found.ask(one)
    return found.acting(sample.asked_by)


def answer(sample: Sample, asked: Command, nothing: str) -> str:
    try:
        there = world(sample)
        registers.use(checked=True)
        there.ask(asked)
    except Refused as no:
        if nothing in str(no) and nothing in no.zh:
            return ""
        return f"{type(no).__name__} {no}"
    finally:
        registers.use(checked=False)
    return "was taken"


def wrongly(nothing: str, fields: Callable[[str], bool]) -> dict[str, str]:
    """What was answered where something is named that cannot be."""
    asked = dict[str, str]()
    for sample in SAMPLES:
        for name, command in tried(sample.command, nothing):
            where = f"{sample.command.slug()}.{name}"
            own = command.stream != sample.command.stream
            if fields(where) and not own and where not in asked:
                asked[where] = answer(sample, command, nothing)
    assert asked
    return {where: said for where, said in asked.items() if said}


def test_an_id_that_nobody_has_is_refused_by_its_name() -> None:
    assert wrongly(NOBODY, lambda where: where not in NEW) == {}


def test_who_has_left_takes_on_nothing_and_signs_nothing() -> None:
    assert (
        wrongly(LEFT, lambda where: where.rpartition(".")[2] in PEOPLE and where not in OF_OLD)
        == {}
    )


def test_each_id_that_a_command_takes_names_something_or_is_a_number_of_its_own() -> None:
    ids = {
        name
        for kind in Command.known.values()
        for name, field in kind.model_fields.items()
        if ID.pattern in f"{field.metadata}{field.annotation}"
    }
    assert ids - {*NAMED} - MORE - {"id"} == NUMBERS
