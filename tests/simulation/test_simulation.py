"""A short campaign: `make simulate SEEDS=10000` runs the long one."""

from simulation.world import worlds

SEEDS = 300


def test_nothing_is_lost_doubled_or_reordered_under_seeded_faults() -> None:
    violations = {}
    faults = 0
    for world in worlds(range(1, SEEDS + 1)):
        faults += world.chance.dealt.total()
        if world.violations:
            violations[world.seed] = world.violations
    assert violations == {}
    assert faults > SEEDS * 5
