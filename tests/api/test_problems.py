"""Whatever goes wrong is said in two languages, with what to do about it."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from asking import Asking
from sqlalchemy.exc import OperationalError

from infra.limits import Limits
from infra.requests import Unavailable
from services.api import exports, live
from services.api.app import build
from services.api.problem_kinds import PROBLEMS, language
from tests.api.conftest import prepared, served

LI = {"id": "li", "name": "Li", "department": "east", "region": "shanghai"}
KEY = {"Idempotency-Key": "p1"}
CSV = {"Accept": "text/csv"}
Case = Callable[[Any], Any]


def post(api: Any, body: Any, path: str = "/commands/hire-rep", **headers: str) -> Any:
    return api.client.post(path, json=body, headers=KEY | headers)


def reused(api: Any) -> Any:
    post(api, LI)
    return post(api, {**LI, "name": "Other"})


def unseen(api: Any) -> Any:
    post(api, LI)
    return post(
        api, {"id": "li", "reason": "x"}, "/commands/dismiss-rep", **{"Idempotency-Key": "2"}
    )


def overtaken(api: Any) -> Any:
    post(api, LI)
    headers = {"Idempotency-Key": "2", "If-Match": '"7"'}
    return post(api, {"id": "li", "reason": "x"}, "/commands/dismiss-rep", **headers)


def refused(api: Any) -> Any:
    post(api, LI)
    return api.ask("hire-rep", **{**LI, "name": "Other"})


def unknown_in_batch(api: Any) -> Any:
    answer = post(api, [{"command": "nonsense", "body": {}}], "/commands")
    row = answer.json()["outcomes"][0]
    return Fake(row)


class Fake:
    """A row of a batch, as if it were an answer of its own."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.headers = {"content-type": "application/problem+json"}
        self.status_code = row["status"]
        self._row = row

    def json(self) -> dict[str, Any]:
        return self._row


def plain(api: Any) -> Any:
    headers = {**KEY, "Content-Type": "text/plain"}
    return api.client.post("/commands/hire-rep", content=b"hello", headers=headers)


def in_bytes(api: Any, body: bytes) -> Any:
    headers = {**KEY, "Content-Type": "application/json"}
    return api.client.post("/commands/hire-rep", content=body, headers=headers)


def huge(api: Any) -> Any:
    return post(api, {**LI, "name": "x" * 5_000_001})


def huge_in_pieces(api: Any) -> Any:
    pieces = (b"x" * 500_000 for _ in range(11))
    headers = {**KEY, "Content-Type": "application/json"}
    return api.client.post("/commands/hire-rep", content=pieces, headers=headers)


def foreign_cursor(api: Any) -> Any:
    for n in range(3):
        move = {"item": f"i{n}", "quantity": 1, "reference": "r"}
        api.done("receive-stock", location="WH", **move)
    api.feed()
    cursor = api.get("/stock", limit=1)["cursor"]
    return api.client.get("/stock", params={"limit": 1, "cursor": cursor, "location": "WH"})


def without_key(api: Any) -> Any:
    return api.client.get("/funnel", headers={"Authorization": "Bearer dk_wrong"})


CASES: list[tuple[str, Case, str]] = [
    ("unauthorised", without_key, "Authorization: Bearer"),
    ("not-found", lambda api: api.client.get("/nowhere"), "GET /"),
    ("not-found", lambda api: api.client.get("/events/99"), "The log ends at 0"),
    ("not-found", lambda api: api.client.get("/streams/rep-x"), "There is no stream rep-x"),
    ("not-found", lambda api: api.client.get("/rankings/kings"), "choose customers"),
    ("not-parked", lambda api: api.client.get("/parked/funnel/stock-x"), "GET /parked"),
    ("method-not-allowed", lambda api: api.client.delete("/funnel"), "/docs"),
    (
        "missing-idempotency-key",
        lambda api: api.client.post("/commands/hire-rep", json=LI),
        "Idempotency-Key with 1 to 200",
    ),
    ("not-acceptable", lambda api: api.client.get("/status", headers=CSV), "application/json"),
    ("invalid-header", lambda api: post(api, LI, **{"Idempotency-Key": "a b"}), "Idempotency-Key"),
    ("invalid-header", lambda api: post(api, LI, **{"If-Match": "soon"}), "If-Match"),
    ("malformed-json", lambda api: in_bytes(api, b'{"id": '), "stopped at character 7"),
    ("unknown-parameter", lambda api: api.client.get("/funnel?colour=red"), "Leave out colour"),
    ("invalid-parameter", lambda api: api.client.get("/funnel?limit=0"), "Correct"),
    ("invalid-parameter", lambda api: api.client.get("/stock?as_of=yesterday"), "Correct"),
    ("invalid-parameter", lambda api: api.client.get("/stock?known_at=2026-13-01"), "Correct"),
    ("invalid-parameter", lambda api: api.client.get("/stock?as_of=0001-01-01"), "Correct"),
    ("not-utf-8", lambda api: in_bytes(api, '{"id": "茶"}'.encode("gbk")), "Byte 8"),
    ("nested-too-deeply", lambda api: in_bytes(api, b"[" * 100_000), "within brackets"),
    ("malformed-json", lambda api: in_bytes(api, b'{"id": ' + b"9" * 5_000), "fewer digits"),
    ("invalid-cursor", lambda api: api.client.get("/funnel?cursor=AAAA"), "Begin without"),
    ("invalid-cursor", foreign_cursor, "Begin without"),
    ("unknown", lambda api: api.ask("freeze-customer", id="C9", reason="x"), "Register the"),
    ("refused", refused, "id"),
    ("not-yet", lambda api: api.client.get("/funnel?min_position=9&wait=0"), "position 0"),
    ("if-match-required", unseen, 'If-Match: "1"'),
    ("version-mismatch", overtaken, "at version 1, not 7"),
    ("body-too-large", huge, "5000000 bytes"),
    ("body-too-large", huge_in_pieces, "5000000 bytes"),
    ("unsupported-media-type", plain, "application/json"),
    ("invalid-body", lambda api: post(api, {"id": "a/b"}), "errors"),
    ("unknown-command", unknown_in_batch, "nonsense"),
    ("key-reused", reused, "new key"),
]


