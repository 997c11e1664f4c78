"""What people have to do: tasks, and appointments with customers and colleagues."""

from aggregates.fieldwork.numbers import TaskNumbers
from aggregates.fieldwork.reminders import TaskSettings
from aggregates.fieldwork.task import Task
from commands.fieldwork import task
from projections.fieldwork import task as task_record
from projections.fieldwork import task_counts
from services.contexts import Context
from services.processes.fieldwork import task_reminders

fieldwork = Context(
    "fieldwork",
    kinds=(Task,),
    commands=(task,),
    records=(task_record.record,),
    figures=(task_counts.figure,),
    processes=(task_reminders.process,),
    settings=(TaskSettings, TaskNumbers),
)
