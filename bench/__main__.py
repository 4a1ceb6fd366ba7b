"""``python -m bench``: all cases, each several times, as a table of medians."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from typing import Any

CASES = (("chain", 50), ("star", 100), ("flat", 100), ("flat", 1000), ("nested", 1000))
GROWTH = ("flat", 5000)
OPERATIONS = ("create", "update", "delete")

Figures = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--quick", action="store_true", help="one run a case, no flat 5000")
    parser.add_argument("--runs", type=int, default=5, help="runs a case (default: %(default)s)")
    options = parser.parse_args()
    runs = 1 if options.quick else options.runs
    figures = {case: _median([_run(*case) for _ in range(runs)]) for case in CASES}
    if not options.quick:
        figures[GROWTH] = _median([_run(*GROWTH) for _ in range(min(runs, 3))])
    if options.json:
        print(json.dumps({_name(case): found for case, found in figures.items()}, indent=2))
        return
    _print_table(figures)
    _print_growth(figures)


def _run(shape: str, size: int) -> Figures:
    command = [sys.executable, "-m", "bench.case", shape, str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def _median(runs: list[Figures]) -> Figures:
    return {
        "resources": runs[0]["resources"],
        "peak_mib": statistics.median(each["peak_mib"] for each in runs),
        **{
            operation: {
                key: statistics.median(each[operation][key] for each in runs)
                for key in ("s", "cpu_s")
            }
            for operation in OPERATIONS
        },
    }


def _name(case: tuple[str, int]) -> str:
    shape, size = case
    return f"{shape} 1+{size}" if shape == "star" else f"{shape} {size}"


def _print_table(figures: dict[tuple[str, int], Figures]) -> None:
    row = "{:<12} {:<8} {:>9} {:>13} {:>16} {:>10}"
    print(row.format("graph", "", "seconds", "resources/s", "CPU ms/resource", "peak MiB"))
    for case, found in figures.items():
        for operation in OPERATIONS:
            cost = found[operation]
            print(
                row.format(
                    _name(case) if operation == "create" else "",
                    operation,
                    f"{cost['s']:.3f}",
                    f"{found['resources'] / cost['s']:,.0f}",
                    f"{cost['cpu_s'] * 1000 / found['resources']:.2f}",
                    f"{found['peak_mib']:.0f}" if operation == "create" else "",
                )
            )
    print("update: the same template again, so that nothing has to change")


def _print_growth(figures: dict[tuple[str, int], Figures]) -> None:
    """Seconds a resource, against those of flat 100: 1.0 is linear growth."""
    base = figures["flat", 100]
    print("\ncost a resource as the stack grows (flat 100 = 1.0)")
    for case in (case for case in figures if case[0] == "flat"):
        ratios = (_each(figures[case], name) / _each(base, name) for name in OPERATIONS)
        shown = (f"{name} {ratio:.2f}" for name, ratio in zip(OPERATIONS, ratios, strict=True))
        print(f"{_name(case):<12} {'   '.join(shown)}")


def _each(found: Figures, operation: str) -> float:
    return float(found[operation]["s"]) / int(found["resources"])


main()
