"""A view made anew beside the one that answers, looked at by a person, and switched in or dropped.

Only whoever owns the tables of views can do this: in a cluster that is the projector.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from projections.engine import Projection, View, generations
from services.bootstrap import Platform
from services.jobs.runner import JobFailed, Watch
from services.workers.building import AlreadyRunning, IncompleteSource
from services.workers.rebuild import Rebuild, Rebuilt, roll_back

Step = Literal["compare", "switch", "discard", "roll-back"]


def rebuild(platform: Platform, asked: dict[str, Any], watch: Watch) -> dict[str, Any]:
    view, step = platform.view(asked["view"]), asked["step"]
    try:
        if step == "discard":
            return {"generation": discard(platform, view), "switched": False}
        if step == "roll-back":
            found = roll_back(platform.store, platform.codec, view)
            return {"generation": found, "switched": True}
        work = Rebuild(platform.store, platform.codec, view)

        def report(done: int, of: int) -> None:
            watch(done / max(of, 1))

        if step == "compare":
            return told(view, work.compare(report))
        return told(view, work.run(report, accept=True))
    except (AlreadyRunning, IncompleteSource, LookupError) as error:
        why = str(error.args[0])
        raise JobFailed((why, f"无法重建 {view.name}：{why}")) from error


def discard(platform: Platform, view: Projection) -> int:
    """Drop the generation that is being made; answers the one that answers still."""
    with platform.database.write() as connection:
        if (made := generations.being_made(connection).get(view.name)) is not None:
            generations.forget(connection, view, made)
            generations.end(connection, view.name)
        return generations.generation(connection, view.name)


def told(view: Projection, made: Rebuilt) -> dict[str, Any]:
    """Each row that differs once, with the values of both; one of them is missing where only the
    other generation has it.
    """
    key = tuple(view.key) if isinstance(view, View) else KEY_OF_RECORDS
    pairs: dict[str, dict[str, Any]] = {}
    for side, row in made.differences:
        of = {name: row[name] for name in key if name in row}
        values = {name: _plain(value) for name, value in row.items() if name not in of}
        found = pairs.setdefault(repr(of), {"of": of, "old": None, "new": None})
        found[side] = values
    return {
        "generation": made.generation,
        "position": made.position,
        "rows": made.rows,
        "parked": made.parked,
        "switched": made.switched,
        "old": made.old,
        "new": made.new,
        "differences": [_only_what_differs(pair) for pair in pairs.values()],
    }


KEY_OF_RECORDS = ("log", "id", "stream", "position")


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _only_what_differs(pair: dict[str, Any]) -> dict[str, Any]:
    old, new = pair["old"], pair["new"]
    if old is None or new is None:
        return pair
    names = [name for name in new if old.get(name) != new[name]]
    return {**pair, "old": _some(old, names), "new": _some(new, names)}


def _some(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}
