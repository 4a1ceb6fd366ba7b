"""The functions and operators of expressions over metrics."""

from __future__ import annotations

import itertools
import math
import operator
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from isotherm.kit.maths_syntax import MathsError
from isotherm.kit.metric_queries import Line

Result = float | Line | list[Line]


@dataclass(frozen=True, slots=True)
class Frame:
    """When values are if none is missing, and how many seconds lie between two."""

    times: list[datetime]
    period: int


def lines_in(found: Result) -> list[Line]:
    if isinstance(found, float):
        raise MathsError("A number stands where a time series is wanted.")
    return found if isinstance(found, list) else [found]


def number_in(found: Result) -> float:
    if not isinstance(found, float):
        raise MathsError("A time series stands where a number is wanted.")
    return found


def of_each(found: Result, change: Callable[[Line], Line]) -> Result:
    """The same made of each line."""
    if isinstance(found, list):
        return [change(each) for each in found]
    (line,) = lines_in(found)
    return change(line)


def put_together(do: Callable[[float, float], float], one: Result, other: Result) -> Result:
    """Of lines: where both have a value, and where there is a result."""
    if isinstance(one, list):
        if isinstance(other, list):
            raise MathsError("Two lists of time series cannot be put together.")
        return [_of_two(do, line, other) for line in one]
    if isinstance(other, list):
        return [_of_two(do, one, line) for line in other]
    if isinstance(one, dict) or isinstance(other, dict):
        return _of_two(do, one, other)
    found = _number(do, one, other)
    if found is None:
        raise MathsError("A number of the expression cannot be computed.")
    return found


def _of_two(do: Callable[[float, float], float], one: float | Line, other: float | Line) -> Line:
    lines = [each for each in (one, other) if isinstance(each, dict)]
    computed = {
        when: _number(
            do,
            one[when] if isinstance(one, dict) else one,
            other[when] if isinstance(other, dict) else other,
        )
        for when in lines[0]
        if all(when in each for each in lines)
    }
    return {when: value for when, value in computed.items() if value is not None}


def _number(do: Callable[..., float | complex], *values: float) -> float | None:
    """None where there is no such number: a division by nothing, the root of less than that."""
    try:
        found = do(*values)
    except (ArithmeticError, ValueError):
        return None
    return float(found) if not isinstance(found, complex) and math.isfinite(found) else None


OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "&&": lambda one, other: bool(one) and bool(other),
    "||": lambda one, other: bool(one) or bool(other),
}
MEASURES: Mapping[str, Callable[[Iterable[float]], float]] = {
    "AVG": lambda values: statistics.fmean(list(values)),
    "MAX": max,
    "MIN": min,
    "STDDEV": lambda values: statistics.pstdev(list(values)),
    "SUM": math.fsum,
}


def _repeated(line: Line, times: Sequence[datetime]) -> Line:
    found: Line = {}
    last: float | None = None
    for when in times:
        last = line.get(when, last)
        if last is not None:
            found[when] = last
    return {**line, **found}


def _interpolated(line: Line, times: Sequence[datetime]) -> Line:
    """What is missing between two lies on the way from one to the other."""
    found, known, at = dict(line), sorted(line), 0
    for when in times:
        while at < len(known) and known[at] <= when:
            at += 1
        if when not in line and 0 < at < len(known):
            before, after = known[at - 1], known[at]
            share = (when - before) / (after - before)
            found[when] = line[before] + (line[after] - line[before]) * share
    return dict(sorted(found.items()))


def filled_up(line: Line, times: Sequence[datetime], value: float | Line) -> Line:
    more = dict.fromkeys(times, value) if isinstance(value, float) else value
    return dict(sorted({**more, **line}.items()))


WAYS: Mapping[str, Callable[[Line, Sequence[datetime]], Line]] = {
    "LINEAR": _interpolated,
    "REPEAT": _repeated,
}

_Function = Callable[[Frame, list[Result]], Result]


def _aggregate(measure: Callable[[Iterable[float]], float]) -> _Function:
    """Of one line a number, of several a line of what they have at each time."""

    def function(frame: Frame, given: list[Result]) -> Result:
        if len(given) == 1 and isinstance(given[0], dict):
            return float(measure(given[0].values())) if given[0] else 0.0
        lines = [line for each in given for line in lines_in(each)]
        return {
            when: float(measure([line[when] for line in lines if when in line]))
            for when in sorted({when for line in lines for when in line})
        }

    return function


