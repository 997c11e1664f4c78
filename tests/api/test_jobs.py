"""Work that takes long is asked for, found again and ended: what-if, rebuilds, the chain."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get
from sqlalchemy import update

from infra import tables
from projections.opportunities import funnel
from services.jobs import kept
from services.jobs.integrity import check
from services.jobs.leased import Left
from services.jobs.rebuilds import rebuild
from services.jobs.runner import Do, JobRunner
from services.jobs.what_if import try_all

PERIOD = {"since": "2000-01-01", "until": "2099-01-01"}
DO: dict[str, Do] = {"what-if": try_all, "rebuild": rebuild, "integrity": check}


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The API's own thread takes nothing: the test says when a job is worked on."""
    monkeypatch.setattr(JobRunner, "_run", lambda _: None)


def begun(api: Any, kind: str, **body: Any) -> str:
    answer = api.client.post(f"/jobs/{kind}", json=body)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/jobs/{answer.json()['id']}"
    return str(answer.json()["id"])


def worked(api: Any, job: str) -> dict[str, Any]:
    assert JobRunner(api.platform, DO).step()
    found: dict[str, Any] = api.get(f"/jobs/{job}")
    return found


def done(api: Any, kind: str, **body: Any) -> dict[str, Any]:
    return worked(api, begun(api, kind, **body))


def test_several_settings_are_tried_in_one_job_that_is_found_again(api: Any) -> None:
    api.done("enrol-member", id="M1", name="Sun", dealer="C1")
    bought = {"id": "M1", "amount": 5_000, "currency": "CNY", "dealer": "C1"}
    api.done("earn-points", purchase="P1", **bought)
    before = api.get("/status")["head"]
    trials = [{"id": "loyalty.earning", "values": {"points": n}} for n in (2, 3)]
    trials.append({"id": "inventory.reservations", "values": {"days": 3}})
    job = begun(api, "what-if", **PERIOD, trials=trials)
    (waiting,) = api.get("/jobs", kind="what-if")["data"]
    assert (waiting["id"], waiting["state"], waiting["what_if"]) == (job, "waiting", None)
    found = worked(api, job)
    assert (found["state"], found["done"], found["total"]) == ("done", 1_000, 1_000)
    twice, thrice, held = found["what_if"]["trials"]
    assert [one["points"]["dealers"][0]["earned"]["would_be"] for one in (twice, thrice)] == [
        100,
        150,
    ]
    assert (twice["values"], held["reservations"]["orders"]) == ({"points": 2}, 0)
    (listed,) = api.get("/jobs")["data"]
    assert (listed["state"], listed["what_if"]) == ("done", None)
    with api.platform.database.read() as connection:
        assert kept.latest(connection, ["what-if"], "tester", [], 5)[0].result == {}
    assert api.get("/status")["head"] == before


