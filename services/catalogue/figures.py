"""Figures described: what their rows are told apart by, what they count, and what may be asked."""

from collections.abc import Iterator
from typing import Any

from projections.engine.figure import Figure
from services import labels
from services.api import figure_shapes
from services.api.asking import ReadQuery
from services.catalogue.fields import described
from services.catalogue.meanings import kinds_named
from services.catalogue.shapes import FieldPart, FigurePart

RANK = "rank"


def figure(one: Figure, context: str, language: str) -> FigurePart:
    rows = list(_rows(one, language))
    shape = figure_shapes.asked(one)
    filters, common = shape.dimensions(), {*ReadQuery.model_fields, *shape.dimensions()}
    known = zip(shape.model_fields, described(one.name, shape, language), strict=True)
    asked = [field.model_copy(update=_whole(one, name, language)) for name, field in known]
    return FigurePart(
        name=one.name,
        label=labels.of("figure", one.name, language),
        about=labels.about(one.about, language) or "",
        context=context,
        address=one.address,
        why=f"{one.address}/why",
        view=one.view.name,
        dimensions=[field for field in rows if not _counts(field)],
        measures=[_measure(one, field) for field in rows if _measures(one, field)],
        filters=[field for field in asked if field.name in filters],
        parameters=[field for field in asked if field.name not in common],
    )


def _whole(one: Figure, name: str, language: str) -> dict[str, Any]:
    """The name of an attribute has a dot in it, and its label says what it is of."""
    if "." not in name:
        return {}
    return {"name": name, "label": labels.followed(one.name, name, language)}


def _measures(one: Figure, field: FieldPart) -> bool:
    """The rank on a board is the place of a row, and no measure of it."""
    return _counts(field) and not (one.ranked and field.name == RANK)


def _measure(one: Figure, field: FieldPart) -> FieldPart:
    return field.model_copy(update={"explained": field.name in one.view.measures})


def _counts(field: FieldPart) -> bool:
    return field.type in ("integer", "number") or bool(field.fields)


def _rows(one: Figure, language: str) -> Iterator[FieldPart]:
    """The fields of a row; those of a board that nothing is recorded of are left out."""
    recorded = _recorded(one.ranked)
    for field in described(one.name, figure_shapes.row(one), language):
        if not one.ranked:
            yield field
        elif field.name == "subject":
            yield field.model_copy(update={"names": list(kinds_named(one.subject))})
        elif not _counts(field) or field.name in recorded:
            yield field


def _recorded(ranked: tuple[str, ...]) -> tuple[str, ...]:
    """The figures of a board; beside the margin stands the amount that it leaves out."""
    return (*ranked, "uncosted") if "margin" in ranked else ranked
