"""Makes the certificates of a company's own brokers and clients."""

from pathlib import Path
from typing import Annotated

import typer

from infra.certificates import DAYS
from services.commandline import Code, Failure, output

CLIENT = """\
security.protocol=SSL
ssl.truststore.type=PEM
ssl.truststore.location={ca}
ssl.keystore.type=PEM
ssl.keystore.location={both}
"""
"""What Kafka's own tools need to come in as that client."""


def certificates(
    directory: Annotated[Path, typer.Argument(help="Where they are kept; made if missing.")],
    *,
    server: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=HOST,…", help="A server, and how it is addressed."),
    ] = None,
    client: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A client.")] = None,
    days: Annotated[int, typer.Option(min=1, help="How long they are good.")] = DAYS,
    renew: Annotated[bool, typer.Option("--renew", help="Also those that are there.")] = False,
) -> None:
    """Make a certificate authority, and what it signs, unless they are there already."""
    from infra.certificates import Authority  # here: no other command should wait for it

    wanted = {name: hosts for name, _, hosts in (one.partition("=") for one in server or ())}
    if bare := [name for name, hosts in wanted.items() if not hosts]:
        raise Failure(f"--server {bare[0]} names no host: write {bare[0]}=HOST", Code.USAGE)
    authority = Authority(directory)
    try:
        if authority.found():
            output.say(f"{authority.certificate}: a new authority; keep ca.key to yourself.")
        for name, hosts in {**wanted, **dict.fromkeys(client or (), "")}.items():
            if renew or not (directory / f"{name}.pem").exists():
                made, _ = authority.issue(name, [one for one in hosts.split(",") if one], days)
                output.say(f"{made}: good for {days} days.")
        for name in client or ():
            both = (directory / f"{name}.both.pem").absolute()
            ca = authority.certificate.absolute()
            (directory / f"{name}.properties").write_text(CLIENT.format(ca=ca, both=both))
    except OSError as error:
        raise Failure(f"{error.filename}: {error.strerror}.") from error


def add(app: typer.Typer) -> None:
    app.command()(certificates)
