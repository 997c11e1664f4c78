"""Outcomes of commands that wait for a second person: nothing happened but that they were kept."""

from aggregates.approvals.request import CommandRequest
from infra.requests import Outcome

STREAMS = CommandRequest.stream("")
"""What the names of the streams of requests begin with."""


def is_waiting(outcome: Outcome) -> bool:
    """Whether it tells of a request that was made, and not of one that was decided."""
    return outcome.stream.startswith(STREAMS) and outcome.version == 1


def request_of(outcome: Outcome) -> str:
    """The id of the request that keeps the command."""
    return outcome.stream.removeprefix(STREAMS)
