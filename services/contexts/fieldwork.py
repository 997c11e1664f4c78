"""What people have to do: tasks, and appointments with customers and colleagues."""

from aggregates.fieldwork.agenda import Agenda
from aggregates.fieldwork.appointment import Appointment
from aggregates.fieldwork.numbers import AppointmentNumbers, TaskNumbers
from aggregates.fieldwork.planning import ScheduleSettings, TaskSettings
from aggregates.fieldwork.task import Task
from aggregates.fieldwork.task.events import (
    TaskCreated,
    TaskOverdue,
    TaskReassigned,
    TaskReminded,
)
from commands.fieldwork import appointment, task
from projections.fieldwork import agenda as agenda_record
from projections.fieldwork import appointment as appointment_record
from projections.fieldwork import task as task_record
from projections.fieldwork import task_counts
from services.contexts import Context
from services.notices.declared import Notice, owner, taker
from services.processes.fieldwork import appointment_reminders, task_reminders

fieldwork = Context(
    "fieldwork",
    kinds=(Task, Appointment, Agenda),
    commands=(task, appointment),
    records=(task_record.record, appointment_record.record, agenda_record.record),
    figures=(task_counts.figure,),
    processes=(task_reminders.process, appointment_reminders.process),
    settings=(TaskSettings, ScheduleSettings, TaskNumbers, AppointmentNumbers),
    notices=(
        Notice("task-given", (TaskCreated, TaskReassigned), taker("owner")),
        Notice("task-due", (TaskReminded, TaskOverdue), owner),
    ),
)
