"""The private address of a calendar: for programs that send no key, of one's own agenda alone."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from api.test_access_commands import Company
from icalendar import Calendar

from services.api.calendars import OFTEN

VISIT = {"title": "Tasting", "appointment_kind": "visit"}
WHEN = {"starts_at": "2099-03-03T02:00:00Z", "ends_at": "2099-03-03T03:00:00Z"}


class Calendars(Company):
    def calls(self, actor: str, method: str, path: str = "/calendar-address") -> Any:
        headers = {"Authorization": f"Bearer {self.key(actor)}"}
        return self.api.client.request(method, path, headers=headers)

    def address(self, actor: str) -> str:
        answer = self.calls(actor, "POST")
        assert answer.status_code == 201, answer.text
        return urlsplit(answer.json()["url"]).path

    def reads(self, address: str) -> Any:
        """A calendar program, which knows the address and nothing else."""
        client = self.api.client
        key = client.headers.pop("Authorization")
        try:
            return client.get(address, headers={"Accept": "text/calendar"})
        finally:
            client.headers["Authorization"] = key


@pytest.fixture
def company(api: Any) -> Calendars:
    made = Calendars(api)
    for rep in ("li", "wu"):
        visit = {**VISIT, "title": f"Tasting of {rep}"}
        api.done("plan-appointment", id=f"A-{rep}", owner=rep, **visit, **WHEN)
    api.feed()
    return made


def told(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [str(one["SUMMARY"]) for one in Calendar.from_ical(answer.text).walk("VEVENT")]


@pytest.mark.capability("FW-07")
def test_a_calendar_program_reads_the_own_calendar_by_a_private_address(company: Calendars) -> None:
    assert company.calls("li", "GET").json()["made_at"] is None
    address = company.address("li")
    assert told(company.reads(address)) == ["Tasting of li"]
    shown = company.calls("li", "GET").json()
    assert (shown["person"], "url" in shown, shown["made_at"] is None) == ("li", False, False)

    # Mei may read the agendas of her department; by her address she gets her own alone.
    assert told(company.reads(company.address("mei"))) == []

    # An address that is made anew ends the one before, and one that ended is none.
    newer = company.address("li")
    assert company.reads(address).status_code == 404
    assert told(company.reads(newer)) == ["Tasting of li"]
    assert company.calls("li", "DELETE").status_code == 204
    gone = company.reads(newer)
    assert (gone.status_code, "POST /calendar-address" in gone.json()["detail"]) == (404, True)


def test_the_secret_of_an_address_is_no_key_and_a_key_is_no_address(company: Calendars) -> None:
    address, client = company.address("li"), company.api.client
    secret = address.removeprefix("/calendars/").removesuffix(".ics")
    for path in ("/calendar.ics", "/agendas/li", "/keys"):
        answer = client.get(path, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 401
    assert company.reads(f"/calendars/{company.key('li')}.ics").status_code == 404
    asked = client.post(address, headers={"Authorization": ""})
    assert (asked.status_code, secret in asked.text) == (405, False)
    nobody = client.post("/calendar-address")
    assert (nobody.status_code, "no person's" in nobody.json()["detail"]) == (404, True)


def test_an_address_ends_with_the_rights_is_noted_and_is_not_read_for_ever(
    company: Calendars,
) -> None:
    address = company.address("li")
    answers = [company.reads(address).status_code for _ in range(OFTEN + 2)]
    assert (answers[0], answers[-1]) == (200, 429)
    log = company.api.get("/access-log", limit=200)["data"]
    noted = {one["kind"] for one in log if one["actor"] == "li"}
    assert {"calendar-address-made", "calendar-read"} <= noted
    assert "dc_" not in str(log)
    company.api.done("close-account", id="li", reason="left")
    company.api.client.app.state.credentials.forget()
    assert company.reads(address).status_code == 404
