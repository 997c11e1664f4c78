"""`distributary <command>`: everything an operator does, on the database the settings name."""

import os
import sys

import typer

from services import memory
from services.commandline import Code, Failure, run


def main() -> None:
    """Run a command; ends with the code that says how it went."""
    try:
        with memory.loading():
            app = _app()
        app()
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        sys.exit(failure.code)
    except KeyboardInterrupt:
        sys.exit(Code.INTERRUPTED)
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Code.DONE)


def _app() -> typer.Typer:
    app = typer.Typer(
        name="distributary",
        help="Event-sourced CQRS platform for companies that sell through dealers and shops.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    run.add(app)
    if sys.argv[1:2] != ["health"]:  # asked every few seconds: the rest would cost it a second
        from services.commandline import (
            access,
            ask,
            batch,
            catalogue,
            certificates,
            company_settings,
            deadlines,
            doctor,
            export,
            files,
            inspect,
            kafka_users,
            keys,
            load,
            notices,
            organisation,
            parked,
            rebuilding,
            roles,
            users,
            whatif,
        )

        parts = (
            ask,
            batch,
            catalogue,
            company_settings,
            inspect,
            export,
            load,
            organisation,
            rebuilding,
            keys,
            users,
            access,
            parked,
            deadlines,
            notices,
            files,
            doctor,
            kafka_users,
            certificates,
            roles,
            whatif,
        )
        for part in parts:
            part.add(app)
    return app


if __name__ == "__main__":
    main()
