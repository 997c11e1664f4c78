"""People who sign in by a password: given one, let in again, or sent away by an operator."""

from pathlib import Path
from typing import Annotated

import typer

from infra.attempts import Attempts, of_account
from infra.clock import iso
from infra.keys import NAME
from infra.passwords import Passwords, WeakPassword
from infra.sessions import Sessions
from services.bootstrap import Platform
from services.commandline import Code, Failure, output
from services.commandline.keys import note
from services.commandline.opening import opened

user = typer.Typer(
    help="People who sign in by a password.", no_args_is_help=True, rich_markup_mode=None
)


def _named(account: str) -> str:
    if not NAME.fullmatch(account):
        raise typer.BadParameter("an account has 1 to 64 letters, digits, . _ @ -")
    return account


Account = Annotated[str, typer.Argument(help="The account's name.", callback=_named)]


@user.command()
def set_password(
    account: Account,
    *,
    file: Annotated[
        Path | None, typer.Option(help="A file whose first line is the password.")
    ] = None,
) -> None:
    """Give an account a password, typed on the terminal or read from a file; its sessions end."""
    password = _typed() if file is None else _first_line(file)
    with opened() as platform:
        try:
            Passwords(platform.database).set(account, password)
        except WeakPassword as error:
            raise Failure(str(error), Code.USAGE) from error
        ended = _sessions(platform).end_all(account)
        Attempts(platform.database).succeeded(of_account(account))
        note(platform, "password-changed", {"account": account, "sessions_ended": ended})
    output.say(f"{account} has a new password; {ended} sessions ended.")


@user.command()
def reset(account: Account) -> None:
    """Give an account a one-time password and show it, once; its sessions end."""
    with opened() as platform:
        made = Passwords(platform.database).one_time(account)
        _sessions(platform).end_all(account)
        Attempts(platform.database).succeeded(of_account(account))
        note(platform, "password-reset", {"account": account})
    typer.echo(made.password)
    output.say(f"Good for one sign-in until {iso(made.ends_at)}; then it must be changed.")


@user.command("list")
def every(
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """List the accounts that have a password."""
    with opened() as platform:
        found = Passwords(platform.database).every()
    rows = [
        {
            "account": one.account,
            "set_at": iso(one.set_at),
            "one_time_until": None if one.ends_at is None else iso(one.ends_at),
            "used_at": None if one.used_at is None else iso(one.used_at),
        }
        for one in found
    ]
    output.rows(rows, "Users", as_json=as_json)


@user.command()
def unlock(account: Account) -> None:
    """Forget the failed sign-ins of an account, so that nobody has to wait."""
    with opened() as platform:
        Attempts(platform.database).succeeded(of_account(account))
        note(platform, "unlocked", {"account": account})
    output.say(f"{account} may sign in at once.")


@user.command()
def sign_out(account: Account) -> None:
    """End all sessions of an account; it takes a few seconds everywhere."""
    with opened() as platform:
        ended = _sessions(platform).end_all(account)
        note(platform, "signed-out", {"account": account, "sessions": ended})
    output.say(f"{ended} sessions ended.")


@user.command()
def remove_password(account: Account) -> None:
    """Let nobody sign in to an account by a password any more; its sessions end."""
    with opened() as platform:
        if not Passwords(platform.database).remove(account):
            raise Failure(f"{account} has no password: see `distributary user list`.")
        ended = _sessions(platform).end_all(account)
        note(platform, "password-removed", {"account": account, "sessions_ended": ended})
    output.say(f"{account} has no password any more; {ended} sessions ended.")


def _sessions(platform: Platform) -> Sessions:
    settings = platform.settings
    return Sessions(platform.database, settings.session_idle, settings.session_life)


def _typed() -> str:
    password: str = typer.prompt(
        "New password", hide_input=True, confirmation_prompt=True, err=True
    )
    return password


def _first_line(file: Path) -> str:
    try:
        return file.read_text("utf-8").partition("\n")[0].removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file} cannot be read: {error}", Code.USAGE) from error


def add(app: typer.Typer) -> None:
    app.add_typer(user, name="user")
