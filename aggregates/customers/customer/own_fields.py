"""Fields of a company's own: what it wants to know of its customers besides what everybody does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from aggregates import Refused
from aggregates.marks import between
from aggregates.settings import SettingsModel, named_twice

OwnFieldId = Literal[
    "own_text_1",
    "own_text_2",
    "own_text_3",
    "own_text_4",
    "own_text_5",
    "own_text_6",
    "own_number_1",
    "own_number_2",
    "own_number_3",
    "own_number_4",
    "own_date_1",
    "own_date_2",
    "own_date_3",
]
OWN_FIELDS: tuple[str, ...] = get_args(OwnFieldId)
BOUND = between(0, 10**12)


class BadOwnField(Refused):
    """A field of the company's own is declared once, with what fits its type."""


class UnfitOwnField(Refused):
    """A field of the company's own holds what the company says of it."""


@dataclass(frozen=True)
class OwnValue:
    """What a field of the company's own holds: a text, a whole number, or a day as text."""

    field: str
    value: str | int


@dataclass(frozen=True)
class OwnChoice:
    value: str


@dataclass(frozen=True)
class OwnField:
    """`field` says where it is kept, and so of what type it is: texts, whole numbers and dates.

    `name` is its label, and `name_zh` that of Chinese readers. A text with `choices` is one of
    them; a number lies from `least` to `most`. One that is `required` is told of every customer
    that is registered from then on.
    """

    field: OwnFieldId
    name: str
    name_zh: str | None = None
    choices: tuple[OwnChoice, ...] = ()
    required: bool = False
    least: Annotated[int | None, BOUND] = None
    most: Annotated[int | None, BOUND] = None

    def check(self) -> None:
        """Refuse choices that are alike, and bounds that nothing lies between."""
        if twice := named_twice([choice.value for choice in self.choices]):
            raise BadOwnField(
                f"{self.name}: {twice} is a choice twice. Leave it out once.",
                f"{self.called('zh')}：选项 {twice} 重复。请去掉一个。",
            )
        if self.most is not None and (self.least or 0) > self.most:
            raise BadOwnField(
                f"{self.name}: nothing lies from {self.least} to {self.most}. Turn the bounds"
                " round.",
                f"{self.called('zh')}：没有数字介于 {self.least} 和 {self.most} 之间。"
                "请对调上下限。",
            )

    def called(self, language: str) -> str:
        return self.name if language == "en" else self.name_zh or self.name

    def fit(self, value: str | int) -> None:
        """Refuse what is none of its choices, or lies outside of its bounds."""
        choices = [one.value for one in self.choices]
        if choices and value not in choices:
            raise UnfitOwnField(
                f"{self.name} is one of {', '.join(choices)}, not {value}. Choose one of them.",
                f"{self.called('zh')} 只能是 {'、'.join(choices)}，而不是 {value}。请选择其一。",
            )
        if isinstance(value, int) and not self._within(value):
            least, most = self.least or 0, "…" if self.most is None else self.most
            raise UnfitOwnField(
                f"{self.name} lies from {least} to {most}, and {value} does not. Correct it.",
                f"{self.called('zh')} 须在 {least} 至 {most} 之间，{value} 不在其中。请更正。",
            )

    def _within(self, value: int) -> bool:
        return (self.least or 0) <= value and (self.most is None or value <= self.most)


class OwnFieldSettings(SettingsModel, id="customers.fields"):
    """The fields that the company keeps of its customers besides those that everybody has."""

    fields: tuple[OwnField, ...] = ()

    def check(self) -> None:
        seen = set[str]()
        for one in self.fields:
            if one.field in seen or one.name in seen:
                raise BadOwnField(
                    f"{one.field}, {one.name}: each field and each name stands here once. Take"
                    " another.",
                    f"{one.field}、{one.called('zh')}：每个字段和名称只能出现一次。请另选。",
                )
            seen |= {one.field, one.name}
            one.check()
            number, text = one.field.startswith("own_number"), one.field.startswith("own_text")
            bounds = one.least is not None or one.most is not None
            if (one.choices and not text) or (bounds and not number):
                raise BadOwnField(
                    f"{one.name}: choices are for texts, and bounds for numbers. Take another"
                    " field, or leave them out.",
                    f"{one.called('zh')}：选项只用于文本，上下限只用于数字。"
                    "请换一个字段或去掉它们。",
                )

    def fit(self, values: Iterable[OwnValue], *, asked: Iterable[str]) -> None:
        """Refuse values that are not as the fields are declared, as far as they are asked now.

        `asked` are the fields that a request names, or all of a customer that begins.
        """
        told, known = {one.field: one.value for one in values}, self.by_field
        for name in asked:
            if name in told and name not in known:
                every = "; ".join(f"{one.field} ({one.name})" for one in self.fields) or "none"
                raise UnfitOwnField(
                    f"{name} is no field of this company: there are {every}. Add it to the"
                    " settings customers.fields, or leave it out.",
                    f"{name} 不是本公司的字段：现有 {every}。"
                    "请在 customers.fields 设置中添加，或不要填写。",
                )
            if name in told:
                known[name].fit(told[name])
            elif name in known and known[name].required:
                raise UnfitOwnField(
                    f"{known[name].name} is required. Give {name}.",
                    f"{known[name].called('zh')} 为必填项。请填写 {name}。",
                )

    @property
    def by_field(self) -> Mapping[str, OwnField]:
        return {one.field: one for one in self.fields}


def own_values(told: Mapping[str, str | int | None]) -> tuple[OwnValue, ...]:
    """The values in the order of their fields, without those that are empty."""
    values = ((name, told.get(name)) for name in OWN_FIELDS)
    return tuple(OwnValue(name, value) for name, value in values if value is not None)
