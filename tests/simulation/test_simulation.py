"""A short campaign: `make simulate SEEDS=10000` runs the long one."""

import pytest

from simulation import features
from simulation.campaign import campaign

SEEDS = 25


@pytest.mark.parametrize("first", [1, 26, 51])
def test_nothing_is_lost_doubled_or_reordered_under_seeded_faults(first: int) -> None:
    violations = {}
    faults, met = 0, set[str]()
    for world in campaign(range(first, first + SEEDS)):
        faults += world.dealt.total()
        met |= world.features
        if world.violations:
            violations[world.seed] = world.violations
    assert violations == {}
    assert faults > SEEDS * 5
    assert met == set(features.ALL)
