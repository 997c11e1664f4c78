"""Kafka's users: given a password and the least rights that they need, or taken away."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.settings import Settings
from services.commandline import Code, Failure, output
from services.commandline.environment import settings
from services.commandline.password_files import password_of

if TYPE_CHECKING:
    from infra.kafka_access import KafkaAccess

kafka_user = typer.Typer(
    help="Kafka's users and their rights, where its brokers ask for a password.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ROLES = ("publisher", "projector", "analyst")

User = Annotated[str, typer.Argument(help="The user's name.")]


@kafka_user.command("set")
def give(
    user: User,
    *,
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")],
    password_file: Annotated[
        Path | None,
        typer.Option(help="Its first line is the password; else the old one stays."),
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="A kind, such as order, that an analyst may read.")
    ] = None,
) -> None:
    """Make a user or change its password, and give it the rights of a role and no others."""
    from infra.kafka_access import KafkaRole, permissions  # here: they take long to load

    if role not in ROLES:
        raise Failure(f"{role} is no role: write one of {', '.join(ROLES)}.", Code.USAGE)
    if (role == "analyst") != bool(topic):
        raise Failure("--topic goes with the role analyst, which needs one or more.", Code.USAGE)
    password = None if password_file is None else password_of(password_file)
    with _access() as (access, wanted):
        topics = _topics(wanted, topic or [])
        if password is None and user not in access.users():
            raise Failure(f"{user} is a new user: give --password-file.", Code.USAGE)
        granted = permissions(KafkaRole(role), user, wanted.topic_prefix, wanted.log, topics)
        access.set(user, password, granted)
    output.say(f"{user} has the rights of {role}.")


@kafka_user.command("list")
def every(
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """List the users that have a password, with what each may do."""
    with _access() as (access, _):
        rows = [
            {
                "user": user,
                "may": "; ".join(sorted(one.shown() for one in access.granted(user))),
            }
            for user in access.users()
        ]
    output.rows(rows, "Kafka's users", as_json=as_json)


@kafka_user.command()
def remove(user: User) -> None:
    """Take away a user's password and rights: what it asks for from now on is refused."""
    with _access() as (access, _):
        if not access.remove(user):
            raise Failure(f"Kafka has no user {user}: see `distributary kafka-user list`.")
    output.say(f"{user} is gone.")


@contextmanager
def _access() -> Iterator[tuple["KafkaAccess", Settings]]:
    """As the user whom the settings name, which Kafka must allow to do that."""
    from kafka.errors import KafkaError

    from infra import kafka_admission, kafka_refusals
    from infra.kafka_access import KafkaAccess
    from infra.limits import Limits

    wanted, limits = settings(), Limits()
    if wanted.kafka is None:
        raise Failure("No Kafka is named: set DISTRIBUTARY_KAFKA=host:port.")
    try:
        kafka_admission.check(wanted.kafka, wanted.kafka_security, limits.look)
        access = KafkaAccess(wanted.kafka, wanted.kafka_security, limits)
        try:
            yield access, wanted
        finally:
            access.close()
    except (KafkaError, kafka_refusals.NotAdmitted) as error:
        why = kafka_refusals.what_to_do(error, wanted.kafka_user) or str(error)
        raise Failure(f"{why}.", Code.UNAVAILABLE) from error


def _topics(wanted: Settings, kinds: list[str]) -> list[str]:
    from services.bootstrap import AGGREGATES

    known = {aggregate.kind for aggregate in AGGREGATES}
    if unknown := [kind for kind in kinds if kind not in known]:
        raise Failure(
            f"there is no kind {unknown[0]}: one of {', '.join(sorted(known))}.", Code.USAGE
        )
    return [f"{wanted.topic_prefix}.{kind}" for kind in kinds]


def add(app: typer.Typer) -> None:
    app.add_typer(kafka_user, name="kafka-user")
