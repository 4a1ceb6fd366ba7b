"""What an older version of the program left in its folder, when it was killed.

``version_0002`` is named after the schema of that version. In it are four stacks: ``web``, updated
once; ``nest``, with two nested stacks; ``short``, whose update failed for want of quota; and
``halfway``, whose server and volume were being built.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

OLDEST = Path(__file__).parent / "version_0002"


def lay_out(recorded: Path, state: Path) -> None:
    """Put a state folder there as it was a moment after the end."""
    (state / "localcloud").mkdir(parents=True)
    shutil.copy(recorded / "sealing.key", state / "sealing.key")
    load(recorded / "cloud.sql", state / "localcloud" / "localcloud.sqlite")
    records = load(recorded / "records.sql", state / "isotherm.sqlite")
    # What was under way had an hour, which is long over.
    records.execute("UPDATE traversals SET deadline = NULL")
    records.commit()
    records.close()


def load(dump: Path, database: str | Path) -> sqlite3.Connection:
    """The database that the dump is of."""
    connection = sqlite3.connect(database)
    connection.executescript(dump.read_text())
    return connection
