"""How a company numbers its stock documents."""

from aggregates.numbers import NumberSettings


class MovementNumbers(NumberSettings, id="inventory.movement_numbers"):
    """How movements are numbered that are posted without an id."""

    prefix: str = "SM"
