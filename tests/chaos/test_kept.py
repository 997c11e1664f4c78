"""The judges of numbers, files and stand-ins see what was left out, given twice, lost or unfit."""

import json
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from scenario import NOON

from chaos.approvals import mailed, stood_in
from chaos.files import judged
from chaos.numbers import drawn
from infra.clock import instant, micros
from infra.events import Recorded

AT = micros(NOON)
SERIES, FILE = "series-task.TK-", "file-f"


def event(kind: str, stream: str, position: int = 1, command: str = "k1", **data: Any) -> Recorded:
    content = json.dumps(data).encode()
    envelope = AT, AT, "test", command, command, None, "i", b"", content
    return Recorded(position, stream, 1, "e1", kind, 1, *envelope)


def content(one: Recorded) -> Any:
    told = json.loads(one.data)
    instants = {name: instant(told[name]) for name in ("since", "until") if name in told}
    return SimpleNamespace(**{**told, **instants})


def number(n: int, begun: str | None = None, command: str | None = None) -> list[Recorded]:
    key, task = command or f"k{n}", f"TK-{n}"
    return [
        event("NumberDrawn", SERIES, command=key, number=n, begun=task),
        event("TaskCreated", f"task-{begun or task}", command=key),
    ]


@pytest.mark.parametrize(
    ("log", "breaches"),
    [
        ([*number(1), *number(2)], []),
        ([*number(1), *number(3)], ["lost"]),
        ([*number(1), *number(1, command="k9")], ["doubled"]),
        ([*number(1), *number(2, begun="T-9")], ["wrong"]),
    ],
)
def test_a_number_that_is_left_out_given_twice_or_to_nothing_is_found(
    log: list[Recorded], breaches: list[str]
) -> None:
    assert [one.breach for one in drawn(log, content)] == breaches


UPLOADED = event("FileUploaded", FILE, copy=1, media_type="application/pdf")
PHOTO = event("FileUploaded", FILE, copy=1, media_type="image/png")
GONE = event("FileDiscarded", FILE, copy=1)
ATTACHED = event("FileAttached", "attachments-c", file="f")
DETACHED = event("FileDetached", "attachments-c", file="f")


@pytest.mark.parametrize(
    ("log", "there", "digest", "breaches"),
    [
        ([UPLOADED, ATTACHED], {"f.1"}, "f", []),
        ([UPLOADED, ATTACHED, DETACHED, GONE], set(), "f", []),
        ([UPLOADED, ATTACHED], set(), "f", ["lost"]),
        ([UPLOADED, ATTACHED, GONE], set(), "f", ["lost", "lost"]),
        ([UPLOADED, ATTACHED], {"f.1"}, "g", ["wrong"]),
        ([UPLOADED, ATTACHED, DETACHED], {"f.1"}, "f", ["wrong"]),
        ([PHOTO, ATTACHED], {"f.1", "f.1-thumbnail"}, "f", []),
        ([PHOTO, ATTACHED], {"f.1"}, "f", ["lost"]),
        ([PHOTO, ATTACHED, DETACHED, GONE], {"f.1-thumbnail"}, "f", ["wrong"]),
    ],
)
def test_a_file_that_is_gone_changed_or_left_over_is_found(
    log: list[Recorded], there: set[str], digest: str, breaches: list[str]
) -> None:
    found = judged(log, content, there, set(), lambda _: digest)
    assert [one.breach for one in found] == breaches


def away(since: int, until: int) -> Recorded:
    return event("AbsenceAnnounced", "absence-ann", since=AT + since, until=AT + until)


def signed(for_whom: str | None = "ann") -> Recorded:
    return event("ApprovalSigned", "approval-order:O1:1", in_place_of=for_whom)


@pytest.mark.parametrize(
    ("log", "breaches"),
    [
        ([signed(None)], []),
        ([away(-5, 5), signed()], []),
        ([signed()], ["wrong"]),
        ([away(-5, 0), signed()], ["wrong"]),
        ([away(-5, 5), event("AbsenceEnded", "absence-ann"), signed()], ["wrong"]),
        ([signed(None), signed(None)], ["doubled"]),
    ],
)
def test_who_signs_for_one_who_is_there_or_once_more_is_found(
    log: list[Recorded], breaches: list[str]
) -> None:
    assert [one.breach for one in stood_in(log, content)] == breaches


def test_what_is_not_mailed_or_under_two_ids_is_found() -> None:
    def mail(id: str) -> EmailMessage:
        made = EmailMessage()
        made["Subject"], made["Message-ID"] = "Approval step opened: Approval order:O1:1", id
        return made

    opened = [event("ApprovalStepOpened", "approval-order:O1:1")]
    assert [one.breach for one in mailed(opened, [mail("<a@x>"), mail("<a@x>")])] == []
    assert [one.breach for one in mailed(opened, [])] == ["lost"]
    assert [one.breach for one in mailed(opened, [mail("<a@x>"), mail("<b@x>")])] == ["doubled"]
    assert [one.breach for one in mailed([], [mail("<a@x>")])] == ["doubled"]
