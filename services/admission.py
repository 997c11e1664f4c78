"""What becomes of a request before it decides: it is refused, or it waits for a second person."""

from typing import cast

import msgspec

from commands import Command, Load
from commands.approvals.second_person import CommandEnvelope, kept_request, waits
from commands.authorisation import authorise
from infra.requests import Request, VersionMismatch


def admit(load: Load, request: Request) -> Request:
    """The request, or the one that keeps it until a second person confirms it.

    Raises a refusal where its actor may not ask it.
    """
    command = cast("Command", request.command)
    authorise(load, request.actor, command)
    if not waits(load, type(command)):
        return request
    stream, expected = command.stream, request.expected
    now = load.version(command.aggregate, stream.partition("-")[2])
    if expected is not None and expected != now:
        raise VersionMismatch(stream, expected, now)
    envelope = CommandEnvelope(request.key, expected, request.reason, request.correlation_id)
    kept = kept_request(load, command, envelope)
    if kept is None:
        return request
    return msgspec.structs.replace(request, command=kept, expected=None, numbered=None)
