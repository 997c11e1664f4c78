"""Next contacts: whoever said that he would contact a customer again has a task for it."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from aggregates.customers.interaction import InteractionRecorded
from commands import Command
from commands.fields import ID
from commands.fieldwork.task import CreateTask
from infra.events import Recorded
from services.processes import Process

LONGEST = 200
"""Characters of a task's title."""
PARTS = 2
"""Hyphens of an id whose parts have none."""


def react(recorded: Recorded, event: InteractionRecorded) -> Iterator[Command]:
    if event.next_contact is not None:
        yield CreateTask(
            id=_task(recorded.key),
            title=f"Contact again 再次联系: {event.text}"[:LONGEST].strip(),
            owner=event.owner,
            due=event.next_contact,
            customer=event.customer,
        )


def _task(interaction: str) -> str:
    """The id of its task: its own as far as that tells it from all others, or else a digest."""
    customer, _, own = interaction.partition(":")
    plain = f"contact-{customer}-{own}"
    if plain.count("-") == PARTS and ID.fullmatch(plain):
        return plain
    return f"contact-{customer[:24]}-{sha256(interaction.encode()).hexdigest()[:24]}"


def idle(_: Command, state: Any) -> bool:
    return state.created is not None


process = Process("next_contacts", [InteractionRecorded], react, idle)
