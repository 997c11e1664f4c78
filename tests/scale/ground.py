"""Companies over many partitions, and their workers as the processes they are in real life."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import CoordinatorNotAvailableError
from pace import limits
from pydantic import SecretStr
from servers import log_file
from workers.company import Company, running

from infra.settings import Settings
from services.bootstrap import platform
from services.local.process import ChildProcess

PROGRAM = Path(sys.executable).with_name("distributary")
PARTITIONS = 12


def found(
    url: str,
    bootstrap: str,
    prefix: str,
    *,
    log: str = "main",
    copies: int = 1,
    partitions: int = PARTITIONS,
) -> Company:
    """A company with an empty log of that name; its topics are made, or found as they are."""
    settings = Settings(
        database_url=SecretStr(url),
        kafka=bootstrap,
        topic_prefix=prefix,
        partitions=partitions,
        replication=copies,
        log=log,
    )
    founded = platform(settings, limits=limits())
    founded.prepare()
    founded.broker("test").topics(founded.topic_names(), partitions, copies)
    founded.close()
    return Company(settings)


@contextmanager
def workers(company: Company, *jobs: str) -> Iterator[list[ChildProcess]]:
    """`distributary work <job>` for each job, until the block ends."""
    with ExitStack() as ends:
        started = []
        for number, job in enumerate(jobs, 1):
            name = f"scale-{job}-{number}"
            process = ChildProcess(name, log_file(name), environment=environment(company))
            ends.callback(process.stop)
            process.start([PROGRAM, "work", job])
            started.append(process)
        yield started


@contextmanager
def trading(company: Company, pause: float = 0.03) -> Iterator[None]:
    """Commands all the while, by somebody who has nothing to do with Kafka."""

    def work() -> int:
        time.sleep(pause)
        return len(company.work(8))

    with running(lambda: nullcontext(work)):
        yield


def environment(company: Company) -> Mapping[str, str]:
    wanted = company.settings
    return {
        **company.environment,
        "DISTRIBUTARY_LOG": wanted.log,
        "DISTRIBUTARY_PARTITIONS": str(wanted.partitions),
        "DISTRIBUTARY_REPLICATION": str(wanted.replication),
    }


def shares(company: Company) -> list[list[int]]:
    """How many partitions of each topic each member of the group of projectors has.

    Nothing while members come and go.
    """
    admin = KafkaAdminClient(bootstrap_servers=(company.settings.kafka or "").split(","))
    group = f"{company.settings.topic_prefix}-{company.settings.log}-projector"
    try:
        found = admin.describe_groups([group])[group]
    except CoordinatorNotAvailableError:  # a broker whose first group this is
        return []
    finally:
        admin.close()
    stable = found["group_state"] == "Stable"
    return [_partitions(member) for member in found["members"]] if stable else []


def _partitions(member: Mapping[str, Any]) -> list[int]:
    assigned = member["member_assignment"]["assigned_partitions"]
    return [len(topic["partitions"]) for topic in assigned]
