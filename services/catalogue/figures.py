"""Figures described: what their rows are told apart by, what they count, and what may be asked."""

from collections.abc import Iterable, Iterator

from projections.targets.rankings import BOARDS, RANKED
from services import labels
from services.api.asking import ReadQuery
from services.api.figure_kinds import Figure
from services.catalogue.fields import described
from services.catalogue.meanings import kinds_named
from services.catalogue.shapes import Choice, FieldPart, FigurePart
from services.labelled import BY

RANK = "rank"


def figure(one: Figure, context: str, language: str) -> FigurePart:
    rows = list(_rows(one, language))
    filters = one.asked.dimensions()
    asked = described(one.name, one.asked, language)
    return FigurePart(
        name=one.name,
        label=labels.of("figure", one.name, language),
        about=labels.about(one.about, language),
        context=context,
        address=one.address,
        why=f"{one.address}/why",
        dimensions=[field for field in rows if not _counts(field)],
        measures=[_measure(one, field) for field in rows if _counts(field) and field.name != RANK],
        filters=[field for field in asked if field.name in filters],
        parameters=list(_parameters(one, asked, filters)),
    )


def _measure(one: Figure, field: FieldPart) -> FieldPart:
    return field.model_copy(update={"explained": field.name in one.view.measures})


def _counts(field: FieldPart) -> bool:
    return field.type in ("integer", "number") or bool(field.fields)


def _rows(one: Figure, language: str) -> Iterator[FieldPart]:
    """The fields of a row; those of a board that nothing is recorded of are left out."""
    board = one.board
    recorded = _recorded(board) if board else ()
    for field in described(one.name, one.row, language):
        if board is None:
            yield field
        elif field.name == "subject":
            yield field.model_copy(update={"names": list(kinds_named(BOARDS[board]))})
        elif not _counts(field) or field.name in recorded:
            yield field


def _recorded(board: str) -> tuple[str, ...]:
    """The figures of a board; beside the margin stands the amount that it leaves out."""
    ranked: tuple[str, ...] = RANKED[board]
    return (*ranked, "uncosted") if "margin" in ranked else ranked


def _parameters(
    one: Figure, asked: Iterable[FieldPart], filters: Iterable[str]
) -> Iterator[FieldPart]:
    board, common = one.board, {*ReadQuery.model_fields, *filters}
    for field in asked:
        if field.name in common:
            continue
        if board is not None and field.name == BY:
            yield field.model_copy(update={"choices": _ranked(field.choices, RANKED[board])})
        else:
            yield field


def _ranked(choices: Iterable[Choice], known: Iterable[str]) -> list[Choice]:
    by = {choice.value: choice for choice in choices}
    return [by[name] for name in known]
