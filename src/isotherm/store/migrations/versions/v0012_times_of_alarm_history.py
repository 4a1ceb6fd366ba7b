"""When each entry of the history of alarms was made, so that old ones can go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from isotherm.store.types import Instant

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("alarm_history", sa.Column("at", Instant, nullable=False, server_default="0"))
    op.create_index("ix_alarm_history_at", "alarm_history", ["at"])
