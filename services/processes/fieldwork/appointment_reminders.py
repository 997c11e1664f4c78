"""Appointment reminders: those who take part are reminded before an appointment begins."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, get_args

from aggregates.fieldwork.appointment.events import (
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentMoved,
    AppointmentPlanned,
)
from commands import Command
from commands.fieldwork.appointment import RemindOfAppointment
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

Heard = AppointmentPlanned | AppointmentMoved | AppointmentHeld | AppointmentCancelled


def react(recorded: Recorded, event: Heard) -> Iterator[Schedule | Cancel]:
    appointment = recorded.stream
    match event:
        case (
            AppointmentPlanned(remind_at=datetime() as at)
            | AppointmentMoved(remind_at=datetime() as at)
        ):
            asked = RemindOfAppointment(id=recorded.key)
            yield Schedule("reminder", appointment, at, asked)
        case _:
            yield Cancel("reminder", appointment)


def idle(command: Command, state: Any) -> bool:
    return isinstance(command, RemindOfAppointment) and state.remind_at is None


process = Process(
    "appointment_reminders",
    get_args(Heard),
    react,
    idle,
    [Purpose("reminder", RemindOfAppointment)],
)
