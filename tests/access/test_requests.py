"""Whatever many ask at once, a request is decided once, by two persons, and takes effect once."""

import pytest
from access.world_of_requests import RequestsWorld, founded
from mutants.plant import Mutant
from originals import Originals

ROUNDS, SEEDS = 12, range(1, 11)
CONFIRM = "aggregates.approvals.request:CommandRequest.confirm"
BUGS = (
    Mutant("The maker confirms", CONFIRM, "self.another(checker)", "pass"),
    Mutant("What was confirmed is confirmed again", CONFIRM, "self._open()", "pass"),
    Mutant(
        "Persons are told apart by their accounts",
        "aggregates.signatory:Signatory.same",
        "self.person == other.person",
        "False",
    ),
    Mutant(
        "The setting is not looked at",
        "services.admission:waits",
        "command.slug() in settings_now(load).settings.commands",
        "False",
    ),
)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_request_is_decided_once_by_another_person(
    kind: str, seed: int, originals: Originals
) -> None:
    with originals.copied(kind, founded) as url:
        assert RequestsWorld(url, seed).run(ROUNDS) == []


@pytest.mark.parametrize("mutant", BUGS, ids=lambda mutant: mutant.breaks)
def test_a_planted_bug_is_caught(mutant: Mutant, originals: Originals) -> None:
    for seed in SEEDS:
        with originals.copied("sqlite", founded) as url:
            world = RequestsWorld(url, seed)
            with mutant.planted():
                if world.run(ROUNDS):
                    return
    pytest.fail(f"nobody noticed: {mutant.breaks}")
