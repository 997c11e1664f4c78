"""What settings name must be there, so that no rule waits for who or what never comes."""

from collections.abc import Iterator, Mapping
from typing import Any, get_type_hints

from aggregates import Aggregate, Unknown, marks, plain
from aggregates.opportunities.opportunity import PIPELINES
from aggregates.opportunities.pipeline import Pipeline
from aggregates.organisation.account import Account
from aggregates.organisation.built_in_roles import BUILT_IN as ROLES
from aggregates.organisation.rep import Rep
from aggregates.organisation.role import Role
from aggregates.settings import part_of
from aggregates.words import in_chinese
from commands import Load, registers

BUILT_IN = {Role.kind: ROLES, Pipeline.kind: PIPELINES}
OWN = {Account.kind: "opened", Rep.kind: "hired", Pipeline.kind: "stages"}
"""By what the state of a thing says that it is there, where no register of plain kinds does."""


def check(load: Load, shape: type[Any], values: Mapping[str, Any]) -> None:
    """Refuse a value that names what never was; who has left is passed over by the rules."""
    for kind, name in dict.fromkeys(_named(shape, values) if registers.checked() else ()):
        if name in BUILT_IN.get(kind, ()):
            continue
        if kind in OWN:
            if not getattr(load(Aggregate.kinds[kind], name), OWN[kind]):
                raise Unknown(
                    f"There is no {kind} {name}. Check the id, or enter it first.",
                    f"没有编号为 {name} 的{in_chinese(kind)}。请检查编号，或先登记。",
                )
        elif (listed := plain.of(kind)) is not None and kind != Role.kind:
            registers.listed(load, listed, name)
        elif registers.knows(kind):
            registers.there(load, kind, name)


def _named(shape: type[Any], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(shape, include_extras=True)
    for name, value in values.items():
        several = value if isinstance(value, list | tuple) else (value,)
        if (part := part_of(hints[name])) is not None:
            for one in several:
                yield from _named(part, one)
        elif (kind := marks.mark(hints[name]).names) is not None:
            yield from ((kind, one) for one in several if one is not None)