@pytest.mark.parametrize(("slug", "case", "advice"), CASES)
def test_a_problem_says_what_to_do(api: Any, slug: str, case: Case, advice: str) -> None:
    answer = case(api)
    assert answer.status_code == PROBLEMS[slug].status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"/problems/{slug}"
    assert problem["title"] == PROBLEMS[slug].en.title
    assert problem["status"] == answer.status_code
    assert advice in problem["detail"]


def test_faults_of_a_body_are_pointed_at(api: Any) -> None:
    body = {"id": "O1", "customer": "C1", "warehouse": "W", "lines": [{"item": "a"}], "x": 1}
    problem = post(api, body, "/commands/draft-order").json()
    assert {"#/lines/0/quantity", "#/x"} <= {fault["pointer"] for fault in problem["errors"]}


def test_a_problem_speaks_chinese_to_who_asks_for_it(api: Any) -> None:
    problem = api.client.get("/funnel?colour=red", headers={"Accept-Language": "zh-CN,en;q=0.5"})
    assert problem.headers["content-language"] == "zh-CN"
    assert problem.json()["title"] == "没有这样的查询参数"
    assert "colour" in problem.json()["detail"]


@pytest.mark.parametrize("path", ["/events/99", "/streams/customer-none", "/rankings/none"])
def test_what_is_not_there_is_told_in_chinese(api: Any, path: str) -> None:
    told = [
        api.client.get(path, headers={"Accept-Language": spoken}).json()["detail"]
        for spoken in ("en", "zh-CN")
    ]
    assert told[0].isascii()
    assert not told[1].isascii()


def test_the_best_known_language_is_spoken() -> None:
    assert language("de, zh;q=0.3, en;q=0.2") == "zh-CN"
    assert language("zh-TW;q=0.1, en") == "en"
    assert language("fr") == language(None) == language(";q=x") == "en"


def test_every_problem_has_a_page_and_both_languages(api: Any) -> None:
    for slug, kind in PROBLEMS.items():
        page = api.client.get(f"/problems/{slug}", headers={"Authorization": ""})
        assert page.status_code == 200
        assert kind.en.title in page.text.replace("&#x27;", "'")
        figures = re.compile(r"\{(\w+)\}")
        assert set(figures.findall(kind.en.detail)) == set(figures.findall(kind.zh.detail))
        assert kind.zh.title != kind.en.title


@pytest.mark.parametrize(
    ("error", "slug"),
    [
        (Unavailable("gone"), "unavailable"),
        (OperationalError("SELECT", {}, Exception("gone")), "unavailable"),
        (ZeroDivisionError(), "internal"),
    ],
)
def test_what_breaks_inside_is_a_problem_as_well(
    api: Any, error: Exception, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(api.platform.executor, "commit", broken)
    quiet = Asking(api.client.app, raise_server_exceptions=False, headers=api.client.headers)
    answer = quiet.post("/commands/hire-rep", json=LI, headers=KEY)
    assert answer.status_code == PROBLEMS[slug].status
    assert answer.json()["type"] == f"/problems/{slug}"
    if slug == "unavailable":
        assert answer.headers["retry-after"] == "1"


def test_a_full_queue_sends_the_next_one_away(api: Any) -> None:
    api.platform.settings.__dict__["queue"] = 0
    with Asking(build(api.platform), headers=api.client.headers) as client:
        answer = client.post("/commands/hire-rep", json=LI, headers=KEY)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/overloaded")
    assert answer.headers["retry-after"] == "1"


def test_nothing_runs_for_ever(api: Any) -> None:
    hurried = build(replace(api.platform, limits=Limits(request=0.2)))
    with Asking(hurried, headers=api.client.headers) as client:
        answer = client.get("/funnel?min_position=9&wait=30")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/timed-out")


def test_streams_are_counted(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 0)
    answer = api.client.get("/events/stream")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/too-many-streams")


def test_exports_are_counted(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("MOST", "MOST_OPEN"):
        with monkeypatch.context() as patched:
            patched.setattr(exports, limit, 0)
            answer = api.client.get("/funnel?format=csv")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/too-many-exports")
        assert answer.headers["retry-after"] == "1"
    assert api.client.get("/funnel?format=csv").status_code == 200


def test_every_answer_is_armoured(api: Any) -> None:
    for path in ("/", "/funnel", "/nowhere", "/docs"):
        headers = api.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "strict-transport-security" not in headers


def test_the_page_of_documents_runs_its_own_script_and_no_other(api: Any) -> None:
    answer = api.client.get("/docs")
    (script,) = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = re.search(r"script-src ([^;]*)", answer.headers["content-security-policy"])
    assert allowed is not None
    assert allowed[1] == f"'self' 'sha256-{digest}'"


def test_where_https_is_public_browsers_are_told_to_use_nothing_else(originals: Any) -> None:
    public = {"public_url": "https://shop.example"}
    with originals.copied("sqlite", prepared) as url, served(url, **public) as api:
        for path in ("/", "/nowhere", "/livez"):
            told = api.client.get(path).headers["strict-transport-security"]
            assert told == "max-age=63072000; includeSubDomains"
