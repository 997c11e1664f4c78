"""What a person likes goes along to whatever place she signs in at, and is nobody else's."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from api.conftest import Api
from asking import Asking
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.preferences import MOST, Preferences, merged


def at(api: Api, account: str) -> Asking:
    """A place of its own at which the account signs in."""
    from infra.keys import Keys

    key = Keys(api.platform.database).new(account)
    return Asking(api.client.app, headers={"Authorization": f"Bearer {key}"})


def test_what_is_arranged_at_one_place_is_so_at_another_and_nobody_else_sees_it(api: Api) -> None:
    office, home, other = at(api, "mei"), at(api, "mei"), at(api, "li")
    assert office.get("/preferences").json() == {}
    office.patch("/preferences", json={"display": {"language": "zh-CN", "dark": True}})
    office.patch("/preferences", json={"views": {"order": ["mine"], "member": ["gold"]}})
    home.patch("/preferences", json={"views": {"order": None}, "display": {"dark": False}})
    kept = {"display": {"language": "zh-CN", "dark": False}, "views": {"member": ["gold"]}}
    assert office.get("/preferences").json() == home.get("/preferences").json() == kept
    assert other.get("/preferences").json() == {}


def test_no_account_keeps_more_than_its_share(api: Api) -> None:
    mei = at(api, "mei")
    mei.patch("/preferences", json={"home": ["tasks"]})
    refused = mei.patch("/preferences", json={"notes": "x" * MOST})
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/preferences-too-large")
    assert "null" in refused.json()["detail"]
    assert mei.get("/preferences").json() == {"home": ["tasks"]}
    assert mei.patch("/preferences", json=["tasks"]).status_code == 422


def test_two_who_change_at_once_lose_nothing(both: Api) -> None:
    kept = Preferences(both.platform.database)

    def change(number: int) -> None:
        kept.change("mei", {f"list-{number}": number})

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(change, range(12)))
    assert kept.of("mei") == {f"list-{number}": number for number in range(12)}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)
documents: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.text(max_size=2), json_values, max_size=4
)


@settings(max_examples=40)
@given(documents, documents)
def test_a_change_given_twice_is_given_once_and_leaves_no_gaps(
    kept: dict[str, Any], change: dict[str, Any]
) -> None:
    once = merged(merged({}, kept), change)
    assert merged(once, change) == once
    for name in kept.keys() - change.keys():
        assert once.get(name) == merged({}, kept).get(name)
    assert all(name not in once for name, value in change.items() if value is None)
    assert json.loads(json.dumps(once)) == once
