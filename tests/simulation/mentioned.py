"""Checks of the mentions: each thing that an event names has that event once."""

from aggregates import Aggregate, DateFlagged
from aggregates.mentions import mentions
from simulation.decode import Decoded
from simulation.figures import generation
from simulation.sight import MENTIONS
from simulation.words import skipped
from simulation.world import World


def mentioned(world: World, events: Decoded) -> list[str]:
    """(m) The index of mentions is what the events name, each once."""
    out = skipped(world.ground, MENTIONS.name)
    wanted = {
        (event.position, *one)
        for event, content in events
        if event.kind in MENTIONS.kinds and event.position not in out
        if type(content) is not DateFlagged
        for one in mentions(Aggregate.kinds[event.kind], event.key, content)
    }
    table = MENTIONS.table(generation(world, MENTIONS)).name
    rows = world.ground.look(f"SELECT position, kind, id FROM {table}")
    if len(rows) == len(wanted) and {tuple(row) for row in rows} == wanted:
        return []
    return ["(m) the mentions are not those of the events"]
