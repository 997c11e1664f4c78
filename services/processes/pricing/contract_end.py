"""The end of contracts: after its last day nothing is ordered on one any longer."""

from collections.abc import Iterator
from typing import Any, get_args

from aggregates.pricing.contract.events import ContractSigned, ContractTerminated
from commands import Command
from commands.pricing.contract import EndContract
from infra.events import Recorded
from services.processes import Cancel, Process, Purpose, Schedule

Heard = ContractSigned | ContractTerminated


def react(recorded: Recorded, event: Heard) -> Iterator[Schedule | Cancel]:
    contract = recorded.stream
    if isinstance(event, ContractSigned):
        yield Schedule("end", contract, event.ends_at, EndContract(id=recorded.key))
    else:
        yield Cancel("end", contract)


def idle(command: Command, state: Any) -> bool:
    return isinstance(command, EndContract) and state.status != "signed"


process = Process("contract_end", get_args(Heard), react, idle, [Purpose("end", EndContract)])
