"""The content of files: cleaned up and looked through by an operator."""

from typing import Annotated

import typer

from services.commandline import Code, Failure, output
from services.commandline.opening import opened

file_verbs = typer.Typer(
    help="The content of files that hang on things.", no_args_is_help=True, rich_markup_mode=None
)
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]


@file_verbs.command()
def clean(
    hours: Annotated[
        int | None,
        typer.Option(min=1, help="Hours without a reference; else as the settings say."),
    ] = None,
) -> None:
    """Remove contents that nothing has referred to for hours; workers do so by themselves."""
    from services.files import cleaning

    with opened() as platform:
        done = cleaning.clean(platform, hours or platform.settings.file_keep_hours)
    output.line({"files": done.files, "bytes": done.bytes, "unfinished": done.unfinished})
    if done.behind:
        raise Failure(
            "The rest waits until the index of mentions has caught up: clean again then.",
            Code.UNAVAILABLE,
        )


@file_verbs.command()
def verify(*, as_json: AsJson = False) -> None:
    """Read every content again, and name what was changed or lost; ends with 1 if any was."""
    from services.files import verifying

    with opened() as platform:
        found = list(verifying.verify(platform))
    faults = [one.fault._asdict() for one in found if one.fault is not None]
    files, size = (found[-1].files, found[-1].bytes) if found else (0, 0)
    if faults:
        output.rows(faults, "Files", as_json=as_json)
        raise Failure(
            f"Of {files} files, {len(faults)} contents are lost or changed: bring them back from"
            " the backup, or upload the files again."
        )
    output.line({"files": files, "bytes": size, "faults": 0})


@file_verbs.command()
def usage(*, as_json: AsJson = False) -> None:
    """Tell how much room files take, all together and of each account."""
    from services.files import uploads

    with opened() as platform:
        settings, log = platform.settings, platform.store.log
        with platform.database.read() as connection:
            rows = [_row(None, uploads.used(connection, log), settings.file_quota)]
            for account, size in uploads.by_account(connection, log):
                rows.append(_row(account, size, settings.file_quota_account))
    output.rows(rows, "Files", as_json=as_json)


def _row(account: str | None, used: int, limit: int) -> dict[str, str | int]:
    return {"account": account or "all", "bytes": used, "limit": limit}


def add(app: typer.Typer) -> None:
    app.add_typer(file_verbs, name="files")
