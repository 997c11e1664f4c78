"""Settings as an operator reads and changes them on the server."""

from collections.abc import Callable
from typing import Any

Run = Callable[..., tuple[int, list[Any], str]]
CHANGE = "settings", "set", "loyalty.earning", "points=2", "--reason", "autumn"


def test_settings_are_listed_changed_and_shown_with_their_past(run: Run) -> None:
    listed = {one["id"]: one for one in run("settings", "list", "--json")[1]}
    assert listed["loyalty.earning"]["values"]["points"] == 1
    assert run(*CHANGE)[0] == 0
    assert run(*CHANGE[:3], "per=10", "--reason", "less", "--from", "2099-01-01")[0] == 0
    now, first, second = run("settings", "show", "loyalty.earning", "--json")[1]
    assert (now["values"]["points"], now["next"]["version"]) == (2, 2)
    assert (first["before"]["points"], first["reason"], first["actor"]) == (1, "autumn", "cli")
    assert (second["changed"], second["values"]["per"]) == (["per"], 10)


def test_a_value_may_be_null_or_a_word(run: Run) -> None:
    days = "settings", "set", "inventory.reservations"
    assert run(*days, "days=3", "--reason", "x")[0] == 0
    assert run(*days, "days=null", "--reason", "y")[0] == 0
    assert run("settings", "set", "orders.numbers", "prefix=A", "--reason", "x")[0] == 0
    listed = {one["id"]: one["values"] for one in run("settings", "list", "--json")[1]}
    assert listed["inventory.reservations"]["days"] is None
    assert listed["orders.numbers"]["prefix"] == "A"


def test_what_is_wrong_is_said(run: Run) -> None:
    code, _, said = run("settings", "show", "loyalty.earnings")
    assert (code, "Did you mean loyalty.earning?" in said) == (2, True)
    code, _, said = run("settings", "set", "loyalty.earning", "points", "--reason", "x")
    assert (code, "write NAME=VALUE" in said) == (2, True)
    code, _, said = run("settings", "set", "loyalty.earning", "points=0", "--reason", "x")
    assert (code, "values.points" in said) == (2, True)


def test_nothing_is_set_twice_at_once(run: Run) -> None:
    change = "settings", "set", "loyalty.earning"
    code, _, said = run(*change, "points=2", "points=3", "--reason", "x")
    assert (code, "points stands twice" in said) == (2, True)
    code, _, said = run(*change, 'points={"a": 1, "a": 2}', "--reason", "x")
    assert (code, "points.a: This field stands twice" in said) == (2, True)
    code, _, said = run(*change, "points=1e999", "--reason", "x")
    assert (code, "points: This is no number" in said) == (2, True)
    assert run("settings", "set", "orders.numbers", "prefix=NaN", "--reason", "x")[0] == 0
    listed = {one["id"]: one["values"] for one in run("settings", "list", "--json")[1]}
    assert (listed["orders.numbers"]["prefix"], listed["loyalty.earning"]["points"]) == ("NaN", 1)
