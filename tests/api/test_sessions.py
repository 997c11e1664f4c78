"""A person signs in by a password and goes on under a session, which no other site can use."""

from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher
from asking import Asking

from infra import passwords
from infra.attempts import Attempts, attempts, of_address
from infra.passwords import Passwords
from infra.sessions import Sessions, sessions
from services.api import credentials
from services.api.app import build

PASSWORD = "teapot under nine stars"
OTHER = "lantern beside the river"
LI = {"id": "li", "name": "Li", "department": "east", "region": "shanghai"}


@pytest.fixture(autouse=True)
def looked_up_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is believed for seconds, and a hash costs little."""
    monkeypatch.setattr(credentials, "REMEMBERED", 0.0)
    cheap = partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "PasswordHasher", cheap)


def test_a_hash_costs_whoever_guesses_as_much_as_is_advised() -> None:
    hashed = PasswordHasher().hash(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_hash_of_older_costs_is_renewed_at_the_next_sign_in(both: Any) -> None:
    kept = Passwords(both.platform.database, PasswordHasher(time_cost=1, memory_cost=32))
    kept.set("ann", PASSWORD)
    assert Browser(both).sign_in().status_code == 201
    with both.platform.database.read() as connection:
        stored = connection.execute(passwords.passwords.select()).one().hash
    assert ",t=1,p=1$" in stored
    assert Browser(both).sign_in().status_code == 201


class Browser:
    """Keeps its cookies, and sends no key."""

    def __init__(self, api: Any, base: str = "http://testserver") -> None:
        self.client = Asking(api.client.app, base_url=base)
        self.csrf = ""

    def sign_in(self, account: str = "ann", password: str = PASSWORD, **headers: str) -> Any:
        body = {"account": account, "password": password}
        answer = self.client.post("/sessions", json=body, headers=headers)
        if answer.status_code == 201:
            self.csrf = answer.json()["csrf_token"]
        return answer

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        headers = {"X-CSRF-Token": self.csrf, **headers}
        return self.client.request(method, path, json=body, headers=headers)

    def says(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        answer = self.ask(method, path, body, **headers)
        told = answer.json().get("type", "") if answer.content else ""
        return answer.status_code, told.removeprefix("/problems/")


@pytest.fixture
def ann(both: Any) -> Browser:
    """Has a password, and is signed in."""
    Passwords(both.platform.database).set("ann", PASSWORD)
    browser = Browser(both)
    assert browser.sign_in().status_code == 201
    return browser


def kinds(api: Any) -> list[str]:
    api.client.app.state.access_log.flush()
    return [one["kind"] for one in reversed(api.get("/access-log")["data"])]


def test_whoever_signed_in_acts_under_the_accounts_name(both: Any, ann: Browser) -> None:
    headers = {"Idempotency-Key": "s1"}
    assert ann.ask("POST", "/commands/hire-rep", LI, **headers).status_code == 201
    assert both.get("/events/1")["actor"] == "ann"
    told = ann.ask("GET", "/sessions/current").json()
    assert (told["account"], told["signed_in_by"]) == ("ann", "session")
    assert told["csrf_token"] == ann.csrf
    assert kinds(both) == ["signed-in", "personal-read"]


def test_the_cookie_is_for_the_browser_alone(both: Any, ann: Browser) -> None:
    plain = ann.sign_in().headers["set-cookie"]
    assert plain.startswith("distributary=ds_")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(plain.split("; "))
    assert "Secure" not in plain
    safe = Browser(both, "https://testserver").sign_in().headers["set-cookie"]
    assert safe.startswith("__Host-distributary=ds_")
    assert "Secure" in safe.split("; ")


def test_the_database_holds_no_token(both: Any, ann: Browser) -> None:
    token = ann.client.cookies["distributary"]
    with both.platform.database.read() as connection:
        stored = str(connection.execute(sessions.select()).all())
    assert token not in stored
    assert ann.csrf not in stored


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({"X-CSRF-Token": ""}, "csrf-token-needed"),
        ({"X-CSRF-Token": "guessed"}, "csrf-token-needed"),
        ({"Origin": "http://evil.example"}, "foreign-origin"),
        ({"Origin": "https://testserver"}, "foreign-origin"),
        ({"Origin": "null"}, "foreign-origin"),
    ],
)
def test_another_site_changes_nothing(ann: Browser, headers: dict[str, str], problem: str) -> None:
    headers = {"Idempotency-Key": "s1", **headers}
    assert ann.says("POST", "/commands/hire-rep", LI, **headers) == (403, problem)
    assert ann.says("DELETE", "/sessions", **headers) == (403, problem)
    assert ann.says("GET", "/sessions")[0] == 200
    ours = {"Idempotency-Key": "s1", "Origin": "http://testserver"}
    assert ann.says("POST", "/commands/hire-rep", LI, **ours)[0] == 201


def test_another_site_signs_nobody_in(both: Any, ann: Browser) -> None:
    answer = ann.sign_in(Origin="http://evil.example")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/foreign-origin")
    told = b'{"account": "ann", "password": "' + PASSWORD.encode() + b'"}'
    form = {"Content-Type": "text/plain"}
    assert ann.client.post("/sessions", content=told, headers=form).status_code == 415


def test_a_token_is_no_key_and_a_key_no_token(both: Any, ann: Browser) -> None:
    token = ann.client.cookies["distributary"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert both.client.get("/status", headers=bearer).status_code == 401
    key = both.client.headers["Authorization"].removeprefix("Bearer ")
    cookie = {"Cookie": f"distributary={key}"}
    assert Asking(both.client.app).get("/status", headers=cookie).status_code == 401


def test_a_key_needs_no_csrf_token(both: Any) -> None:
    answer = both.client.post(
        "/commands/hire-rep", json=LI, headers={"Idempotency-Key": "k", "Origin": "http://x"}
    )
    assert answer.status_code == 201


def test_signing_out_ends_the_session(both: Any, ann: Browser) -> None:
    token = ann.client.cookies["distributary"]
    assert ann.says("DELETE", "/sessions/current") == (204, "")
    assert "distributary" not in ann.client.cookies
    again = {"Cookie": f"distributary={token}"}
    assert Asking(both.client.app).get("/sessions", headers=again).status_code == 401
    assert kinds(both) == ["signed-in", "signed-out"]


def test_ones_own_sessions_are_listed_and_ended(both: Any, ann: Browser) -> None:
    Passwords(both.platform.database).set("bob", OTHER)
    bob, phone = Browser(both), Browser(both)
    bob.sign_in("bob", OTHER)
    phone.sign_in(**{"User-Agent": "phone"})
    listed = ann.ask("GET", "/sessions").json()["data"]
    assert [(one["agent"], one["current"]) for one in listed] == [
        ("phone", False),
        ("testclient", True),
    ]
    [foreign] = bob.ask("GET", "/sessions").json()["data"]
    assert ann.says("DELETE", f"/sessions/{foreign['id']}") == (404, "not-found")
    assert ann.says("DELETE", f"/sessions/{listed[0]['id']}") == (204, "")
    assert phone.says("GET", "/sessions")[0] == 401
    assert bob.says("GET", "/sessions")[0] == 200
    phone.sign_in()
    assert ann.says("DELETE", "/sessions") == (204, "")
    assert [one.says("GET", "/sessions")[0] for one in (ann, phone, bob)] == [401, 401, 200]


@pytest.mark.parametrize("column", ["seen_at", "ends_at"])
def test_a_session_ends_when_it_idles_and_in_any_case(both: Any, ann: Browser, column: str) -> None:
    idle = both.platform.settings.session_idle
    with both.platform.database.write() as connection:
        now = both.platform.database.now(connection)
        late = now - idle * 1_000_000 if column == "seen_at" else now
        connection.execute(sessions.update().values({column: late}))
    assert ann.says("GET", "/sessions") == (401, "unauthorised")


def test_a_session_that_is_used_does_not_idle(both: Any, ann: Browser) -> None:
    idle = both.platform.settings.session_idle * 1_000_000
    with both.platform.database.write() as connection:
        earlier = both.platform.database.now(connection) - idle + 60_000_000
        connection.execute(sessions.update().values(seen_at=earlier))
    assert ann.says("GET", "/sessions")[0] == 200
    both.client.app.state.credentials.keep()
    [found] = Sessions(both.platform.database, 1, 1).of("ann") or [None]
    assert found is not None
    assert found.seen_at > earlier


def test_a_change_of_password_needs_the_old_one_and_ends_the_other_sessions(
    both: Any, ann: Browser
) -> None:
    phone = Browser(both)
    phone.sign_in()
    wrong = {"old": "not the password", "new": OTHER}
    assert ann.says("PUT", "/password", wrong) == (403, "wrong-password")
    assert ann.says("PUT", "/password", {"old": PASSWORD, "new": OTHER}) == (204, "")
    assert ann.says("GET", "/sessions")[0] == 200
    assert phone.says("GET", "/sessions")[0] == 401
    assert phone.sign_in().status_code == 401
    assert phone.sign_in(password=OTHER).status_code == 201
    assert kinds(both)[2:] == [
        "password-change-failed",
        "password-changed",
        "sign-in-failed",
        "signed-in",
    ]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("short", "password_length"),
        ("x" * 201, "password_length"),
        ("aaaaaaaaaaaa", "password_common"),
        ("password1234", "password_common"),
        ("123456789012", "password_common"),
        ("qwertyuiop12", "password_common"),
        ("Annnual lanterns beside rivers", "password_has_name"),
        ("lantern\u0007beside the river", "password_characters"),
        (PASSWORD, "password_same"),
    ],
)
def test_a_password_that_is_easily_guessed_is_not_taken(api: Any, new: str, code: str) -> None:
    Passwords(api.platform.database).set("ann", PASSWORD)
    browser = Browser(api)
    browser.sign_in()
    answer = browser.ask("PUT", "/password", {"old": PASSWORD, "new": new})
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/new", code)
    assert Passwords(api.platform.database).matches("ann", PASSWORD)


def test_a_one_time_password_is_good_once_and_for_its_change_alone(both: Any) -> None:
    made = both.client.post("/password-resets", json={"account": "ann"}).json()
    ann, late = Browser(both), Browser(both)
    assert ann.sign_in(password=made["password"]).json()["must_change_password"] is True
    assert ann.says("GET", "/status") == (403, "password-change-needed")
    assert ann.says("GET", "/sessions/current")[0] == 200
    assert late.sign_in(password=made["password"]).status_code == 401
    change = {"old": made["password"], "new": OTHER}
    assert ann.says("PUT", "/password", change) == (204, "")
    assert ann.says("GET", "/status")[0] == 200
    assert late.sign_in(password=OTHER).json()["must_change_password"] is False


def test_a_reset_ends_the_sessions_of_the_account(both: Any, ann: Browser) -> None:
    both.client.post("/password-resets", json={"account": "ann"})
    assert ann.says("GET", "/sessions")[0] == 401
    assert ann.sign_in().status_code == 401


def test_a_one_time_password_has_an_end(both: Any) -> None:
    made = Passwords(both.platform.database).one_time("ann")
    with both.platform.database.write() as connection:
        connection.exec_driver_sql("UPDATE passwords SET ends_at = 1")
    assert Browser(both).sign_in(password=made.password).status_code == 401


def test_failures_make_everybody_wait_longer_and_survive_a_restart(both: Any) -> None:
    Passwords(both.platform.database).set("ann", PASSWORD)
    browser = Browser(both)
    codes = [browser.sign_in(password="wrong").status_code for _ in range(5)]
    assert codes == [401] * 5
    answer = browser.sign_in()
    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-attempts")
    assert 1 <= int(answer.headers["retry-after"]) == answer.json()["seconds"] <= 5
    with Asking(build(both.platform)) as restarted:
        body = {"account": "ann", "password": PASSWORD}
        waits(both, 30)
        assert restarted.post("/sessions", json=body).status_code == 429
    waits(both, -1)
    assert browser.sign_in().status_code == 201
    assert browser.sign_in(password="wrong").status_code == 401, "it begins anew"
    assert "sign-in-blocked" in kinds(both)


def waits(api: Any, seconds: int) -> None:
    with api.platform.database.write() as connection:
        until = api.platform.database.now(connection) + seconds * 1_000_000
        connection.exec_driver_sql(f"UPDATE sign_in_attempts SET blocked_until = {until}")


def test_waits_grow_up_to_a_quarter_of_an_hour(both: Any) -> None:
    seen = []
    for _ in range(30):
        assert Attempts(both.platform.database).begin([of_address("10.0.0.9")]) == 0
        with both.platform.database.read() as connection:
            row = connection.execute(attempts.select()).one()
        seen.append((row.blocked_until - row.last_at) // 1_000_000)
        waits(both, -1)
    assert seen == [0] * 19 + [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]


def test_an_account_that_is_not_there_is_told_like_one_that_is(both: Any) -> None:
    Passwords(both.platform.database).set("ann", PASSWORD)

    def told(account: str) -> list[Any]:
        browser = Browser(both)
        answers = [browser.sign_in(account, "wrong") for _ in range(6)]
        return [(one.status_code, one.json()["type"]) for one in answers]

    assert told("ann") == told("nobody")


def test_an_address_waits_whatever_accounts_it_tries(both: Any) -> None:
    browser = Browser(both)
    for _ in range(23):
        Attempts(both.platform.database).begin([of_address("testclient")])
        waits(both, -1)
    assert browser.sign_in("a-24").status_code == 401
    assert browser.sign_in("a-25").status_code == 429


@pytest.mark.parametrize(
    ("proxies", "told", "counted"),
    [
        (None, "10.0.0.9", "192.0.2.1"),
        ("192.0.2.0/24", "10.0.0.9", "10.0.0.9"),
        ("192.0.2.0/24", "6.6.6.6, 10.0.0.9", "10.0.0.9"),
        ("192.0.2.0/24, 10.0.0.9", "6.6.6.6, 10.0.0.9", "6.6.6.6"),
        ("198.51.100.1", "10.0.0.9", "192.0.2.1"),
    ],
)
def test_an_address_is_believed_of_trusted_proxies_alone(
    proxies: str | None, told: str, counted: str
) -> None:
    from infra.settings import Settings
    from services.api.client_address import ClientAddresses

    addresses = ClientAddresses(Settings(trusted_proxies=proxies))
    headers = {b"x-forwarded-for": told.encode()}
    assert addresses.address({"client": ("192.0.2.1", 5)}, headers) == counted
