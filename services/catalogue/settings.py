"""Settings described: their fields with labels, their defaults, and what a change may set."""

from aggregates.settings import SettingsModel
from commands.organisation.settings import values_model
from services import labels
from services.catalogue.fields import described
from services.catalogue.requests import titled
from services.catalogue.shapes import SettingsPart


def part(model: type[SettingsModel], language: str) -> SettingsPart:
    label = labels.of("setting", model.id, language)
    return SettingsPart(
        name=model.id,
        label=label,
        about=labels.about(model.__doc__, language) or "",
        context=model.id.partition(".")[0],
        address=f"/settings/{model.id}",
        fields=described(model.id, model, language),
        defaults=model().values(),
        schema=titled(values_model(model).model_json_schema(), model.id, label, language),
    )
