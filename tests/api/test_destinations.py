"""Notices are sent: once in effect, signed, later and later where nobody answers."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from api.conftest import served
from api.test_access_reads import get
from api.test_notices import Notified
from originals import Originals, prepared
from receivers import MailBox, Receiver, mail_server, receiving
from shop import HeldClock

from commands.notices.subscription import Subscribe
from services import bootstrap
from services.notices import deliveries
from services.notices.sender import RETRIES, Sender

SETTINGS = {"notice_networks": "127.0.0.0/8", "smtp_host": "127.0.0.1", "smtp_security": "none"}


class Sending(Notified):
    """With a program and a mail server that are sent notices."""

    receiver: Receiver
    box: MailBox

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.api.done("grant-role", id="li", role="owner", everything=True)
        self.sender = Sender(api.platform)

    def destination(self, actor: str = "li", **asked: Any) -> dict[str, Any]:
        body = {"channel": "webhook", "address": self.receiver.url, **asked}
        answer = self.post(actor, "/destinations", **body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        if found["channel"] == "mail":
            self.sender.send(found["id"])
            assert self.confirm(found["id"], code_of(self.box.mails.pop()), actor).is_success
        return found

    def confirm(self, destination: str, code: str, actor: str = "li") -> Any:
        return self.post(actor, f"/destinations/{destination}/confirm", code=code)

    def subscribed(self, destination: str, actor: str = "li", **how: Any) -> None:
        what = {"id": actor, "name": "order-refused", "destination": destination, **how}
        answer = self.ask(actor, "subscribe", **what)
        assert answer.is_success, answer.text

    def refused(self, order: str) -> None:
        self.ordered("li", order)
        self.reject(order)
        self.tell()

    def send(self, sender: Sender | None = None) -> None:
        database = self.api.platform.database
        with database.read() as connection:
            found = deliveries.busy(connection, database.now(connection))
        for one in found:
            (sender or self.sender).send(one)

    def states(self) -> list[str]:
        every = ("waiting", "sent", "parked", "withheld")
        with self.api.platform.database.read() as connection:
            return [row.state for row in deliveries.listed(connection, "main", every, None, 99)]


def code_of(mail: Any) -> str:
    return str(mail["Subject"]).partition(":")[0]


@pytest.fixture
def sending(kind: str, originals: Originals) -> Iterator[Sending]:
    yield from made(kind, originals)


@pytest.fixture
def timed(originals: Originals) -> Iterator[Sending]:
    """Time passes only when the test says so."""
    for one in made("sqlite", originals):
        one.api.platform.database.clock = HeldClock()
        yield one


def made(kind: str, originals: Originals) -> Iterator[Sending]:
    with ExitStack() as stack:
        url = stack.enter_context(originals.copied(kind, prepared))
        receiver = stack.enter_context(receiving())
        box, port = stack.enter_context(mail_server())
        more = {**SETTINGS, "smtp_port": port, "mail_from": "notices@example.com"}
        found = Sending(stack.enter_context(served(url, **more)))
        found.receiver, found.box = receiver, box
        yield found


def later(sending: Sending, seconds: float) -> None:
    sending.api.platform.database.clock.sleep(seconds)


def test_whose_order_was_refused_reads_it_gets_the_mail_and_the_webhook(sending: Sending) -> None:
    hook = sending.destination()
    mail = sending.destination(channel="mail", address="li@example.com")
    sending.subscribed(mail["id"])
    sending.subscribed(hook["id"], name="hook", events=["OrderRejected"], language="en")
    sending.ordered("li", "O1")
    sending.reject("O1", reason="over the limit")
    sending.tell()
    sending.send()
    assert [row["stream"] for row in sending.inbox("li")] == ["order-O1"]
    (got,) = sending.receiver.got
    assert got.is_signed_with(hook["secret"])
    assert (got.content["type"], got.content["data"]["about"]) == (
        "OrderRejected",
        "over the limit",
    )
    (received,) = sending.box.mails
    assert (received["To"], received["From"]) == ("li@example.com", "notices@example.com")
    assert "O1" in received["Subject"]
    assert "over the limit" in received.get_content()
    sending.send()
    assert (len(sending.receiver.got), len(sending.box.mails)) == (1, 1)


def test_what_was_sent_and_not_marked_is_sent_again_under_its_id(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending.subscribed(sending.destination()["id"])
    sending.subscribed(
        sending.destination(channel="mail", address="li@example.com")["id"],
        name="mail",
        events=["OrderRejected"],
    )
    sending.refused("O1")
    with monkeypatch.context() as patched:
        patched.setattr(deliveries, "settle", crash)
        for one in busy(sending):
            with pytest.raises(KeyboardInterrupt):
                sending.sender.send(one)
    sending.send(Sender(sending.api.platform))
    first, second = sending.receiver.got
    assert first.id == second.id
    one, other = sending.box.mails
    assert one["Message-ID"] == other["Message-ID"]
    assert sending.states() == ["sent", "sent"]


def crash(*_: Any) -> None:
    raise KeyboardInterrupt


def busy(sending: Sending) -> list[str]:
    database = sending.api.platform.database
    with database.read() as connection:
        return deliveries.busy(connection, database.now(connection))


def test_what_fails_is_tried_again_later_and_later_and_is_then_parked(timed: Sending) -> None:
    timed.subscribed(timed.destination()["id"])
    timed.receiver.status = 500
    timed.refused("O1")
    for wait in (*RETRIES, 0):
        timed.send()
        tries = len(timed.receiver.got)
        later(timed, wait * 0.9)
        timed.send()
        assert len(timed.receiver.got) == tries
        later(timed, wait * 0.3 + 1)
    assert (len(timed.receiver.got), timed.states()) == (len(RETRIES) + 1, ["parked"])
    assert len({got.id for got in timed.receiver.got}) == 1
    timed.receiver.status = 200
    with timed.api.platform.database.write() as connection:
        now = timed.api.platform.database.now(connection)
        assert deliveries.retry(connection, "main", None, now) == 1
    timed.send()
    assert timed.states() == ["sent"]


def test_a_receiver_that_answers_too_slowly_holds_up_nobody_else(sending: Sending) -> None:
    slow = sending.destination()
    mail = sending.destination(channel="mail", address="li@example.com")
    sending.subscribed(slow["id"])
    sending.subscribed(mail["id"], name="mail", events=["OrderRejected"])
    sending.receiver.gate.clear()
    sending.refused("O1")
    sending.sender.step()
    for turn in list(sending.sender._busy.values()):
        turn.join(1.5)
    assert (len(sending.box.mails), sorted(sending.states())) == (1, ["sent", "waiting"])
    sending.receiver.gate.set()
    sending.sender.close()
    assert sending.states() == ["sent", "sent"]


def test_a_receiver_that_is_gone_is_sent_nothing_more(sending: Sending) -> None:
    sending.subscribed(sending.destination()["id"])
    sending.receiver.status = 410
    sending.refused("O1")
    sending.send()
    assert sending.states() == ["parked"]
    assert sending.api.client.get("/destinations").json()["data"] == []
    sending.refused("O2")
    sending.send()
    assert len(sending.receiver.got) == 1


def test_nobody_has_notices_sent_to_a_destination_of_another(sending: Sending) -> None:
    mail = sending.destination(channel="mail", address="li@example.com")
    what = {"id": "wu", "name": "order-refused", "destination": mail["id"]}
    refused = sending.ask("wu", "subscribe", **what)
    assert refused.status_code == 422
    assert "The account wu has no destination" in refused.json()["detail"]
    # One that was taken before this was refused is as none, also to the destination's owner.
    sending.api.platform.executor.execute(bootstrap.request(Subscribe(**what), "wu"))
    sending.ordered("wu", "O1")
    sending.reject("O1")
    sending.tell()
    sending.send()
    assert (sending.box.mails, sending.states()) == ([], [])


def test_what_one_may_see_no_longer_is_not_sent(sending: Sending) -> None:
    sending.api.done("revoke-role", id="li", role="owner", reason="test")
    mail = sending.destination(channel="mail", address="li@example.com")
    sending.subscribed(mail["id"])
    sending.refused("O1")
    sending.api.done("revoke-role", id="li", role="representative", reason="moved")
    sending.send(Sender(sending.api.platform))
    assert (sending.box.mails, sending.states()) == ([], ["withheld"])


def test_a_destination_is_tried_and_what_was_sent_or_parked_there_is_seen_and_sent_again(
    timed: Sending,
) -> None:
    hook = timed.destination()
    path = f"/destinations/{hook['id']}"
    assert timed.post("li", f"{path}/test").json() == {"sent": True, "error": None}
    (tried,) = timed.receiver.got
    assert (tried.is_signed_with(hook["secret"]), tried.content["type"]) == (True, "test")
    timed.receiver.status = 500
    assert "answered 500" in timed.post("li", f"{path}/test").json()["error"]
    timed.subscribed(hook["id"])
    timed.refused("O1")
    for wait in (*RETRIES, 0):
        timed.send()
        later(timed, wait * 1.2 + 1)

    def seen(actor: str = "li") -> Any:
        return get(timed, actor, f"{path}/deliveries")

    (row,) = seen().json()["data"]
    assert (row["about"], row["state"], row["sent_at"]) == ("order-O1", "parked", None)
    assert "answered 500" in row["error"]
    timed.receiver.status = 200
    assert timed.post("li", f"{path}/retry").json() == {"retried": 1}
    timed.send()
    assert [(row["state"], row["error"]) for row in seen().json()["data"]] == [("sent", None)]
    for answer in (seen("wu"), timed.post("wu", f"{path}/test"), timed.post("wu", f"{path}/retry")):
        assert answer.status_code == 404
    answers = [timed.post("li", f"{path}/test").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_what_was_lost_is_sent_once_more_from_a_position_on(sending: Sending) -> None:
    hook = sending.destination()
    sending.subscribed(hook["id"])
    for order in ("O1", "O2", "O3"):
        sending.refused(order)
    sending.send()
    first = [got.id for got in sending.receiver.got]
    after = sending.receiver.got[0].content["data"]["position"]
    answer = sending.post("li", f"/destinations/{hook['id']}/replay", after=after)
    assert answer.status_code == 202, answer.text
    sending.tell()
    sending.send()
    assert [got.id for got in sending.receiver.got[3:]] == first[1:]
    assert len(sending.inbox("li")) == 3
    answer = sending.post("li", f"/destinations/{hook['id']}/replay", after=10**9)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/after")


def test_robots_of_chats_are_spoken_to_in_their_own_way(sending: Sending) -> None:
    sending.receiver.answer = b'{"errcode":0,"code":0}'
    url = f"{sending.receiver.url}?key=k"
    for channel, secret in (("wecom", None), ("dingtalk", "SECabc"), ("feishu", "abc")):
        asked = {"channel": channel, "address": url, "secret": secret}
        made = sending.destination(**asked)
        assert (made["secret"], "key" in made["address"]) == (None, False)
        sending.subscribed(made["id"], name=channel, events=["OrderRejected"])
    sending.refused("O1")
    sending.send()
    told = {frozenset(got.content): got for got in sending.receiver.got}
    feishu = told[frozenset({"timestamp", "sign", "msg_type", "content"})].content
    assert feishu["sign"] == digest(f"{feishu['timestamp']}\nabc", "")
    assert "O1" in feishu["content"]["text"]
    others = [got for got in sending.receiver.got if "msgtype" in got.content]
    asked = [parse_qs(urlsplit(got.path).query) for got in others]
    (signed,) = [one for one in asked if "sign" in one]
    assert signed["sign"] == [digest("SECabc", f"{signed['timestamp'][0]}\nSECabc")]
    assert all("O1" in got.content["text"]["content"] for got in others)


def digest(key: str, content: str) -> str:
    made = hmac.digest(key.encode(), content.encode(), hashlib.sha256)
    return base64.b64encode(made).decode()


def test_a_robot_that_refuses_with_a_friendly_status_is_tried_again(sending: Sending) -> None:
    sending.receiver.status, sending.receiver.answer = 200, b'{"errcode":310000,"errmsg":"sign"}'
    sending.subscribed(sending.destination(channel="dingtalk", secret="x")["id"])
    sending.refused("O1")
    sending.send()
    assert sending.states() == ["waiting"]
    (found,) = sending.api.client.get(
        "/destinations", headers={"Authorization": f"Bearer {sending.key('li')}"}
    ).json()["data"]
    assert "310000: sign" in found["error"]


def test_what_comes_in_quiet_hours_is_sent_at_their_end(timed: Sending) -> None:
    mail = timed.destination(channel="mail", address="li@example.com")
    quiet = {"quiet_from": 20, "quiet_until": 7, "zone": "Asia/Shanghai"}
    timed.subscribed(mail["id"], **quiet)  # the held clock shows eight in the evening there
    timed.refused("O1")
    timed.send()
    later(timed, 11 * 3_600 - 1)
    timed.send()
    assert timed.box.mails == []
    later(timed, 1)
    timed.send()
    assert len(timed.box.mails) == 1


def test_a_digest_has_all_of_a_day_and_what_comes_after_it_waits_for_the_next(
    timed: Sending,
) -> None:
    mail = timed.destination(channel="mail", address="li@example.com")
    timed.subscribed(mail["id"], digest_at=8, zone="Asia/Shanghai", language="en")
    for order in ("O1", "O2"):
        timed.refused(order)
        later(timed, 60)
    timed.send()
    assert timed.box.mails == []
    later(timed, 12 * 3_600)
    timed.refused("O3")
    timed.send()
    (first,) = timed.box.mails
    assert first["Subject"] == "2 notices"
    assert all(order in first.get_content() for order in ("O1", "O2"))
    later(timed, 24 * 3_600)
    timed.send()
    assert "O3" in timed.box.mails[1]["Subject"]
    assert timed.box.mails[1]["Message-ID"] != first["Message-ID"]


@pytest.mark.capability("PL-06")
def test_nothing_goes_to_an_address_before_its_reader_has_given_the_code(timed: Sending) -> None:
    mail = {"channel": "mail", "address": "ll@example.com"}  # Li meant li@example.com
    made = timed.post("li", "/destinations", **mail).json()
    assert made["confirmed"] is False
    timed.subscribed(made["id"])
    sender = Sender(timed.api.platform)
    sender.step()
    sender.close()
    timed.refused("O1")
    timed.send()
    (asked,) = timed.box.mails
    assert (asked["To"], asked["Subject"][10:20]) == ("ll@example.com", ": confirm ")

    # Whoever reads that does nothing, and Li cannot guess it: no notice ever goes there.
    assert timed.confirm(made["id"], "AAAAAAAAAA").status_code == 422
    assert timed.confirm(made["id"], code_of(asked), actor="wu").status_code == 404
    later(timed, 86_400)
    timed.send()
    assert (len(timed.box.mails), timed.states()) == (1, ["waiting"])

    # Had it been hers, one more code would have done; the one before counts no more.
    assert timed.post("li", f"/destinations/{made['id']}/code").status_code == 202
    timed.sender.send(made["id"])
    assert timed.confirm(made["id"], code_of(asked)).status_code == 422
    assert timed.confirm(made["id"], code_of(timed.box.mails[-1]).lower()).json()["confirmed"]
    timed.send()
    assert "O1" in timed.box.mails[-1]["Subject"]


def test_a_mailed_code_counts_for_half_an_hour_for_five_tries_and_five_a_day_are_mailed(
    timed: Sending,
) -> None:
    made = timed.post("li", "/destinations", channel="mail", address="ll@example.com").json()

    def mailed(wanted: int = 202) -> str:
        assert timed.post("li", f"/destinations/{made['id']}/code").status_code == wanted
        timed.sender.send(made["id"])
        return code_of(timed.box.mails[-1])

    timed.sender.send(made["id"])
    first = code_of(timed.box.mails[-1])
    later(timed, 30 * 60 + 1)
    late = timed.confirm(made["id"], first)
    assert (late.status_code, "30 minutes" in late.json()["detail"]) == (422, True)
    second = mailed()
    for _ in range(5):  # somebody guesses: then even the right one is none
        assert "not the code" in timed.confirm(made["id"], "AAAAAAAAAA").json()["detail"]
    assert "5 tries" in timed.confirm(made["id"], second).json()["detail"]
    for _ in range(3):
        last = mailed()
    assert mailed(429) == last
    other = timed.post("wu", "/destinations", channel="mail", address="LL@example.com")
    assert (other.status_code, "tomorrow" in other.json()["detail"]) == (429, True)
    assert timed.confirm(made["id"], last).json()["confirmed"]


def test_a_company_settles_how_long_a_mailed_code_counts_and_how_many_are_mailed(
    timed: Sending,
) -> None:
    strict = {"minutes": 10, "tries": 2, "mailed_daily": 2}
    timed.api.done("change-settings", id="notices.mail_codes", values=strict, reason="as agreed")
    made = timed.post("li", "/destinations", channel="mail", address="ll@example.com").json()
    timed.sender.send(made["id"])
    assert "within 10 minutes" in timed.box.mails[-1].get_content()
    for _ in range(2):
        assert "not the code" in timed.confirm(made["id"], "AAAAAAAAAA").json()["detail"]
    right = timed.confirm(made["id"], code_of(timed.box.mails[-1])).json()["detail"]
    assert "10 minutes and 2 tries" in right
    again = f"/destinations/{made['id']}/code"
    assert [timed.post("li", again).status_code for _ in range(2)] == [202, 429]


def test_what_was_read_and_sent_is_forgotten_after_half_a_year(timed: Sending) -> None:
    timed.subscribed(timed.destination(channel="mail", address="li@example.com")["id"])
    for order in ("O1", "O2"):
        timed.refused(order)
    timed.send()
    first, _ = timed.inbox("li")
    timed.post("li", "/notices/read", ids=[first["id"]])
    later(timed, 179 * 86_400)
    Sender(timed.api.platform).step()
    assert (len(timed.inbox("li")), timed.states()) == (2, ["sent", "sent"])
    later(timed, 2 * 86_400)
    Sender(timed.api.platform).step()
    assert (len(timed.inbox("li")), timed.states()) == (1, [])


def test_a_secret_is_shown_once_and_can_be_made_anew(sending: Sending) -> None:
    hook = sending.destination()
    listed = sending.api.client.get(
        "/destinations", headers={"Authorization": f"Bearer {sending.key('li')}"}
    )
    assert hook["secret"] not in listed.text
    renewed = sending.post("li", f"/destinations/{hook['id']}/secret").json()["secret"]
    sending.api.platform.access_log.flush()
    noted = sending.api.get("/access-log", kind="destination-secret-made")["data"]
    assert [(row["actor"], row["detail"]["id"]) for row in noted] == [("li", hook["id"])]
    assert renewed != hook["secret"]
    sending.subscribed(hook["id"])
    sending.refused("O1")
    sending.send()
    assert sending.receiver.got[0].is_signed_with(renewed)
    assert not sending.receiver.got[0].is_signed_with(hook["secret"])


def test_a_webhook_takes_a_right_and_leads_to_no_address_inside(sending: Sending) -> None:
    body = {"channel": "webhook", "address": sending.receiver.url}
    assert sending.post("wu", "/destinations", **body).status_code == 403
    inside = {"channel": "webhook", "address": "https://10.0.0.1/hook"}
    answer = sending.post("li", "/destinations", **inside)
    assert answer.status_code == 422
    assert "10.0.0.1" in answer.json()["detail"]
    assert sending.post("wu", "/destinations", channel="mail", address="no").status_code == 422
    hook = sending.destination()
    for path in (f"/destinations/{hook['id']}/secret", f"/destinations/{hook['id']}/replay"):
        assert sending.post("wu", path, after=0).status_code == 404
