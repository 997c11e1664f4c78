"""The platform that the settings name, opened for one command, its faults said in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError as BadAddress
from sqlalchemy.exc import (
    DBAPIError,
    NoResultFound,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from infra.requests import Unavailable
from projections.engine.zones import OtherZone
from services import bootstrap, tracing
from services.bootstrap import Platform
from services.commandline import Code, Failure
from services.commandline.environment import settings


@contextmanager
def opened(*, prepared: bool = False, traced: str | None = None) -> Iterator[Platform]:
    """The platform; `prepared` brings its tables up first, which is harmless when they are.

    `traced` names a part that runs on and whose doings are followed.
    """
    wanted = settings()
    try:
        platform = bootstrap.platform(wanted, tracing.of(traced, wanted) if traced else None)
    except (BadAddress, NoSuchModuleError) as error:
        raise Failure("DISTRIBUTARY_DATABASE_URL is no address of a database.") from error
    except OSError as error:
        raise Failure(f"{error.filename}: {error.strerror}; set DISTRIBUTARY_DATA.") from error
    try:
        if prepared or platform.database.sqlite:
            platform.prepare()
        yield platform
    except (DBAPIError, PoolTimeout, Unavailable) as error:
        raise _failure(error) from error
    finally:
        platform.close()


def check_days(platform: Platform) -> None:
    """End before anything is answered or applied by other days than the views were made by.

    Where the database cannot be asked yet, whoever reads or applies looks again.
    """
    try:
        platform.check_days()
    except OtherZone as error:
        raise Failure(str(error)) from error
    except (DBAPIError, PoolTimeout, NoResultFound):
        return


def _failure(error: Exception) -> Failure:
    text = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    if isinstance(error, ProgrammingError) and "does not exist" in text:
        return Failure("The tables are missing: run `distributary migrate`.")
    if isinstance(error, OperationalError) and "readonly" in text:
        return Failure("The database cannot be written: make its folder writable.")
    return Failure(f"The database does not answer: {text}", Code.UNAVAILABLE)
