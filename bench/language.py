"""The language: what reading, binding and validating a template of many resources costs.

``python -m bench.language`` prints CPU seconds for templates that grow, in both formats, the
memory that they keep, and the CPU time of a running service for one request to validate.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

from bench.fleets import DIALECTS, hot
from bench.requests import validate_requests
from isotherm.kit.plugins import load_registry
from isotherm.kit.registry import Registry
from isotherm.template import (
    EMPTY_ENVIRONMENT,
    Limits,
    PseudoParameters,
    bind,
    parse_template,
    validate,
)

SIZES = (1_000, 10_000, 50_000)
RUNS = 5
_LIMITS = Limits(size=2**30, nodes=2**30)
_PSEUDO = PseudoParameters("stack-id", "stack", "region", "project")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU for each stage."""

    parse: float
    bind: float
    validate: float

    @property
    def total(self) -> float:
        return self.parse + self.bind + self.validate


def cost(text: str, types: Registry) -> Cost:
    gc.collect()
    times = [time.process_time()]
    parsed, problems = parse_template(text, limits=_LIMITS)
    times.append(time.process_time())
    definition = bind(parsed, EMPTY_ENVIRONMENT, pseudo=_PSEUDO, files={})
    times.append(time.process_time())
    found = validate(definition, types)
    times.append(time.process_time())
    assert not [*problems, *found]
    return Cost(*(after - before for before, after in itertools.pairwise(times)))


def median_cost(make: Callable[[int], str], size: int, types: Registry) -> Cost:
    """The run in the middle; each reads a text of its own, so that none is known already."""
    text = make(size)
    runs = [cost(f"{text}# {run}\n", types) for run in range(RUNS if size < SIZES[-1] else 1)]
    return sorted(runs, key=lambda each: each.total)[len(runs) // 2]


def kept(size: int) -> float:
    """KiB a resource that a template and its definition keep, beyond their text."""
    text = hot(size)
    tracemalloc.start()
    parsed, _ = parse_template(text, limits=_LIMITS)
    definition = bind(parsed, EMPTY_ENVIRONMENT, pseudo=_PSEUDO, files={})
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return used / len(definition.resources) / 1024


def main() -> None:
    types = load_registry()
    row = "{:<8} {:>9} {:>8} {:>8} {:>11} {:>8} {:>12}"
    print(
        row.format("format", "resources", "parse s", "bind s", "validate s", "total s", "µs each")
    )
    for (name, make), size in itertools.product(DIALECTS.items(), SIZES):
        found = median_cost(make, size, types)
        seconds = (f"{each:.3f}" for each in (found.parse, found.bind, found.validate, found.total))
        print(row.format(name, f"{size:,}", *seconds, f"{found.total / size * 1e6:.0f}"))
    print(f"\nmemory kept: {kept(10_000):.1f} KiB a resource")
    print("\nrequest to validate 1,000 resources, CPU ms of `isotherm serve`")
    for kind, spent in asyncio.run(validate_requests(1_000, RUNS)).items():
        print(f"{kind:<13} {statistics.median(spent) * 1000:.0f}")


if __name__ == "__main__":
    main()
