"""How values of the same parameter from several environments become one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from isotherm.core.diagnostics import Diagnostic, Severity
from isotherm.core.suggestions import suggest
from isotherm.core.values import Value
from isotherm.template.document import Findings
from isotherm.template.parameters import ParameterDeclaration, ParameterType, split_list


class Strategy(StrEnum):
    OVERWRITE = "overwrite"
    MERGE = "merge"
    DEEP_MERGE = "deep_merge"


_SECTION = "parameter_merge_strategies"
_DEFAULT = "default"


class MergeError(ValueError):
    """Two values of one parameter do not go together; ``error`` is what clients see."""

    def __init__(self, parameter: str, text: str, *, error: str = "HTTPBadRequest") -> None:
        super().__init__(text)
        self.parameter, self.error = parameter, error


def read_strategies(data: Mapping[str, Any], findings: Findings) -> dict[str, Strategy]:
    """Strategy by parameter name; the name ``default`` holds for all others. What is none
    means that values are not merged."""
    words = data.get(_SECTION)
    if not isinstance(words, Mapping):
        if words is not None:
            text = f'the section "{_SECTION}" must be a map'
            findings.add((_SECTION,), text, error="HTTPBadRequest", slip=True)
        return {}
    return {name: _strategy(name, word, findings) for name, word in words.items()}


def _strategy(name: str, word: Any, findings: Findings) -> Strategy:
    if isinstance(word, str) and word in tuple(Strategy):
        return Strategy(word)
    findings.add(
        (_SECTION, name),
        f"{word!r} is not a merge strategy",
        hint=suggest(str(word), list(Strategy)) or f"one of {', '.join(Strategy)}",
        error="InvalidMergeStrategyForParam",
        slip=True,
    )
    return Strategy.OVERWRITE


class Merger:
    """Lays values of one environment after the other on top.

    ``declared`` are the template's parameters: their types say how values are put
    together. The first environment that gives a parameter settles its strategy;
    one that names another later is refused.
    """

    def __init__(self, declared: Mapping[str, ParameterDeclaration] | None = None) -> None:
        self._declared = declared or {}
        self._slips: dict[str, Diagnostic] = {}
        self.settled: dict[str, Strategy] = {}

    def slips(self) -> tuple[Diagnostic, ...]:
        """What was merged though it surely was not meant to be."""
        return tuple(self._slips.values())

    def lay(
        self,
        older: Mapping[str, Value],
        newer: Mapping[str, Value],
        strategies: Mapping[str, Strategy],
    ) -> dict[str, Value]:
        """``older`` with ``newer`` on top; nulls give no value. Raises MergeError."""
        result = dict(older)
        for name, value in newer.items():
            if value is None:
                continue
            strategy = self._strategy(name, strategies)
            if name in result and strategy is not Strategy.OVERWRITE:
                deep = strategy is Strategy.DEEP_MERGE
                result[name] = self._merged(name, result[name], value, deep=deep)
            else:
                result[name] = value
        return result

    def _strategy(self, name: str, strategies: Mapping[str, Strategy]) -> Strategy:
        settled = self.settled.get(name)
        usual = strategies.get(_DEFAULT, Strategy.OVERWRITE)
        strategy = strategies.get(name, settled or usual)
        if settled is not None and strategy is not settled:
            raise MergeError(
                name,
                f"Conflicting merge strategy '{strategy}' for parameter '{name}': "
                f"it was '{settled}' before",
                error="ConflictingMergeStrategyForParam",
            )
        self.settled[name] = strategy
        return strategy

    def _merged(self, name: str, older: Value, newer: Value, *, deep: bool) -> Value:
        declared = self._declared.get(name)
        kind = declared.type if declared else _guessed(older, newer)
        match kind:
            case ParameterType.LIST:
                if isinstance(older, str) and isinstance(newer, str):
                    return f"{older},{newer}" if older else newer
                return [*_items(name, older), *_items(name, newer)]
            case ParameterType.JSON:
                pair = _data(name, older), _data(name, newer)
                return self._json(name, *pair, deep=deep)
            case ParameterType.STRING:
                return f"{older}{newer}"
        text = f"Values of parameter '{name}' ({kind}) cannot be merged"
        if isinstance(older, str) and isinstance(newer, str):
            hint, path = "their texts are put one after the other", f"parameters.{name}"
            self._slips[name] = Diagnostic(text, path=path, hint=hint, severity=Severity.SLIP)
            return f"{older}{newer}"
        raise MergeError(name, text)

    def _json(self, name: str, older: Value, newer: Value, *, deep: bool) -> Value:
        if isinstance(older, list) and isinstance(newer, list):
            return older + newer
        if not isinstance(older, Mapping) or not isinstance(newer, Mapping):
            raise MergeError(name, f"A map and a list cannot be merged in parameter '{name}'")
        return _deep(older, newer) if deep else {**older, **newer}


def _deep(older: Mapping[str, Value], newer: Mapping[str, Value]) -> dict[str, Value]:
    result = dict(older)
    for key, value in newer.items():
        before = result.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            result[key] = _deep(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            result[key] = before + value
        elif isinstance(before, str) and isinstance(value, str):
            result[key] = f"{before}{value}"
        else:
            result[key] = value
    return result


def _guessed(older: Value, newer: Value) -> ParameterType:
    """The type of a parameter that no template declares, by its values."""
    if isinstance(older, Mapping) or isinstance(newer, Mapping):
        return ParameterType.JSON
    if isinstance(older, (list, str)) and isinstance(newer, (list, str)):
        return ParameterType.LIST
    return ParameterType.NUMBER


def _items(name: str, value: Value) -> list[Value]:
    if isinstance(value, str):
        return list(split_list(value))
    if isinstance(value, list):
        return value
    raise MergeError(name, f"{value!r} is not a list, so parameter '{name}' cannot be merged")


def _data(name: str, value: Value) -> Value:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else {}
    except (ValueError, RecursionError):
        raise MergeError(name, f"A value of parameter '{name}' is not JSON") from None
