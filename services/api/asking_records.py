"""What a reader may ask of records: conditions on fields, words, an order, and how many."""

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from aggregates.conditions import OPERATORS
from commands.fields import Digits
from projections.engine.record import Record
from services.api.asking import Compared, Names, ReadQuery
from services.api.problems import Problem
from services.lists.own_conditions import own_conditions

Chosen = Annotated[str, Field(max_length=1_000, pattern=r"^[^\x00]*$")] | None


class Single(ReadQuery):
    """One thing, or what happened to it."""


class Listed(ReadQuery, Compared):
    """Any of a repeated name, and all of different ones."""

    q: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = Field(
        "",
        description="Words that must all be found in the id or the names: any part of a Chinese"
        " text, its pinyin or its first letters; of others, the beginning of a word or number.",
    )
    sort: Annotated[str, Field(max_length=200)] = Field(
        "id", description="Fields, separated by commas; with a hyphen before it, from the top down."
    )
    fields: Chosen = Field(
        None, description="Only these columns, in this order; separated by commas."
    )
    each: Chosen = Field(
        None,
        description="A list within each thing, such as `lines` of an order: a file has a row for"
        " each of it, with what the thing says in front.",
    )
    facets: Chosen = Field(
        None,
        description="Fields, separated by commas: the values of each with how many rows have them"
        " under the other conditions, on the first page.",
    )
    totals: Chosen = Field(
        None,
        description="Fields, separated by commas: the sum of each over all rows, by currency where"
        " there is one, on the first page.",
    )
    count: Literal["capped", "exact"] | None = Field(
        None,
        description="How many there are in all: up to 1,000, or exactly. `exact` looks at all rows"
        " for facets and totals as well.",
    )
    limit: Annotated[int, Field(ge=1, le=1_000), Digits] = 50


@cache
def listed(record: Record[Any]) -> type[Listed]:
    """The question about one kind: a parameter for each field, whose name may have a suffix."""
    suffixes = ", ".join(f".{one}" for one in OPERATORS)
    said = f"Any of these values. With a suffix: {suffixes}."
    fields: dict[str, Any] = {
        name: (Names, Field([], description=said))
        for name in record.columns
        if name in record.fields
    }
    for name, one in own_conditions(record).items():
        fields[name] = (Names, Field([], description=one.about))
    return create_model(f"{record.name.title()}Listed", __base__=Listed, **fields)


def unknown(record: Record[Any], id: str) -> Problem:
    """There was no such thing then."""
    name = record.name
    return Problem(
        "not-found",
        (
            f"There is no {id} among the {name} as of then. Look for it in GET /{name}.",
            f"{name} 中当时没有 {id}。请用 GET /{name} 查找。",
        ),
    )
