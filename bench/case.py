"""One case in this very process: ``python -m bench.case chain 50`` prints its figures as JSON.

A process a case, because peak memory belongs to a process.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop

from bench import graphs
from bench.service import running_service
from isotherm.ports.records import Stack

SHAPES = {"chain": graphs.chain, "star": graphs.star, "flat": graphs.flat, "nested": graphs.nested}


def measure(shape: str, size: int) -> dict[str, Any]:
    """Seconds and CPU seconds of create, no-op update and delete; peak memory in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        figures = uvloop.run(_run(Path(folder), SHAPES[shape](size)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    figures["peak_mib"] = peak / (1024 if sys.platform == "linux" else 1024 * 1024)
    return figures


async def _run(folder: Path, graph: graphs.Graph) -> dict[str, Any]:
    async with running_service(folder) as service:
        # The first of everything loads modules and compiles statements: not what is measured.
        one = graphs.flat(1).source
        await service.delete(await service.update(await service.create(one), one))
        gc.collect()
        gc.freeze()  # as the server does when it has started
        figures: dict[str, Any] = {"resources": graph.resources}
        stack, figures["create"] = await _timed(lambda: service.create(graph.source))
        stack, figures["update"] = await _timed(lambda: service.update(stack, graph.source))
        _, figures["delete"] = await _timed(lambda: service.delete(stack))
    return figures


async def _timed(operate: Callable[[], Awaitable[Stack]]) -> tuple[Stack, dict[str, float]]:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    stack = await operate()
    return stack, {"s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
