"""The first way in: an API key and a one-time password of the account `owner`, each told once."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from commands.organisation.account import OpenAccount
from infra.keys import Keys
from infra.passwords import Passwords
from services.bootstrap import Platform, request
from services.signing_in import may_sign_in

OWNER = "owner"
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before whatever happened in a company whose past is loaded afterwards."""
FIRST_KEY = "first-run-key"
FIRST_PASSWORD = "first-password"  # noqa: S105 - a file's name


def first_key(platform: Platform) -> str | None:
    """A key for the first run, kept in a file that its owner alone can read; None later."""
    keys = Keys(platform.database)
    if keys.every():
        return None
    key = keys.new(OWNER, label=FIRST_KEY)
    _keep(platform.settings.data / FIRST_KEY, key)
    return key


def first_password(platform: Platform) -> str | None:
    """A one-time password for the first run, kept as the key is; None where anybody has one.

    Where it cannot be kept there is none either: `distributary user reset owner` makes one.
    """
    passwords = Passwords(platform.database)
    if passwords.every() or not may_sign_in(platform, OWNER):
        return None
    made = passwords.first(OWNER)
    if made is None:
        return None
    try:
        _keep(platform.settings.data / FIRST_PASSWORD, made.password)
    except OSError:
        passwords.remove(OWNER)
        return None
    return made.password


def open_owner(platform: Platform) -> None:
    """The account `owner` of a company of which nothing was written yet: it may do everything."""
    if is_empty(platform):
        opened = OpenAccount(id=OWNER, occurred_at=BEGINNING)
        platform.executor.execute(request(opened, "first-run", "first-run-owner"))


def is_empty(platform: Platform) -> bool:
    with platform.database.read() as connection:
        return platform.store.head(connection).position == 0


def is_new(platform: Platform) -> bool:
    """Whether nothing was written yet, and nobody has a key."""
    return is_empty(platform) and not Keys(platform.database).every()


def how(address: str, data: Path, password: str, *, shown: bool) -> Iterator[str]:
    """How to sign in; the password itself is told to eyes alone."""
    file = data / FIRST_PASSWORD
    if shown:
        yield f"  sign in as      {OWNER}, one-time password {password}"
        yield f"                  (shown once; kept in {file})"
    else:
        yield f"  sign in as      {OWNER}, one-time password in {file}, for its owner alone"
    yield f"                  by POST {address}/sessions; it must be changed within three days"


def _keep(file: Path, secret: str) -> None:
    """In a file that its owner alone can read, whoever made it before."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        os.fchmod(descriptor, 0o600)
        handle.write(f"{secret}\n")
