"""How a company numbers its leads."""

from aggregates.numbers import NumberSettings


class LeadNumbers(NumberSettings, id="leads.numbers"):
    """How leads are numbered that are captured without an id."""

    prefix: str = "LD"
