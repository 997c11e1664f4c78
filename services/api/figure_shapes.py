"""What may be asked of a figure, and the shape of its answer, made of what declares it."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, BeforeValidator, Field, create_model

from aggregates.marks import Marker
from projections.engine.figure import Figure, TextFormat
from services.api import attributes
from services.api.asking import (
    NO_NAMES,
    Compared,
    Names,
    PeriodQuery,
    Ranked,
    RankedWhy,
    ReadQuery,
    WhyQuery,
)
from services.api.schemas import Page, Shape

M = TypeVar("M", bound=BaseModel)
NO_VALUES: list[Any] = []
MOST_BY = 7
FURTHER = "Further dimensions; repeat it, or separate by commas."
IN_PLACE = "Dimensions in place of the row's own; repeat it, or separate by commas."
COMMAS = BeforeValidator(lambda values: [one for v in values for one in str(v).split(",")])


@cache
def asked(figure: Figure) -> type[ReadQuery]:
    """The question: a filter for each dimension, `by`, and the figure's own parameters."""
    if figure.ranked:
        return ranking((figure,))
    fields = {**_filters(figure), **dict(_parameters(figure.parameters))}
    if by := (*figure.grouped, *attributes.of(figure)) if figure.grouped else ():
        about = IN_PLACE if figure.replaces else FURTHER
        told = Field(max_length=MOST_BY, description=about)
        fields["by"] = Annotated[list[Literal[by]], told, COMMAS], NO_VALUES  # type: ignore[valid-type]
    base: Any = (PeriodQuery, Compared) if figure.days else (ReadQuery, Compared)
    return _model(f"{_title(figure)}Query", base, fields)


def ranking(boards: Sequence[Figure]) -> type[Ranked]:
    """The question about any of some boards of one view."""
    ranked = tuple(dict.fromkeys(one for board in boards for one in board.ranked))
    about = "The figure that ranks; the board's first, unless told otherwise."
    by: Any = (Literal[ranked] | None, Field(None, description=about))
    return _model("RankingQuery", Ranked, {**_filters(boards[0]), "by": by, **_group(boards)})


def ranking_why(boards: Sequence[Figure]) -> type[RankedWhy]:
    fields = {**_filters(boards[0]), **_measure(boards[0]), **_group(boards)}
    return _model("RankingWhyQuery", RankedWhy, fields)


def _group(boards: Sequence[Figure]) -> dict[str, Any]:
    subjects = tuple(name for one in boards for name in attributes.of_subject(one))
    about = "A field of the record of what is ranked: its values are ranked instead."
    if not subjects:
        return {}
    known: Any = Literal[subjects]
    return {"group": (known | None, Field(None, description=about))}


@cache
def asked_why(figure: Figure) -> type[WhyQuery]:
    """Which rows behind it: the same filters, and perhaps one measure."""
    base: Any = (WhyQuery, PeriodQuery, Compared) if figure.days else (WhyQuery, Compared)
    return _model(f"{_title(figure)}WhyQuery", base, {**_filters(figure), **_measure(figure)})


def _filters(figure: Figure) -> dict[str, Any]:
    return dict.fromkeys((*figure.filtered, *attributes.of(figure)), (Names, NO_NAMES))


def _measure(figure: Figure) -> dict[str, Any]:
    return {"measure": (Literal[figure.view.measures] | None, None)}


def _parameters(shape: type[Any] | None) -> Iterator[tuple[str, Any]]:
    if shape is not None:
        for name, hint in get_type_hints(shape, include_extras=True).items():
            yield name, (_field(hint), shape._field_defaults[name])


@cache
def row(figure: Figure) -> type[BaseModel]:
    declared: Any = figure.row
    if declared is not None:
        return _shape(declared, figure.key if figure.replaces and not figure.ranked else ())
    hints = get_type_hints(figure.view.change, include_extras=True)
    measures = {name: (hints[name], ...) for name in figure.view.measures}
    # Left out of a row where `by` stands in its place.
    keys: dict[str, Any] = {n: (hints[n], Field(default_factory=hints[n])) for n in figure.key}
    return _model(f"{_title(figure)}Row", Shape, {**keys, **measures})


def kinds(figure: Figure, key: Sequence[str]) -> tuple[type[Any], ...]:
    """Of what kind the parts of a row's key are: texts, but for numbers that its row declares."""
    declared = {} if figure.row is None else get_type_hints(figure.row)
    return tuple(int if declared.get(name) is int else str for name in key)


@cache
def page(figure: Figure) -> type[BaseModel]:
    also: Mapping[str, Any] = figure.also or {}
    lists = {"data": row(figure)} | {name: _shape(one) for name, one in also.items()}
    name = "Ranking" if figure.ranked else _title(figure)
    fields: dict[str, Any] = {n: (list[one], ...) for n, one in lists.items()}  # type: ignore[valid-type]
    return _model(f"{name}Page", Page, fields)


def _model(
    name: str, base: type[M] | tuple[type[M], ...], fields: dict[str, Any], about: str | None = None
) -> type[M]:
    make: Any = create_model
    made: type[M] = make(name, __base__=base, __doc__=about, **fields)
    return made


def _title(figure: Figure) -> str:
    return figure.name.title().replace("-", "")


@cache
def _shape(declared: Any, spared: tuple[str, ...] = ()) -> type[BaseModel]:
    """The model of a NamedTuple; its texts describe the fields. What is spared may be missing."""
    hints = get_type_hints(declared, include_extras=True)
    fields: dict[str, Any] = {
        name: (_field(hint), Field(default_factory=str) if name in spared else ...)
        for name, hint in hints.items()
    }
    said = inspect.cleandoc(declared.__doc__ or "")
    about = None if said.startswith(f"{declared.__name__}(") else said
    return _model(declared.__name__, Shape, fields, about)


def _field(hint: Any) -> Any:
    if get_origin(hint) is Annotated:
        kind, *said = get_args(hint)
        about = next((one for one in said if isinstance(one, str)), None)
        format_ = next((one.name for one in said if isinstance(one, TextFormat)), None)
        extra: Any = None if format_ is None else {"format": format_}
        marks = [one for one in said if isinstance(one, Marker)]
        return Annotated[_field(kind), *marks, Field(description=about, json_schema_extra=extra)]
    if get_origin(hint) is list and hasattr(get_args(hint)[0], "_fields"):
        return list[_shape(get_args(hint)[0])]  # type: ignore[misc]
    return hint
