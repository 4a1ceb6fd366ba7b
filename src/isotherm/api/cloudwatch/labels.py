"""Labels of lines that tell something of them, such as ``${LABEL} (at most ${MAX})``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from isotherm.api.aws.faults import ValidationError
from isotherm.kit.metric_queries import Line, Query

_PART = re.compile(r"\$\{([^}]*)\}")
_PROPERTY = re.compile(r"PROP\('(?P<name>[^']*)'\)")
_ZONE = re.compile(r"(?P<sign>[+-])(?P<hours>[01]\d|2[0-3])(?P<minutes>[0-5]\d)")
Values = tuple[float, ...]
_OF_VALUES: Mapping[str, Callable[[Values], float]] = {
    "AVG": lambda values: sum(values) / len(values),
    "DATAPOINT_COUNT": len,
    "FIRST": lambda values: values[0],
    "FIRST_LAST_RANGE": lambda values: values[-1] - values[0],
    "LAST": lambda values: values[-1],
    "MAX": max,
    "MIN": min,
    "MIN_MAX_RANGE": lambda values: max(values) - min(values),
    "SUM": sum,
}
_TIMES: Mapping[str, Callable[[Line], datetime]] = {
    "FIRST": lambda line: next(iter(line)),
    "LAST": lambda line: next(reversed(line)),
    "MAX": lambda line: max(line, key=line.__getitem__),
    "MIN": lambda line: min(line, key=line.__getitem__),
}
_SPANS = {"FIRST_LAST_TIME_RANGE": ("FIRST", "LAST"), "MIN_MAX_TIME_RANGE": ("MIN", "MAX")}
_OF_TIMES = frozenset(
    (*_SPANS, *(f"{name}_{kind}" for name in _TIMES for kind in ("TIME", "TIME_RELATIVE")))
)
_NOTHING = "--"


@dataclass(frozen=True, slots=True)
class Writing:
    """When labels are written, and in which zone they tell times."""

    now: datetime
    zone: tzinfo


def read_zone(text: str | None) -> tzinfo:
    """Of ``+0130``. Raises ValidationError."""
    found = _ZONE.fullmatch(text or "+0000")
    if found is None:
        raise ValidationError("Timezone is a sign with hours and minutes, such as +0130.")
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    return timezone(-offset if found["sign"] == "-" else offset)


def check_label(label: str) -> str:
    """Raises ValidationError for what no label can tell."""
    for part in _PART.findall(label):
        known = part in _OF_VALUES or part in _OF_TIMES or part == "LABEL"
        if not known and not _PROPERTY.fullmatch(part):
            raise ValidationError(f"${{{part[:40]}}} in a label is not supported yet.")
    return label


def written_label(query: Query, usual: str, line: Line, writing: Writing) -> str:
    """``line`` is the oldest first; ``usual`` is what it is called without a label."""

    def told(part: re.Match[str]) -> str:
        name = part[1]
        if name == "LABEL":
            return usual
        if found := _PROPERTY.fullmatch(name):
            return _property(query, found["name"])
        if not line:
            return _NOTHING
        return _time(name, line, writing) or f"{_OF_VALUES[name](tuple(line.values())):g}"

    return _PART.sub(told, query.label)


def _time(name: str, line: Line, writing: Writing) -> str:
    """Empty where it tells of values."""
    if name not in _OF_TIMES:
        return ""
    if name in _SPANS:
        start, end = sorted(_TIMES[each](line) for each in _SPANS[name])
        return f"{_shown(start, writing.zone)} - {_shown(end, writing.zone)}"
    at = _TIMES[name.partition("_")[0]](line)
    if name.endswith("_RELATIVE"):
        return f"{timedelta(seconds=round((writing.now - at).total_seconds()))} ago"
    return _shown(at, writing.zone)


def _shown(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"


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
