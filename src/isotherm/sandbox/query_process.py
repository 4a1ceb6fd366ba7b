"""``python -m isotherm.sandbox.query_process``: runs queries from its input, one by one.

It confines itself before the first one: so much memory, so much time for each, no file to write.
"""

from __future__ import annotations

import contextlib
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

from isotherm.sandbox.messages import LENGTH, packed, unpacked
from isotherm.template import QueryError, QuerySpent, run_query

_MEMORY = 256 * 2**20
"""Bytes that a query may take beside what the process has when it is ready."""
_SECONDS = 2
"""Time of the processor after which the system ends the process."""


def main() -> None:
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    # Nothing else may write where answers are expected.
    sys.stdout = sys.stderr
    run_query("1", None)  # loads all that queries need
    _confine()
    answers.write(packed("ready"))
    answers.flush()
    while (request := _read(source)) is not None:
        _allow_seconds()
        answers.write(_answer(*request))
        answers.flush()


def _read(source: BinaryIO) -> Any:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return unpacked(source.read(*LENGTH.unpack(head)))


def _answer(expression: str, data: Any) -> bytes:
    try:
        return packed({"value": run_query(expression, data)})
    except MemoryError:
        return packed({"error": "the query takes too much memory", "spent": True})
    except QuerySpent as error:
        return packed({"error": str(error), "spent": True})
    except (QueryError, ValueError) as error:
        return packed({"error": str(error)})


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        # Files of the system that exist on Linux only.
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + _MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        Path("/proc/self/oom_score_adj").write_text("1000")
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _allow_seconds() -> None:
    """So many more, from what was used until now; the limit that nobody can raise stays."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + _SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
