"""A whole number of the command line is digits alone, as in a query of the API."""

from typing import Any

import typer

from commands.fields import DIGITS


def whole(text: str, *, least: int = 0, most: int = 2**62) -> Any:
    """An option that is a whole number between the two, with its help."""

    def read(value: Any) -> int:
        if DIGITS.fullmatch(str(value)) and least <= int(value) <= most:
            return int(value)
        span = f"from {least} to {most}" if most < 2**62 else f"from {least} on"
        raise typer.BadParameter(f"{value}: write a whole number with digits alone, {span}.")

    return typer.Option(parser=read, metavar="NUMBER", help=text)