def _mapped(change: Callable[[float], float]) -> _Function:
    def function(frame: Frame, given: list[Result]) -> Result:
        if isinstance(given[0], float):
            return _number(change, given[0]) or 0.0
        return of_each(given[0], lambda line: _known(line, change))

    return function


def _known(line: Line, change: Callable[[float], float]) -> Line:
    computed = {when: _number(change, value) for when, value in line.items()}
    return {when: value for when, value in computed.items() if value is not None}


def _timed(tell: Callable[[datetime], float]) -> _Function:
    def function(frame: Frame, given: list[Result]) -> Result:
        return of_each(given[0], lambda line: {when: float(tell(when)) for when in line})

    return function


def _stepped(step: Callable[[float, float], float]) -> _Function:
    """From what is added to the value before, and how many seconds passed."""

    def change(line: Line) -> Line:
        known = sorted(line)
        return {
            after: step(line[after] - line[before], (after - before).total_seconds())
            for before, after in itertools.pairwise(known)
        }

    return lambda frame, given: of_each(given[0], change)


def _running_sum(line: Line) -> Line:
    found, total = {}, 0.0
    for when in sorted(line):
        total += line[when]
        found[when] = total
    return found


def _chosen(frame: Frame, given: list[Result]) -> Result:
    """``IF(condition, then, otherwise)``."""
    condition, then, *rest = given
    otherwise: Result = rest[0] if rest else {}
    if isinstance(then, list) or isinstance(otherwise, list) or isinstance(condition, list):
        raise MathsError("IF is given numbers and single time series.")
    if isinstance(condition, float):
        return then if condition else otherwise
    found: Line = {}
    for when in sorted(condition):
        taken = then if condition[when] else otherwise
        value = taken.get(when) if isinstance(taken, dict) else taken
        if value is not None:
            found[when] = value
    return found


def _sliced(frame: Frame, given: list[Result]) -> Result:
    lines, start, *end = lines_in(given[0]), int(number_in(given[1])), *map(number_in, given[2:])
    return lines[start : int(end[0])] if end else lines[start : start + 1]


def _counted(frame: Frame, given: list[Result]) -> Result:
    if isinstance(given[0], dict):
        return float(len(given[0]))
    return _aggregate(lambda values: len(list(values)))(frame, given)


def _end_of(position: int) -> _Function:
    def function(frame: Frame, given: list[Result]) -> Result:
        lines = lines_in(given[0])
        return lines[position] if lines else {}

    return function


FUNCTIONS: Mapping[str, tuple[int, int, _Function]] = {
    **{name: (1, 20, _aggregate(measure)) for name, measure in MEASURES.items()},
    "ABS": (1, 1, _mapped(abs)),
    "CEIL": (1, 1, _mapped(math.ceil)),
    "DATAPOINT_COUNT": (1, 1, _counted),
    "DATE": (1, 1, _timed(lambda when: when.day)),
    "DAY": (1, 1, _timed(lambda when: when.isoweekday())),
    "DIFF": (1, 1, _stepped(lambda difference, seconds: difference)),
    "DIFF_TIME": (1, 1, _stepped(lambda difference, seconds: seconds)),
    "EPOCH": (1, 1, _timed(lambda when: when.timestamp())),
    "FIRST": (1, 1, _end_of(0)),
    "FLOOR": (1, 1, _mapped(math.floor)),
    "HOUR": (1, 1, _timed(lambda when: when.hour)),
    "IF": (2, 3, _chosen),
    "LAST": (1, 1, _end_of(-1)),
    "LOG": (1, 1, _mapped(math.log)),
    "LOG10": (1, 1, _mapped(math.log10)),
    "METRIC_COUNT": (1, 1, lambda frame, given: float(len(lines_in(given[0])))),
    "MINUTE": (1, 1, _timed(lambda when: when.minute)),
    "MONTH": (1, 1, _timed(lambda when: when.month)),
    "PERIOD": (1, 1, lambda frame, given: float(frame.period)),
    "RATE": (1, 1, _stepped(lambda difference, seconds: difference / seconds)),
    "REMOVE_EMPTY": (1, 1, lambda frame, given: list(filter(None, lines_in(given[0])))),
    "RUNNING_SUM": (1, 1, lambda frame, given: of_each(given[0], _running_sum)),
    "SLICE": (2, 3, _sliced),
    "TIME_SERIES": (
        1,
        1,
        lambda frame, given: dict.fromkeys(frame.times, number_in(given[0])),
    ),
    "YEAR": (1, 1, _timed(lambda when: when.year)),
}
