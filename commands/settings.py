"""The settings that a command decides by: those in force when what it tells of happened."""

from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from aggregates.organisation.settings import CompanySettings, SettingsChanged
from aggregates.settings import SettingsModel
from commands import Load

S = TypeVar("S", bound=SettingsModel)


class InForce(NamedTuple, Generic[S]):
    """Settings, and the version that an event names: `loyalty.earning:3`, or None by default."""

    settings: S
    version: str | None


def in_force(load: Load, model: type[S], at: datetime) -> InForce[S]:
    """The settings of an instant; the state they are read from is at hand like any other."""
    state: CompanySettings = load(CompanySettings, model.id)
    return _typed(model, state.valid_at(at))


def of_version(load: Load, model: type[S], version: str | None) -> S:
    """The settings that an event names, however long ago."""
    if version is None:
        return model()
    state: CompanySettings = load(CompanySettings, model.id)
    number = int(version.rpartition(":")[2])
    return _typed(model, state.versions[number - 1]).settings


def _typed(model: type[S], found: SettingsChanged | None) -> InForce[S]:
    if found is None:
        return InForce(model(), None)
    return InForce(model.of(found.values), f"{model.id}:{found.number}")
