"""A file of commands can be sent again, in any order of its lines, from any editor."""

import json
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

LI = {"id": "li", "name": "Li", "department": "east", "region": "shanghai"}
ONE = {"id": "C1", "name": "One", "customer_kind": "dealer", "owner": "li"}
DEAL = {"id": "D1", "customer": "C1", "title": "Deal", "amount": 5, "currency": "CNY"}
Run = Callable[..., tuple[int, list[Any], str]]


def row(command: str, body: dict[str, Any], **more: Any) -> str:
    return json.dumps({"command": command, "body": body, **more}, ensure_ascii=False)


HIRED, REGISTERED = row("hire-rep", LI), row("register-customer", ONE)
OPENED = row("open-opportunity", DEAL)


def stage(name: str) -> str:
    return row("advance-opportunity", {"id": "D1", "stage": name})


@pytest.fixture
def send(run: Run, tmp_path: Path) -> Callable[..., tuple[int, list[Any], str]]:
    """`distributary batch` on a file of these lines."""

    def send(*lines: str, encoding: str = "utf-8", end: str = "\n") -> tuple[int, list[Any], str]:
        file = tmp_path / "rows.ndjson"
        file.write_bytes((end.join(lines) + end).encode(encoding))
        return run("batch", str(file))

    return send


def test_lines_that_rest_on_later_lines_take_effect(send: Any) -> None:
    code, lines, told = send(OPENED, REGISTERED, HIRED)
    assert (code, [line["line"] for line in lines]) == (0, [3, 2, 1])
    assert "3 done, 0 repeated, 0 refused" in told
    code, _, told = send(OPENED, REGISTERED, HIRED)
    assert (code, "0 done, 3 repeated, 0 refused" in told) == (0, True)


def test_a_refused_line_is_named_and_can_be_repaired(send: Any, run: Run) -> None:
    code, lines, told = send(HIRED, OPENED)
    assert (code, lines[-1]["line"], lines[-1]["refusal"]) == (3, 2, "Unknown")
    assert "1 done, 0 repeated, 1 refused" in told
    run("command", "register-customer", "--json", json.dumps(ONE))
    code, lines, told = send(HIRED, OPENED)
    assert (code, "1 done, 1 repeated, 0 refused" in told) == (0, True)


def test_a_file_may_say_a_thing_twice_on_purpose(send: Any, run: Run) -> None:
    lines = [HIRED, REGISTERED, OPENED, stage("proposal"), stage("qualification")]
    again = [*lines, stage("proposal")]
    code, _, told = send(*again)
    assert (code, "6 done" in told) == (0, True)
    moves = [event for event in run("events", "--json")[1] if "stage" in event["data"]]
    assert moves[-1]["data"]["stage"] == "proposal"
    assert "0 done, 6 repeated" in send(*again)[2]
    # A line put in between changes no other line's key.
    more = row("revalue-opportunity", {"id": "D1", "amount": 7})
    assert "1 done, 6 repeated" in send(*again[:4], more, *again[4:])[2]


def test_a_mark_at_the_beginning_and_any_end_of_line_are_read(send: Any) -> None:
    code, _, told = send(HIRED, REGISTERED, encoding="utf-8-sig", end="\r\n")
    assert (code, "2 done" in told) == (0, True)
    assert "2 repeated" in send(HIRED, REGISTERED)[2]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_a_name_may_hold_what_unicode_calls_the_end_of_a_line(
    send: Any, run: Run, mark: str
) -> None:
    name = f"Li{mark}Wu"
    text = row("hire-rep", {**LI, "name": name})
    code, _, told = send(text)
    assert (code, "1 done" in told) == (0, True), told
    assert run("events", "--json")[1][0]["data"]["name"] == name


