"""Which transports real agents were seen to use: docs/parity/software.md is made of it."""

from __future__ import annotations

import fcntl
import json
import os
from enum import Enum
from pathlib import Path
from typing import Any

RECORD = Path(__file__).with_name("shown_transports.json")
_WRITE = "ISOTHERM_RECORD_TRANSPORTS"


class Seen(Enum):
    """Where the agent ran."""

    PROCESS = "process"
    """os-collect-config beside the service; the report is sent as its hooks would."""
    SERVER = "server"
    """All agents, hooks included, in a server that runs."""


def shown(server: str, signal: str, seen: Seen) -> None:
    """The running test has seen an agent get its metadata by the transport ``server`` and a
    deployment complete by ``signal``.

    With ISOTHERM_RECORD_TRANSPORTS=1 that is noted; else it must have been noted before.
    """
    row = {"server": server, "signal": signal, "seen": seen.value, "test": _running_test()}
    if os.environ.get(_WRITE):
        _note(row)
    assert row in recorded(), f"run this test with {_WRITE}=1, then make docs: {row}"


def recorded() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(RECORD.read_text(encoding="utf-8"))
    return rows


def _running_test() -> str:
    """File and name of the test, without parameters."""
    node = os.environ["PYTEST_CURRENT_TEST"].split(" ")[0]
    return node.partition("[")[0]


def _note(row: dict[str, str]) -> None:
    with RECORD.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        rows: list[Any] = json.load(file)
        if row not in rows:
            rows.append(row)
        rows.sort(key=lambda each: (each["server"], each["signal"], each["seen"], each["test"]))
        file.seek(0)
        file.truncate()
        file.write(json.dumps(rows, indent=1) + "\n")
