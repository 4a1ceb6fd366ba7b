"""Labels of lines that tell something of them, such as ``${LABEL} (at most ${MAX})``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from isotherm.api.aws.faults import ValidationError
from isotherm.kit.metric_queries import Query

_PART = re.compile(r"\$\{([^}]*)\}")
_PROPERTY = re.compile(r"PROP\('(?P<name>[^']*)'\)")
_OF_VALUES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "AVG": lambda values: sum(values) / len(values),
    "DATAPOINT_COUNT": len,
    "FIRST": lambda values: values[0],
    "LAST": lambda values: values[-1],
    "MAX": max,
    "MIN": min,
    "SUM": sum,
}
_NOTHING = "--"


def check_label(label: str) -> str:
    """Raises ValidationError for what no label can tell."""
    for part in _PART.findall(label):
        if part not in _OF_VALUES and part != "LABEL" and not _PROPERTY.fullmatch(part):
            raise ValidationError(f"${{{part[:40]}}} in a label is not supported yet.")
    return label


def written_label(query: Query, usual: str, values: Sequence[float]) -> str:
    """``values`` in the order of their times; ``usual`` is what it is called without a label."""

    def told(part: re.Match[str]) -> str:
        name = part[1]
        if name == "LABEL":
            return usual
        if found := _PROPERTY.fullmatch(name):
            return _property(query, found["name"])
        return f"{_OF_VALUES[name](values):g}" if values else _NOTHING

    return _PART.sub(told, query.label)


def _property(query: Query, name: str) -> str:
    if (series := query.series) is None:
        return _NOTHING
    if name.startswith("Dim."):
        return dict(series.dimensions).get(name.removeprefix("Dim."), _NOTHING)
    known = {
        "MetricName": series.name,
        "Namespace": series.namespace,
        "Period": str(query.period),
        "Stat": query.statistic,
    }
    return known.get(name, _NOTHING)
