"""The catalogue put together of what the contexts bring, once for each language."""

from collections.abc import Iterator
from functools import cache

from aggregates import calendar
from aggregates.conditions import OPERATORS, UNDER
from aggregates.currency import EXPONENTS
from commands import Command
from services import bootstrap, context_of, labels
from services.access import actions
from services.catalogue import figures, kinds, requests, settings
from services.catalogue.shapes import (
    Catalogue,
    ContextPart,
    CurrencyPart,
    OperatorPart,
    Type,
)
from services.contexts import Context
from services.lists.terms import OF_TEXT

WORDS: tuple[Type, ...] = ("text", "currency", "day")
ORDERED: tuple[Type, ...] = ("text", "currency", "integer", "instant", "day")


def catalogue(language: str) -> Catalogue:
    """Made once for each language and zone: what it is made of does not change. To be read only."""
    return _made(language, calendar.zone())


@cache
def _made(language: str, zone: str) -> Catalogue:
    homes = {kind: one.name for one in bootstrap.CONTEXTS for kind in one.every_kind}
    records = {record.kind: record for record in bootstrap.RECORDS}
    return Catalogue(
        language=language,
        languages=list(labels.LANGUAGES),
        zone=zone,
        contexts=[_context(one, language) for one in bootstrap.CONTEXTS],
        kinds=[
            kinds.kind(one, records.get(one), context, language) for one, context in homes.items()
        ],
        commands=[
            requests.command(slug, model, context_of.of_command(slug), language)
            for slug, model in sorted(Command.known.items())
            if model.aggregate in homes
        ],
        settings=[settings.part(one, language) for one in bootstrap.SETTINGS],
        events=list(kinds.events({kind.kind: kind for kind in homes}, language)),
        figures=[
            figures.figure(one, context_of.of_view(one.view.name), language)
            for one in bootstrap.FIGURES
        ],
        operators=list(_operators(language)),
        currencies=list(_currencies(language)),
        operations=list(actions.OPERATIONS),
    )


def as_json(language: str) -> bytes:
    """The whole catalogue as it is answered."""
    return encoded(catalogue(language))


def encoded(made: Catalogue) -> bytes:
    return made.model_dump_json(by_alias=True, exclude_defaults=True).encode()


def _context(context: Context, language: str) -> ContextPart:
    return ContextPart(
        name=context.name,
        label=labels.of("context", context.name, language),
        about=labels.about(context_of.about(context), language),
    )


def _operators(language: str) -> Iterator[OperatorPart]:
    for name in OPERATORS:
        label = labels.of("value", f"operator.{name}", language)
        types = () if name == UNDER else WORDS if name in OF_TEXT else ORDERED
        yield OperatorPart(name=name, label=label, types=list(types))


def _currencies(language: str) -> Iterator[CurrencyPart]:
    from babel.numbers import get_currency_name  # here: it is asked once a language

    locale = language.replace("-", "_")
    for code, digits in sorted(EXPONENTS.items()):
        yield CurrencyPart(code=code, label=get_currency_name(code, locale=locale), digits=digits)
