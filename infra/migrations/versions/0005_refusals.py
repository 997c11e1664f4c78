"""A refusal without an event is not kept under its key; those that older builds kept go.

Whatever was asked under such a key is decided anew when it is asked again. The outcomes are JSON
as it was written, where no text can hold an unescaped quotation mark.
"""

from alembic import op
from sqlalchemy import LargeBinary, bindparam, text

revision = "0005"
down_revision = "0004"

REFUSAL, EVENTS = b',"refusal":"', b',"events":['
WITHIN = {"postgresql": "position({} in outcome)", "sqlite": "instr(outcome, {})"}


def upgrade() -> None:
    connection = op.get_bind()
    within = WITHIN[connection.dialect.name]
    where = f"{within.format(':refusal')} > 0 AND {within.format(':events')} = 0"
    statement = text(f"DELETE FROM log_keys WHERE {where}").bindparams(  # noqa: S608
        bindparam("refusal", REFUSAL, LargeBinary), bindparam("events", EVENTS, LargeBinary)
    )
    connection.execute(statement)
