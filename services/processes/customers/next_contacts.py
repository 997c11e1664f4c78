"""Next contacts: whoever said that he would contact a customer again has a task for it."""

from collections.abc import Iterator
from typing import Any

from aggregates.customers.interaction import Interaction, InteractionRecorded
from commands import Command
from commands.fieldwork.task import CreateTask
from infra.events import Recorded
from services.processes import Process

LONGEST = 200
"""Characters of a task's title."""


def react(recorded: Recorded, event: InteractionRecorded) -> Iterator[Command]:
    if event.next_contact is not None:
        _, _, own = recorded.stream.removeprefix(f"{Interaction.kind}-").partition(":")
        yield CreateTask(
            id=f"contact-{event.customer[:24]}-{own[:24]}",
            title=f"Contact again 再次联系: {event.text}"[:LONGEST].strip(),
            owner=event.owner,
            due=event.next_contact,
            customer=event.customer,
        )


def idle(_: Command, state: Any) -> bool:
    return state.created is not None


process = Process("next_contacts", [InteractionRecorded], react, idle)
