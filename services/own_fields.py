"""What the company's own fields of customers are called, and which of them there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from aggregates.customers.customer.own_fields import OWN_FIELDS, OwnField, OwnFieldSettings
from commands import Load
from commands.settings import in_force
from services import labels
from services.catalogue.shapes import Catalogue, Choice, FieldPart

OwnFields = tuple[OwnField, ...]
FOLLOWED = " · "


def declared(load: Load) -> OwnFields:
    """Those that the settings of now declare."""
    return in_force(load, OwnFieldSettings, load.now).settings.fields


def call(own: OwnFields) -> None:
    """Let labels be the company's own, in what goes on here from now on."""
    every = [(one, each) for one in own for each in labels.LANGUAGES]
    labels.OWN.set({(one.field, language): one.called(language) for one, language in every})


def fitted(whole: Catalogue, own: OwnFields) -> Catalogue:
    """The catalogue with the company's own fields as it declares them, behind all others."""
    fit = _Fitting({one.field: one for one in own}, whole.language)
    kinds = [one.model_copy(update={"fields": fit.parts(one.fields)}) for one in whole.kinds]
    commands = [
        one.model_copy(update={"fields": fit.parts(one.fields), "schema_": fit.schema(one.schema_)})
        for one in whole.commands
    ]
    listed = ("dimensions", "filters", "parameters")
    figures = [
        one.model_copy(update={name: fit.parts(getattr(one, name)) for name in listed})
        for one in whole.figures
    ]
    return whole.model_copy(update={"kinds": kinds, "commands": commands, "figures": figures})


class _Fitting:
    """The parts of a catalogue, as some fields are declared; the others are not there."""

    def __init__(self, known: Mapping[str, OwnField], language: str) -> None:
        self.known, self.language = known, language

    def parts(self, fields: Sequence[FieldPart]) -> list[FieldPart]:
        others = [self._choosing(one) for one in fields if not _own(one.name)]
        mine = [one for one in fields if _own(one.name) in self.known]
        return [*others, *map(self._called, mine)]

    def _called(self, part: FieldPart) -> FieldPart:
        own = self.known[_own(part.name)]
        every = [Choice(value=one.value, label=one.value) for one in own.choices]
        label = self._label(part.label, own)
        return part.model_copy(update={"label": label, "choices": every})

    def _choosing(self, part: FieldPart) -> FieldPart:
        """A field whose choices are fields, those that follow a figure's dimensions."""
        if not any(_own(one.value) for one in part.choices):
            return part
        every = [
            one.model_copy(update={"label": self._label(one.label, self.known[own])})
            if (own := _own(one.value))
            else one
            for one in part.choices
            if not _own(one.value) or _own(one.value) in self.known
        ]
        return part.model_copy(update={"choices": every})

    def _label(self, label: str, own: OwnField) -> str:
        """As it is called, behind what it is a field of."""
        of, between, _ = label.rpartition(FOLLOWED)
        return f"{of}{between}{own.called(self.language)}"

    def schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """That of a command's body."""
        properties: dict[str, Any] = schema.get("properties", {})
        if not any(map(_own, properties)):
            return schema
        found = {name: one for name, one in properties.items() if not _own(name)}
        for name, own in self.known.items():
            found[name] = {**properties[name], "title": own.called(self.language)}
            if own.choices:
                found[name]["enum"] = [*(one.value for one in own.choices), None]
        return {**schema, "properties": found}


def _own(name: str) -> str:
    """The own field that a name is of, or that it ends with: `customer.own_text_1`."""
    last = name.rpartition(".")[2]
    return last if last in OWN_FIELDS else ""
