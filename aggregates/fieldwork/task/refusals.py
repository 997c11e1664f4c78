"""Why a task is not taken, changed or ended."""

from collections.abc import Iterable
from datetime import datetime

from aggregates import Refused
from aggregates.calendar import format_instant


class DueInThePast(Refused):
    """Nothing is asked for by a time that has passed."""


class TaskEnded(Refused):
    """What is done or cancelled stays as it was until it is reopened."""


class TaskStillOpen(Refused):
    """What is open cannot be reopened."""


class NoSuchItem(Refused):
    """A checklist has its own items and no others."""


class ChecklistOpen(Refused):
    """A task is done when all items of its checklist are."""


def due_in_the_past(due: datetime, at: datetime) -> DueInThePast:
    return DueInThePast(
        f"It would be due at {format_instant(due)}, and it is {format_instant(at)}."
        " Give a later time.",
        f"到期时间 {format_instant(due)} 已过，现在是 {format_instant(at)}。请填写更晚的时间。",
    )


def ended(status: str, why: str | None) -> TaskEnded:
    en = f"This task is {status}" + (f" ({why})" if why else "")
    zh = f"此任务{'已完成' if status == 'done' else '已取消'}" + (f"（{why}）" if why else "")
    return TaskEnded(
        f"{en}. Reopen it, or create another.",
        f"{zh}。请重新打开，或另建任务。",
    )


def still_open() -> TaskStillOpen:
    return TaskStillOpen(
        "This task is open. Go on with it, or give another id.",
        "此任务尚未结束。请继续处理，或检查编号。",
    )


def no_such_item(item: int, items: int) -> NoSuchItem:
    if not items:
        return NoSuchItem(
            "This task has no checklist. Report its progress instead.",
            "此任务没有检查清单。请改为汇报进度。",
        )
    return NoSuchItem(
        f"The checklist has no item {item}. Give a number from 1 to {items}.",
        f"检查清单没有第 {item} 项。请填写 1 至 {items}。",
    )


def checklist_open(left: Iterable[str], items: int) -> ChecklistOpen:
    open_ones = list(left)
    return ChecklistOpen(
        f"{len(open_ones)} of {items} items are open: {'; '.join(open_ones)}."
        " Tick them, or cancel the task.",
        f"{items} 项中还有 {len(open_ones)} 项未完成：{'；'.join(open_ones)}。"
        "请逐项勾选，或取消任务。",
    )
