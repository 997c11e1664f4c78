"""Settings as people read them: what holds now, what comes next, and who changed what."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection

from aggregates.organisation.settings import CompanySettings, SettingsChanged
from aggregates.settings import SettingsModel
from infra.clock import instant, iso, micros
from infra.state_reader import StateReader
from services import bootstrap, labels
from services.bootstrap import Platform

Shown = dict[str, Any]
Model = TypeVar("Model", bound=SettingsModel)


def every(
    platform: Platform, models: Iterable[type[SettingsModel]], language: str, at: int | None
) -> list[Shown]:
    """Each as it is in force at an instant: now, unless told otherwise."""
    return platform.states.ask(lambda load: [_shown(load, model, language, at) for model in models])


def _shown(load: StateReader, model: type[SettingsModel], language: str, at: int | None) -> Shown:
    moment = load.now if at is None else instant(at)
    state: CompanySettings = load(CompanySettings, model.id)
    now, ahead = state.valid_at(moment), state.scheduled(moment)
    return {
        "id": model.id,
        "label": labels.of("setting", model.id, language),
        "context": model.id.partition(".")[0],
        "values": model.of(now.values if now else {}).values(),
        "defaults": model().values(),
        "version": now.number if now else 0,
        "valid_from": iso(micros(now.valid_from)) if now else None,
        "next": _version(model, ahead[0]) if ahead else None,
        "changes": len(state.versions),
    }


def history(platform: Platform, model: type[SettingsModel]) -> list[Shown]:
    """Every version, the newest last: who made it, when, and what held before."""
    return list(_versions(platform, model))


def in_force(
    platform: Platform, connection: Connection, model: type[Model], position: int, at: int
) -> Model:
    """As they were in force at an instant, by what the log said up to a position."""
    found = platform.store.history(connection, CompanySettings.stream(model.id))
    known = (platform.log.event(one) for one in found if one.position <= position)
    version = CompanySettings.after(known).valid_at(instant(at))
    return model.of(version.values if version else {})


def _versions(platform: Platform, model: type[SettingsModel]) -> Iterator[Shown]:
    store, state = platform.store, CompanySettings()
    with platform.database.read() as connection:
        found = store.history(connection, CompanySettings.stream(model.id))
    for recorded in found:
        event = platform.log.event(recorded)
        before, state = state.valid_at(event.valid_from), state.fold(event)
        yield {
            **_version(model, state.versions[-1]),
            "before": model.of(before.values if before else {}).values(),
            "actor": recorded.actor,
            "recorded_at": iso(recorded.recorded_at),
            "position": recorded.position,
        }


def _version(model: type[SettingsModel], version: SettingsChanged) -> Shown:
    return {
        "version": version.number,
        "valid_from": iso(micros(version.valid_from)),
        "values": model.of(version.values).values(),
        "changed": list(version.changed),
        "reason": version.reason,
    }


def model_of(id: str) -> type[SettingsModel] | None:
    return next((one for one in bootstrap.SETTINGS if one.id == id), None)