def test_what_cannot_be_tried_is_said_at_its_trial_and_only_the_asker_sees_a_job(api: Any) -> None:
    company = Company(api)
    good = {"id": "inventory.reservations", "values": {"days": 3}}
    wrong = {"id": "loyalty.earning", "values": {"points": 0}}
    answer = api.client.post("/jobs/what-if", json={**PERIOD, "trials": [good, wrong]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/trials/1/values/points"
    job = begun(api, "what-if", **PERIOD, trials=[good])
    asked = {"json": {**PERIOD, "trials": [good]}, "headers": {}}
    asked["headers"]["Authorization"] = f"Bearer {company.key('li')}"
    assert api.client.post("/jobs/what-if", **asked).status_code == 403
    assert get(company, "li", f"/jobs/{job}").status_code == 404
    assert get(company, "li", "/jobs").json()["data"] == []
    asked["json"] = {"view": "funnel"}
    for kind in ("rebuild", "integrity"):
        assert api.client.post(f"/jobs/{kind}", **asked).status_code == 403


def test_a_job_that_is_broken_off_is_left_by_whoever_works_on_it(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.jobs.leased.RENEW_EVERY", 0)
    job = begun(api, "integrity")
    assert begun(api, "integrity") == job  # asked again, it is the same

    def slow(_: Any, __: Any, watch: Any) -> dict[str, Any]:
        watch(0.4)
        assert api.get(f"/jobs/{job}")["done"] == 400
        assert api.client.delete(f"/jobs/{job}").status_code == 204
        with pytest.raises(Left):
            watch(0.6)
        raise Left

    assert JobRunner(api.platform, {"integrity": slow}).step()
    ended = api.get(f"/jobs/{job}")
    assert (ended["state"], ended["integrity"]) == ("cancelled", None)
    assert begun(api, "integrity") != job


def test_a_view_is_made_anew_compared_switched_and_switched_back(own_company: Any) -> None:
    api = own_company

    def generations() -> tuple[int, int | None, int | None]:
        (found,) = [one for one in api.get("/generations")["data"] if one["view"] == "funnel"]
        return found["generation"], found["previous"], found["being_made"]

    refused = api.client.post("/jobs/rebuild", json={"view": "funnel", "step": "switch"})
    assert (refused.status_code, refused.json()["refusal"]) == (409, "NothingMade")
    same = done(api, "rebuild", view="funnel")["rebuild"]
    assert (same["differences"], same["old"] == same["new"]) == ([], True)
    assert (same["old"]["rows"] > 0, generations()) == (True, (1, None, 2))

    # Somebody has changed a total by hand: whoever compares sees it, beside what the log says.
    totals = funnel.view.tables(1).totals
    with api.platform.database.write() as connection:
        first = connection.execute(totals.select().where(totals.c.amount > 0)).mappings().first()
        here = [totals.c[name] == first[name] for name in funnel.view.key]
        connection.execute(update(totals).where(*here).values(amount=totals.c.amount + 7))
    other = done(api, "rebuild", view="funnel")["rebuild"]
    (differs,) = other["differences"]
    assert differs["old"]["amount"] - differs["new"]["amount"] == 7
    assert other["old"]["amount"] - other["new"]["amount"] == 7
    assert (other["switched"], generations()) == (False, (1, None, 2))

    done(api, "rebuild", view="funnel", step="discard")
    assert generations() == (1, None, None)
    api.done("open-opportunity", id="D9", customer="C1", title="Late", currency="CNY", amount=5)
    api.feed()
    done(api, "rebuild", view="funnel")
    api.done("open-opportunity", id="D10", customer="C1", title="Later", currency="CNY", amount=5)
    api.feed()
    made = done(api, "rebuild", view="funnel", step="switch")["rebuild"]
    assert (made["switched"], generations()) == (True, (2, 1, None))
    head = api.get("/status")["head"]
    rows = api.get("/funnel", min_position=head)["data"]
    assert sum(one["amount"] for one in rows) == other["new"]["amount"] + 10
    done(api, "rebuild", view="funnel", step="roll-back")
    assert generations()[:2] == (1, 2)


def test_the_chain_is_walked_up_to_the_event_that_somebody_changed(api: Any) -> None:
    for unit in ("bag", "box", "crate"):
        api.done("register-unit", id=unit, name=unit)
    good = done(api, "integrity")["integrity"]
    assert (good["wrong"], good["position"]) == (None, good["events"])
    stream = api.get("/events", limit=3)["data"][2]["stream"]
    with api.platform.database.write() as connection:
        changed = update(tables.events).where(tables.events.c.position == 3)
        connection.execute(changed.values(actor="nobody"))
    bad = done(api, "integrity")["integrity"]
    assert (bad["wrong"], bad["position"], bad["stream"]) == ("changed", 2, stream)
    assert [one["integrity"]["wrong"] for one in api.get("/jobs")["data"]] == ["changed", None]


def test_what_ended_long_ago_is_forgotten(api: Any) -> None:
    done(api, "integrity")
    database = api.platform.database
    with database.write() as connection:
        long_ago = database.now(connection) - kept.KEPT - 1
        connection.execute(update(kept.jobs).values(ended_at=long_ago))
    job = begun(api, "integrity")
    assert [one["id"] for one in api.get("/jobs")["data"]] == [job]
