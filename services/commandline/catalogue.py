"""What there is, with labels: for whoever makes a form, a list or a mapping of columns."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from aggregates import calendar
from services.commandline.environment import settings


class Language(StrEnum):
    """The languages that labels are written in."""

    en = "en"
    zh = "zh-CN"


def catalogue(
    language: Annotated[Language, typer.Option(help="Of the labels.")] = Language.en,
) -> None:
    """Print kinds, commands, events and figures with their fields and labels, as JSON."""
    from services.catalogue import building  # here: it takes the whole API along

    calendar.use(settings().zone)
    sys.stdout.write(building.as_json(language.value).decode() + "\n")


def add(app: typer.Typer) -> None:
    app.command()(catalogue)
