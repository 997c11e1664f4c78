"""The demo company has frozen customers confirmed by a second person, and one request waits."""

from commands.customers.customer import FreezeCustomer
from commands.organisation.settings import ChangeSettings
from services.bootstrap import Platform, request
from services.demo.catalogue import DEALERS

CLERK = "c-ding"
"""Who asks; the head of sales may confirm it."""


def ask(platform: Platform, source: str) -> int:
    """List the command, and let the clerk ask it; asked again, it changes nothing.

    Answers the position of the request.
    """
    values = {"commands": ["freeze-customer"]}
    listed = ChangeSettings(id="approvals.second_person", values=values, reason="Two pairs of eyes")
    platform.executor.execute(request(listed, "demo", f"{source}-second-person"))
    wanted = FreezeCustomer(id=DEALERS[-1].id, reason="Has not paid since spring")
    key = f"{source}-waits"
    return platform.executor.execute(request(wanted, CLERK, key, checked=True)).position
