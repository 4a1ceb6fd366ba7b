"""docs/parity/software.md: which transports agents were seen to use, from what the tests noted."""
# ruff: noqa: INP001 -- scripts are no package

from __future__ import annotations

from collections.abc import Iterator

from tests.clients.transports import Seen, recorded

from isotherm.resources import agents
from isotherm.resources.software import signalling

_HEAD = """\
# Software deployments: transports, shown

Made by `make docs` from what the tests noted (`tests/clients/shown_transports.json`). A row is how
a server gets its metadata (`software_config_transport`), a column how it reports back
(`signal_transport`). How they are used: [Deploy software](../how-to/deploy-software.md).

- *server*: all agents, hooks included, unmodified, in a server of the local cloud that runs;
- *process*: os-collect-config, unmodified, as a process beside the service; the test sends the
  report as the agent's hooks would.
"""


def lines() -> Iterator[str]:
    rows = recorded()
    yield from _HEAD.splitlines()
    yield ""
    yield f"| | {' | '.join(f'`{each}`' for each in signalling.TRANSPORTS)} |"
    yield f"|{'---|' * (1 + len(signalling.TRANSPORTS))}"
    for server in agents.TRANSPORTS:
        cells = [_cell(rows, server, signal) for signal in signalling.TRANSPORTS]
        yield f"| `{server}` | {' | '.join(cells)} |"
    yield ""
    yield "The tests:"
    yield ""
    for test in sorted({row["test"] for row in rows}):
        yield f"- `{test}`"


def _cell(rows: list[dict[str, str]], server: str, signal: str) -> str:
    seen = {row["seen"] for row in rows if (row["server"], row["signal"]) == (server, signal)}
    return ", ".join(each.value for each in reversed(Seen) if each.value in seen)
