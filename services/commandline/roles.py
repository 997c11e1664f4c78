"""Grants PostgreSQL's roles what each part of the platform needs."""

from pathlib import Path
from typing import Annotated

import typer

from services.bootstrap import Platform
from services.commandline import Code, Failure, output
from services.commandline.opening import opened
from services.commandline.password_files import password_of


def grant_roles(
    prefix: Annotated[str, typer.Option(help="What the names of the roles begin with.")] = (
        "distributary"
    ),
    passwords: Annotated[
        Path | None,
        typer.Option(help="A folder; the first line of a file named as a role is its password."),
    ] = None,
) -> None:
    """Make roles for writer, projector and reader, and grant each what it needs; as the owner."""
    from services import database_roles as roles

    if not roles.NAME.fullmatch(prefix):
        raise Failure(
            f"{prefix} is no prefix: write small letters, digits and underscores.", Code.USAGE
        )
    given = {} if passwords is None else _given(passwords, prefix)
    with opened() as platform:
        if platform.database.sqlite:
            raise Failure("SQLite has no roles: set DISTRIBUTARY_DATABASE_URL to PostgreSQL's.")
        try:
            with platform.database.write() as connection:
                made = roles.grant(connection, prefix)
                roles.set_passwords(connection, given)
        except roles.UngrantedTable as error:
            raise Failure(f"{error}.") from error
    for role in set(made) - given.keys():
        output.say(f"{role} is new: give it a password, ALTER ROLE {role} PASSWORD '…'.")
    output.say("Every table is granted: writer, projector and reader have what they need.")


def _given(folder: Path, prefix: str) -> dict[str, str]:
    from services.database_roles import DatabaseRole

    names = [role.named(prefix) for role in DatabaseRole]
    given = {name: password_of(folder / name) for name in names if (folder / name).exists()}
    if not given:
        raise Failure(
            f"{folder} has a file for none of the roles: write {', '.join(names)}.", Code.USAGE
        )
    return given


def renew(platform: Platform) -> None:
    """Grant new tables as well, where roles were granted before."""
    if platform.database.sqlite:
        return
    from services import database_roles as roles

    with platform.database.write() as connection:
        for prefix in roles.prefixes(connection):
            roles.grant(connection, prefix)


def add(app: typer.Typer) -> None:
    app.command()(grant_roles)