def test_every_faulty_line_is_named_at_once(send: Any, run: Run) -> None:
    wrong = row("hire-rep", {**LI, "id": "华东"})
    twice = row("receive-stock", {"location": "W", "item": "t", "quantity": "5", "reference": "r"})
    code, _, told = send(HIRED, wrong, "{", twice, row("fly", {}))
    assert code == 2
    assert "line 2: hire-rep: id: Write 1 to 64 letters" in told
    assert "line 3: " in told
    assert "line 4: receive-stock: quantity: Write a whole number" in told
    assert "line 5: There is no command fly" in told
    assert "Nothing was asked." in told
    assert run("status")[1][0]["head"] == 0


@pytest.mark.parametrize("key", ["a b", "键", "x" * 201, "a\0"])
def test_a_key_is_what_any_system_can_carry(send: Any, run: Run, key: str) -> None:
    assert "line 1: key" in send(row("hire-rep", LI, key=key))[2]
    code, _, told = run("command", "hire-rep", "--json", json.dumps(LI), "--key", key)
    assert (code, "1 to 200 visible ASCII" in told) == (2, True)


@pytest.mark.parametrize("weeks", ["0", "8-1", "1_0", "٣", "1-54", "1-", "-3", "99"])
def test_weeks_are_those_of_a_year(run: Run, weeks: str) -> None:
    code, _, told = run("import", "completejourney", f"--weeks={weeks}")
    assert (code, "such as 1-8" in told) == (2, True)


def test_another_encoding_is_named_with_its_line(send: Any) -> None:
    code, _, told = send(HIRED, row("hire-rep", {**LI, "name": "李"}), encoding="gbk")
    assert (code, "line 2: not UTF-8" in told) == (2, True)


def test_a_row_for_the_api_is_a_line_as_well(send: Any) -> None:
    move = {"id": "li", "department": "west", "region": "x"}
    rows = [
        row("hire-rep", LI, expected=0, key="own"),
        row("move-rep", move, expected="*"),
        row("move-rep", {**move, "region": "y"}, expected=1),
    ]
    code, lines, _ = send(*rows)
    assert code == 3
    assert [line.get("refusal") for line in lines] == [None, None, "VersionMismatch"]
    assert lines[0]["key"] == "own"
    assert send(row("hire-rep", LI, expected=True))[0] == 2
    assert send(row("hire-rep", LI, expected=-1))[0] == 2


def test_a_body_from_stdin_may_begin_with_a_mark(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    content = BytesIO(json.dumps(LI).encode("utf-8-sig"))
    monkeypatch.setattr("sys.stdin", TextIOWrapper(content))
    assert run("command", "hire-rep", "--json", "-")[0] == 0


def test_what_an_order_lacked_is_in_the_line(send: Any) -> None:
    product = {"id": "tea", "name": "Tea", "category": "goods", "unit": "box"}
    lines = [{"item": "tea", "quantity": 12}]
    code, told, _ = send(
        HIRED,
        REGISTERED,
        row("add-product", {**product, "list_price": 5, "currency": "CNY"}),
        row("draft-order", {"id": "O1", "customer": "C1", "warehouse": "WH", "lines": lines}),
        row("submit-order", {"id": "O1"}),
        row("approve-order", {"id": "O1"}),
    )
    assert (code, told[-1]["refusal"]) == (3, "OrderApprovalRefused")
    assert told[-1]["figures"]["shortages"] == [{"item": "tea", "wanted": 12, "available": 0}]
    assert "tea: 12 wanted, 0 there" in told[-1]["message"]


def test_a_field_that_stands_twice_is_named(send: Any, run: Run) -> None:
    body = '{"id": "li", "name": "Li", "name": "Lu", "department": "e", "region": "s"}'
    code, _, told = send(f'{{"command": "hire-rep", "body": {body}}}', '{"key": "a", "key": "b"}')
    assert code == 2
    assert "line 1: body.name: This field stands twice: write it once" in told
    assert "line 2: " in told
    code, _, told = run("command", "hire-rep", "--json", body)
    assert (code, "name: This field stands twice" in told) == (2, True)
