"""Whoever an OpenID Connect issuer names signs in; what it has not signed proves nothing."""

import base64
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from asking import Asking
from issuer import CLIENT, SECRET
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pace import limit
from pydantic import SecretStr, ValidationError
from servers import log_file
from waiting import until

from infra import issuer as issuers
from infra.settings import Settings
from services.api import credentials
from services.local.process import ChildProcess, free_port
from tests.api.conftest import Api, prepared, served

PROGRAM = Path(__file__).parents[1] / "issuer.py"


class Issuing:
    """The issuer's process, and what a test may ask of it."""

    def __init__(self, algorithm: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = ChildProcess("issuer", log_file(f"issuer-{algorithm}"))
        self.command = [sys.executable, str(PROGRAM), str(self.port), algorithm]
        self.http = httpx2.Client(base_url=self.address, timeout=limit(10))

    def start(self) -> None:
        self.process.start(self.command)
        until(self._answers, 30)

    def _answers(self) -> bool:
        try:
            return self.http.get("/keys").status_code == 200
        except httpx2.TransportError:
            return False

    def sign(self, **claims: Any) -> str:
        now = int(time.time())
        usual = {"iss": self.address, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300}
        told = {**usual, "preferred_username": "ann", **claims}
        wanted = {name: value for name, value in told.items() if value is not None}
        return str(self.http.post("/sign", json=wanted).json()["token"])


@pytest.fixture(scope="module", params=["RS256", "ES256"])
def issuing(request: pytest.FixtureRequest) -> Iterator[Issuing]:
    made = Issuing(request.param)
    made.start()
    yield made
    made.process.stop()
    made.http.close()


@pytest.fixture
def trusting(issuing: Issuing, kind: str, originals: Any, monkeypatch: Any) -> Iterator[Api]:
    """The API that trusts the issuer."""
    monkeypatch.setattr(credentials, "REMEMBERED", 0.0)
    settings = {
        "oidc_issuer": issuing.address,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
    }
    with originals.copied(kind, prepared) as url, served(url, **settings) as made:
        yield made


class Surfer:
    """A browser that follows each step when the test says so."""

    def __init__(self, api: Api) -> None:
        self.client = Asking(api.client.app, follow_redirects=False)

    def begin(self, **asked: str) -> str:
        answer = self.client.get("/sessions/oidc", params=asked)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def at_issuer(self, address: str, user: str = "ann") -> str:
        """Where the issuer sends the browser back to."""
        with httpx2.Client(timeout=limit(10)) as http:
            answer = http.get(f"{address}&login_hint={user}")
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"]).removeprefix("http://testserver")

    def sign_in(self, user: str = "ann") -> Any:
        return self.client.get(self.at_issuer(self.begin(), user))


def reason(answer: Any) -> str:
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/oidc-refused")
    return str(answer.json()["reason"])


def test_whoever_the_issuer_names_is_signed_in(trusting: Api) -> None:
    surfer = Surfer(trusting)
    answer = surfer.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    told = surfer.client.get("/sessions/current").json()
    assert (told["account"], told["must_change_password"]) == ("ann", False)
    [mine] = surfer.client.get("/sessions").json()["data"]
    assert mine["signed_in_by"] == "oidc"
    trusting.client.app.state.access_log.flush()
    [note] = trusting.get("/access-log")["data"]
    assert (note["kind"], note["actor"], note["detail"]["by"]) == ("signed-in", "ann", "oidc")


def test_who_signs_in_comes_back_to_where_he_was(trusting: Api) -> None:
    surfer = Surfer(trusting)
    there = surfer.begin(return_to="/orders?status=open&sort=-amount")
    answer = surfer.client.get(surfer.at_issuer(there))
    assert answer.status_code == 303
    assert answer.headers["location"] == "/orders?status=open&sort=-amount"


ELSEWHERE = (
    "https://evil.example",
    "//evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/ /evil.example",
    "javascript:alert(1)",
    "orders",
    "",
    "/a\r\nLocation: https://evil.example",
    "/é",
    "/" + "a" * 1_000,
)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_nobody_is_sent_to_another_site(trusting: Api, path: str) -> None:
    answer = Surfer(trusting).client.get("/sessions/oidc", params={"return_to": path})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-parameter")


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example"])
def test_a_cookie_that_was_put_in_sends_nobody_away_either(trusting: Api, path: str) -> None:
    surfer = Surfer(trusting)
    back = surfer.at_issuer(surfer.begin(return_to="/orders"))
    name, value = next((one.name, one.value) for one in surfer.client.cookies.jar)
    packed = base64.urlsafe_b64encode(path.encode()).decode().rstrip("=")
    surfer.client.cookies.clear()
    surfer.client.cookies.set(name, f"{str(value).partition('.')[0]}.{packed}")
    assert surfer.client.get(back).headers["location"] == "/"


def test_the_browser_that_began_alone_ends_it(trusting: Api) -> None:
    surfer, other = Surfer(trusting), Surfer(trusting)
    back = surfer.at_issuer(surfer.begin())
    assert "has not begun" in reason(other.client.get(back))
    other.begin()
    assert "has not begun" in reason(other.client.get(back))
    assert surfer.client.get(back).status_code == 303
    assert "has not begun" in reason(surfer.client.get(back))


def test_a_code_without_its_verifier_is_worth_nothing(trusting: Api, issuing: Issuing) -> None:
    """Another browser's code under one's own state: the verifier is another."""
    surfer, thief = Surfer(trusting), Surfer(trusting)
    code = httpx2.URL(surfer.at_issuer(surfer.begin())).params["code"]
    state = httpx2.URL(thief.begin()).params["state"]
    answer = thief.client.get("/sessions/oidc/callback", params={"code": code, "state": state})
    assert "refused the code" in reason(answer)


def test_what_the_issuer_denies_is_denied(trusting: Api) -> None:
    surfer = Surfer(trusting)
    state = httpx2.URL(surfer.begin()).params["state"]
    denied = {"error": "access_denied", "state": state}
    assert "access_denied" in reason(surfer.client.get("/sessions/oidc/callback", params=denied))


def test_an_account_that_is_not_open_is_not_signed_in(trusting: Api) -> None:
    trusting.done("open-account", id="tester")
    assert "no account" in reason(Surfer(trusting).sign_in())
    trusting.done("open-account", id="ann")
    assert Surfer(trusting).sign_in().status_code == 303
    assert "no account" in reason(Surfer(trusting).sign_in("a+b!"))


def bearer(api: Api, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return int(Asking(api.client.app).get("/sessions/current", headers=headers).status_code)


def test_an_access_token_of_the_issuer_is_taken(trusting: Api, issuing: Issuing) -> None:
    headers = {"Authorization": f"Bearer {issuing.sign()}"}
    told = Asking(trusting.client.app).get("/sessions/current", headers=headers).json()
    assert told == {"account": "ann", "signed_in_by": "oidc"}


def test_a_token_that_is_not_for_us_or_not_of_now_is_not_taken(
    trusting: Api, issuing: Issuing
) -> None:
    now = int(time.time())
    for claims in (
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": now - 90},
        {"exp": None},
        {"iat": now + 90},
        {"nbf": now + 90},
        {"nonce": "of a browser"},
        {"preferred_username": None},
        {"preferred_username": "a b"},
        {"preferred_username": ["ann"]},
    ):
        assert bearer(trusting, issuing.sign(**claims)) == 401, claims
    assert bearer(trusting, issuing.sign(exp=now - 30)) == 200, "clocks differ"


def forged(issuing: Issuing) -> Iterator[str]:
    """Tokens that say what the issuer's do, and that it has not signed."""
    good = issuing.sign()
    head, body, signature = good.split(".")
    [public] = issuing.http.get("/keys").json()["keys"]
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    yield f"{head}.{body}.{signature[:-8]}AAAAAAAA"
    yield f"{head}.{body}."
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    yield f"{none}.{body}."
    shared = {"alg": "HS256", "kid": public["kid"]}
    for secret in (json.dumps(public), SECRET):
        yield jwt.encode(shared, claims, OctKey.import_key(secret), ["HS256"])
    own = RSAKey.generate_key(2048, {"kid": public["kid"]})
    yield jwt.encode({"alg": "RS256", "kid": public["kid"]}, claims, own, ["RS256"])
    inside = {"alg": "RS256", "jwk": own.as_dict(private=False)}
    yield jwt.encode(inside, claims, own, ["RS256"])
    yield "a.b.c"


def test_what_the_issuer_has_not_signed_is_not_taken(trusting: Api, issuing: Issuing) -> None:
    assert bearer(trusting, issuing.sign()) == 200
    assert [bearer(trusting, token) for token in forged(issuing)] == [401] * 8


def test_a_new_key_of_the_issuer_is_found_and_looked_for_once_a_minute(
    trusting: Api, issuing: Issuing, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bearer(trusting, issuing.sign()) == 200
    issuing.http.post("/change")
    token = issuing.sign()
    assert bearer(trusting, token) == 401, "it was looked for a moment ago"
    monkeypatch.setattr(issuers, "KEYS_EVERY", 0.0)
    assert bearer(trusting, token) == 200


def test_an_issuer_that_does_not_answer_is_waited_for_and_asked_seldom(
    issuing: Issuing, originals: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "REMEMBERED", 0.0)
    asked: list[str] = []
    silent = f"http://127.0.0.1:{free_port()}"
    settings = {"oidc_issuer": silent, "oidc_client_id": CLIENT}
    with originals.copied("sqlite", prepared) as url, served(url, **settings) as made:
        found = made.client.app.state.credentials.issuer
        read = found._read_metadata
        monkeypatch.setattr(found._metadata, "read", lambda: (asked.append("x"), read())[1])
        for _ in range(3):
            assert bearer(made, issuing.sign()) == 503
        answer = Asking(made.client.app).get("/sessions/oidc")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/issuer-down")
        assert answer.headers["retry-after"] == "1"
        assert made.client.get("/sessions/current").status_code == 200, "a key goes on"
    assert asked == ["x"]


def test_without_an_issuer_nobody_is_sent_anywhere(api: Api) -> None:
    for path in ("/sessions/oidc", "/sessions/oidc/callback"):
        answer = api.client.get(path)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-issuer")


@pytest.mark.parametrize("issuer", ["http://issuer.example", "issuer.example", "https://a?b"])
def test_an_issuer_is_spoken_to_safely_or_not_at_all(issuer: str) -> None:
    with pytest.raises(ValidationError, match="begins with https"):
        Settings(oidc_issuer=issuer, oidc_client_id="x")
    with pytest.raises(ValidationError, match="needs DISTRIBUTARY_OIDC_CLIENT_ID"):
        Settings(oidc_issuer="https://issuer.example")
