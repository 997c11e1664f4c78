"""The settings, or one line that names every fault of the environment."""

from pydantic import ValidationError

from infra.settings import Settings
from services.commandline import Failure


def settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"DISTRIBUTARY_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        raise Failure(f"Correct the environment: {faults}") from error
