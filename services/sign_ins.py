"""Signing in by a password, and what belongs to it: waits, one-time passwords, changes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from aggregates.organisation.account import Account
from infra.access_log import AccessLog
from infra.attempts import Attempts, of_account, of_address
from infra.passwords import OneTime, Passwords, check
from infra.sessions import Session, Sessions
from services.bootstrap import Platform
from services.signing_in import may_sign_in


class WrongPassword(Exception):
    """The account or its password is wrong; which of them is not said."""


class TooManyAttempts(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(f"Try again in {seconds} seconds.")
        self.seconds = seconds


class From(NamedTuple):
    """Where somebody asks from; failures of an address are `counted` together."""

    address: str
    counted: str
    agent: str | None = None


class SignIns:
    def __init__(self, platform: Platform, sessions: Sessions, log: AccessLog) -> None:
        self.platform = platform
        self.sessions = sessions
        self.log = log
        self.passwords = Passwords(platform.database)
        self.attempts = Attempts(platform.database)

    def by_password(self, account: str, password: str, place: From) -> tuple[str, Session]:
        """A new session and its token; it takes as long where there is no such account."""
        self._count(account, place)
        must_change = self.passwords.verify(account, password)
        if must_change is None or not may_sign_in(self.platform, account):
            self._note("sign-in-failed", account, {"by": "password"}, place)
            raise WrongPassword
        self.attempts.succeeded(of_account(account), of_address(place.counted))
        return self.begin(account, "password", place, must_change=must_change)

    def by_issuer(self, account: str | None, reason: str, place: From) -> tuple[str, Session]:
        """A session of whom the issuer names; without an account, `reason` is noted."""
        if account is None or not may_sign_in(self.platform, account):
            detail = {"by": "oidc", "reason": reason}
            self._note("sign-in-failed", account, detail, place)
            raise WrongPassword
        return self.begin(account, "oidc", place)

    def begin(
        self, account: str, by: str, place: From, *, must_change: bool = False
    ) -> tuple[str, Session]:
        """A session of an account that has proved who it is."""
        token, session = self.sessions.begin(
            account, by, must_change=must_change, address=place.address, agent=place.agent
        )
        detail = {"by": by, "session": session.id}
        self._note("signed-in", account, detail, place)
        return token, session

    def change(
        self, account: str, old: str, new: str, place: From, session: Session | None
    ) -> None:
        """Give the account another password, and end its other sessions."""
        self._count(account, place)
        if not self.passwords.matches(account, old):
            self._note("password-change-failed", account, {}, place)
            raise WrongPassword
        self.attempts.succeeded(of_account(account), of_address(place.counted))
        check(account, new, old)
        self.passwords.set(account, new)
        ended = self.sessions.end_all(account, but=session and session.id)
        if session is not None:
            self.sessions.changed(session.id)
        detail = {"sessions_ended": ended}
        self._note("password-changed", account, detail, place)

    def reset(self, account: str, actor: str | None, place: From | None) -> OneTime:
        """A one-time password of an account, whose sessions end."""
        made = self.passwords.one_time(account)
        self.sessions.end_all(account)
        self.attempts.succeeded(of_account(account))
        self._note("password-reset", actor, {"account": account}, place, account)
        return made

    def _note(
        self,
        kind: str,
        actor: str | None,
        detail: Mapping[str, Any],
        place: From | None,
        account: str | None = None,
    ) -> None:
        """Written before whoever signs in is answered."""
        named = actor if account is None else account
        about = [] if named is None else [Account.stream(named)]
        address = place and place.address
        self.log.note(kind, actor, detail, about=about, address=address, at_once=True)

    def _count(self, account: str, place: From) -> None:
        wait = self.attempts.begin([of_account(account), of_address(place.counted)])
        if wait:
            self.log.note(
                "sign-in-blocked",
                account,
                {"seconds": wait},
                about=[Account.stream(account)],
                address=place.address,
                folded_by=("sign-in-blocked", place.counted),
            )
            raise TooManyAttempts(wait)
