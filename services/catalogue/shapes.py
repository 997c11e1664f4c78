"""The shape of the catalogue, as the OpenAPI document shows it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from aggregates.marks import Unit as Unit

Type = Literal["text", "integer", "number", "truth", "day", "instant", "currency", "object", "any"]


class CataloguePart(BaseModel):
    """What is false, empty or unknown is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(CataloguePart):
    value: str
    label: str


class FieldPart(CataloguePart):
    """A field of a record, a command, an event or a figure."""

    name: str
    label: str = Field(description="In the language of the catalogue.")
    type: Type = Field(description="A record's instants and days are texts by RFC 3339.")
    about: str | None = Field(
        None, description="What a person who fills it in should know, in that language."
    )
    many: bool = Field(False, description="A list of them.")
    optional: bool = Field(False, description="It may be left out, or be missing.")
    nullable: bool = Field(False, description="It may be null: a change is cleared so.")
    unit: Unit | None = Field(
        None,
        description="What it counts: `minor` units of a currency (fen, cents; `currencies` tells"
        " their digits), basis points (2500 is 25 %), points, seconds or days.",
    )
    currency: str | None = Field(
        None, description="The field beside it, or of what it is in, that names its currency."
    )
    adds_up: bool = Field(False, description="It is worth adding up over several of its things.")
    choices: list[Choice] = Field([], description="The members of its enumeration.")
    names: list[str] = Field([], description="The kinds of things that it may hold an id of.")
    personal: bool = Field(False, description="It tells of a person.")
    searched: bool = Field(False, description="Looked through by `q`.")
    sorted: bool = Field(False, description="The list can be sorted by it.")
    filtered: bool = Field(
        False, description="The list can be filtered by it, with the `operators` of its type."
    )
    tree: bool = Field(
        False, description="Its values lie in a tree: `.under` takes one and all below it."
    )
    explained: bool = Field(
        False, description="It can be given as `measure` where the events behind it are asked for."
    )
    fields: list["FieldPart"] = Field([], description="Of each object in it.")


class ContextPart(CataloguePart):
    name: str
    label: str
    about: str


class KindPart(CataloguePart):
    name: str = Field(description="What streams begin with: `customer-C-100`.")
    label: str
    plural: str = Field(description="The label of many of them.")
    context: str
    record: str | None = Field(None, description="The name of its list.")
    address: str | None = Field(
        None, description="Its list; below it /{id}, its /history, its /timeline and /at/{version}."
    )
    fields: list[FieldPart] = Field([], description="Of its record.")
    commands: list[str] = []
    events: list[str] = []
    files: bool = Field(False, description="Files may hang on it: /{id}/files below its list.")


class CommandPart(CataloguePart):
    name: str
    label: str
    about: str
    context: str
    kind: str
    address: str
    begins: bool = Field(
        False, description="It makes a new thing; the others are asked of what is there."
    )
    version: bool = Field(
        False, description="Where the stream exists, `If-Match` has to name the version seen."
    )
    fields: list[FieldPart]
    schema_: dict[str, Any] = Field(
        alias="schema",
        description="JSON Schema of the body; titles are labels, and the labels of an"
        " enumeration's members are in `x-labels`.",
    )


class SettingsPart(CataloguePart):
    """What a company may decide for itself, in one context."""

    name: str = Field(description="The `id` of `change-settings`.")
    label: str
    about: str
    context: str
    address: str = Field(description="Where it is read; below it /history.")
    fields: list[FieldPart]
    defaults: dict[str, Any] = Field(description="What holds until it is changed.")
    schema_: dict[str, Any] = Field(
        alias="schema", description="JSON Schema of the `values` of `change-settings`."
    )


class EventPart(CataloguePart):
    name: str
    label: str
    about: str | None = None
    kind: str | None = Field(None, description="Nothing where any kind may have it.")
    refusal: bool = Field(False, description="It records a no, and changes nothing.")
    fields: list[FieldPart]


class FigurePart(CataloguePart):
    name: str
    label: str
    about: str
    context: str
    address: str
    why: str = Field(description="The events behind it.")
    view: str = Field(description="The read model that it is asked of, as /status names it.")
    dimensions: list[FieldPart] = Field(description="What its rows are told apart by.")
    measures: list[FieldPart]
    filters: list[FieldPart]
    parameters: list[FieldPart] = Field(description="Besides those of all figures.")


class OperatorPart(CataloguePart):
    name: str = Field(description="After the field's name and a dot: `amount.gte`.")
    label: str
    types: list[Type] = Field(description="None for `under`, which fits fields in a `tree`.")


class CurrencyPart(CataloguePart):
    code: str
    label: str
    digits: int = Field(description="Of its minor unit.")


class Catalogue(CataloguePart):
    """Everything that can be listed, asked for and looked at, with its labels."""

    language: str
    languages: list[str]
    zone: str = Field(description="Where business days are kept.")
    contexts: list[ContextPart]
    kinds: list[KindPart]
    commands: list[CommandPart]
    settings: list[SettingsPart]
    events: list[EventPart]
    figures: list[FigurePart]
    operators: list[OperatorPart]
    currencies: list[CurrencyPart]
    operations: list[str] = Field(
        [],
        description="What of the platform the reader keeps in order, as `operate:status` grants.",
    )
