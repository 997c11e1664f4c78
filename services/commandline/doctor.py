"""Looks at everything once, each with a limit, and says what is wrong and what to do."""

import threading
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

import typer
from sqlalchemy.exc import ArgumentError as BadAddress
from sqlalchemy.exc import DBAPIError, NoResultFound, NoSuchModuleError

from infra.database import is_not_permitted
from infra.kafka_refusals import what_to_do
from infra.settings import Settings
from services import bootstrap
from services.bootstrap import Platform
from services.commandline import Failure, checks, output, security_checks
from services.commandline.checks import CheckFinding, CheckResult, Look, fail, ok, warn
from services.commandline.environment import settings


class Check(NamedTuple):
    """`needs` names the check without which this one cannot be made."""

    name: str
    look: Look
    needs: tuple[str, ...] = ()
    do: str = "see that it runs, and that the address is right"
    limit: float = 6.0


AS_WRITER = "run the doctor where the API runs, whose role may"
UNANSWERED = "start the database, or correct DISTRIBUTARY_DATABASE_URL"
CHECKS = (
    Check("disk", checks.disk),
    Check("database", checks.database, do=UNANSWERED),
    Check("memory", checks.memory, ("database",), do=UNANSWERED),
    Check("tables", checks.tables, ("database",), do="run `distributary migrate`"),
    Check("encryption", security_checks.encryption, ("database",), do=UNANSWERED),
    Check("role", security_checks.events_may_change, ("tables",), do=UNANSWERED),
    Check("clock", checks.clock, ("database",), do=UNANSWERED),
    Check("API keys", checks.api_keys, ("tables",), do=UNANSWERED),
    Check("views", checks.views, ("tables",), do=UNANSWERED),
    Check("business days", checks.business_days, ("tables",), do=UNANSWERED),
    Check("parked", checks.parked, ("tables",), do=UNANSWERED),
    Check("deadlines", checks.deadlines, ("tables",), do=UNANSWERED),
    Check("rollups", checks.rollups, ("tables",), do=UNANSWERED),
)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Look at settings, disk, database, clock, views and Kafka; end with 1 if any is ill."""
    rows = [{"check": name, **found._asdict()} for name, found in examined()]
    output.rows(rows, "Doctor", as_json=as_json)
    failed = [str(row["check"]) for row in rows if row["result"] is CheckResult.FAIL]
    if failed:
        raise Failure(f"Something is wrong with: {', '.join(failed)}. Do as the rows above say.")


def examined() -> Iterator[tuple[str, CheckFinding]]:
    """Every check in turn; where the settings cannot be used, nothing else can be looked at."""
    try:
        wanted = settings()
        platform = bootstrap.platform(wanted)
    except Failure as error:
        yield "settings", fail(str(error), "correct those variables")
    except (BadAddress, NoSuchModuleError):
        yield "settings", fail("DISTRIBUTARY_DATABASE_URL is no address", "see docs/operate.md")
    except OSError as error:
        yield "settings", fail(f"{error.filename}: {error.strerror}", "set DISTRIBUTARY_DATA")
    else:
        yield "settings", ok(f"log {wanted.log}")
        try:
            yield from examine(platform, (*CHECKS, *of_kafka(wanted)))
        finally:
            platform.close()


def of_kafka(wanted: Settings) -> tuple[Check, ...]:
    if wanted.kafka is None:
        return (Check("Kafka", lambda _: ok("not named: views follow the log")),)
    from services.commandline import kafka_checks as kafka  # here: it takes long to load

    return (
        Check("Kafka", kafka.broker),
        Check("topics", kafka.topics, ("tables", "Kafka"), limit=10),
        Check("records", kafka.records, ("topics",), limit=20),
    )


def examine(platform: Platform, every: Sequence[Check]) -> Iterator[tuple[str, CheckFinding]]:
    well: set[str] = set()
    for check in every:
        ill = [need for need in check.needs if need not in well]
        if ill:
            found = warn("not looked at", f"first mend: {', '.join(ill)}")
        else:
            found = limited(check, platform)
            if found.result is not CheckResult.FAIL:
                well.add(check.name)
        yield check.name, found


def limited(check: Check, platform: Platform) -> CheckFinding:
    """What the check finds; what does not answer in time is left to itself."""
    found: list[CheckFinding] = []
    thread = threading.Thread(target=lambda: found.append(_caught(check, platform)), daemon=True)
    thread.start()
    thread.join(check.limit)
    return found[0] if found else fail(f"no answer in {check.limit:.0f} s", check.do)


def _caught(check: Check, platform: Platform) -> CheckFinding:
    try:
        return check.look(platform)
    except NoResultFound:
        return fail("the log or a view has no row", "run `distributary migrate`")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was found
        if (refused := what_to_do(error, platform.settings.kafka_user)) is not None:
            return fail(refused, "see docs/operate.md")
        if isinstance(error, DBAPIError) and is_not_permitted(error):
            return warn("not looked at: the role of this process may not read it", AS_WRITER)
        text = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
        return fail(text.splitlines()[0][:300], check.do)


def add(app: typer.Typer) -> None:
    app.command()(doctor)
