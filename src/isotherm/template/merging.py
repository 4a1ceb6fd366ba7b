"""How values of the same parameter from several environments become one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from isotherm.core.diagnostics import suggest
from isotherm.core.values import Value
from isotherm.template.document import Findings


class Strategy(StrEnum):
    OVERWRITE = "overwrite"
    MERGE = "merge"
    DEEP_MERGE = "deep_merge"


_SECTION = "parameter_merge_strategies"


def read_strategies(data: Mapping[str, Any], findings: Findings) -> dict[str, Strategy]:
    """Strategy by parameter name; the name ``default`` holds for all others."""
    result: dict[str, Strategy] = {}
    for name, word in data.items():
        try:
            result[name] = Strategy(word)
        except ValueError:
            findings.add(
                (_SECTION, name),
                f"{word!r} is not a merge strategy",
                hint=suggest(str(word), list(Strategy)) or f"one of {', '.join(Strategy)}",
                error="InvalidMergeStrategyForParam",
            )
    return result


def merge_values(
    older: Mapping[str, Value], newer: Mapping[str, Value], strategies: Mapping[str, Strategy]
) -> dict[str, Value]:
    """``older`` with ``newer`` on top."""
    result = dict(older)
    usual = strategies.get("default", Strategy.OVERWRITE)
    for name, value in newer.items():
        strategy = strategies.get(name, usual)
        if name in result and strategy is not Strategy.OVERWRITE:
            deep = strategy is Strategy.DEEP_MERGE
            result[name] = _merged(result[name], value, deep=deep)
        else:
            result[name] = value
    return result


def _merged(older: Value, newer: Value, *, deep: bool) -> Value:
    if isinstance(older, Mapping) and isinstance(newer, Mapping):
        result = dict(older)
        for key, value in newer.items():
            nested = deep and key in result
            result[key] = _merged(result[key], value, deep=True) if nested else value
        return result
    if isinstance(older, list) and isinstance(newer, list):
        return older + newer
    if isinstance(older, str) and isinstance(newer, str):
        # Both are comma-delimited lists, or texts that are to be put together.
        return f"{older},{newer}" if older and newer else older or newer
    return newer
