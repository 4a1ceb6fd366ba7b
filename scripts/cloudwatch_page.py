"""The page about the CloudWatch API: what of it there is, from the table of its actions."""
# ruff: noqa: INP001 -- scripts are no package

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isotherm.api.aws.description import load_description
from isotherm.api.cloudwatch.actions import ACTIONS
from isotherm.kit.measures import KEPT
from isotherm.kit.metric_maths import OFFERED, REFUSED
from isotherm.kit.watches import COMPARISONS, MISSING, STATISTICS

_FROM_AWS = """\
- ARNs of alarms are `arn:openstack:cloudwatch::PROJECT:alarm:NAME`.
- Values are summed up by the minute; those with a `StorageResolution` of 1 also by the second,
  for three hours, and can be asked by periods of 1, 5, 10, 20 and 30 seconds. Other periods are
  multiples of 60. All periods of an alarm on such values together are three hours at most.
- A percentile is exact while a span has at most 150 different values. More are rounded, with an
  error of half a percent, or of five percent where they are still too many.
- An alarm is judged half a second after each of its periods, or each minute, on whole periods; what
  came up to three periods earlier stands for what is missing, and the examples that AWS gives for
  missing data come out as it says.
- An alarm about others is judged within a second or two of their changes; its rule must not lead
  to itself.
- Actions are resources of stacks of the same project (ARN, address, `STACK/RESOURCE` or their own
  id) and addresses of the web. Topics, functions, instances and AWS's own groups are refused.
- A webhook is sent the JSON that AWS sends to topics. It is told by one engine, and told again if
  it does not answer: ten times within 17 minutes, always with the same `Idempotency-Key`. If the
  engine dies after the listener has heard and before that is noted, it hears once more, by the
  same key.
- Addresses that are not public are refused unless the operator allows them (`[isotherm]
  fetch_from`).
- `StateReason` and `StateReasonData` tell why the alarm last changed its state, not of the latest
  values.
- Labels of lines tell times as `2026-01-01 13:30:00 +0130`, and how long ago as
  `1 day, 2:03:04 ago`. `${MAX_TIME}` is the first of several times of the same value.
- A percentile is of few values (`EvaluateLowSampleCountPercentile`) where fewer than ten lie beyond
  it: less than 1000 for p99. None is of enough for p0 and p100.
- The history of alarms is kept for 30 days; a metric is listed as long as anything of it is kept.
- Bands of what is usual, ranges in statistics (`TM(10%:90%)`, `PR`),
  dashboards, streams and insight rules are refused.
"""


def lines() -> Iterator[str]:
    description = load_description("isotherm.api.cloudwatch")
    yield "# The CloudWatch API"
    yield ""
    yield "Made from the table of actions by `make docs`. What is not named here is refused."
    yield "How it is used: [Use CloudWatch clients](../how-to/use-cloudwatch.md)."
    yield ""
    yield "| action | policy | parameters | refused so far |"
    yield "| --- | --- | --- | --- |"
    for action in ACTIONS:
        known = description.input(action.name).members
        offered = tuple(known) if action.offers is None else action.offers
        taken = ", ".join(f"`{name}`" for name in known if name in offered) or "none"
        refused = ", ".join(f"`{name}`" for name in known if name not in offered)
        yield f"| {action.name} | `{action.rule}` | {taken} | {refused} |"
    yield ""
    yield "## What there is to choose from"
    yield ""
    yield "| what | offered | refused so far |"
    yield "| --- | --- | --- |"
    extended = _listed(("p95", "tm95", "wm95", "tc95", "ts95", "IQM"))
    yield f"| statistics | {_listed(STATISTICS)}, {extended} | `PR`, ranges |"
    yield f"| functions of expressions | {_listed(OFFERED)} | {_listed(REFUSED)} |"
    yield "| operators of expressions | `+ - * / ^`, `== != < <= > >=`, `AND OR && \\|\\|` | |"
    words = "`ALARM() OK() INSUFFICIENT_DATA() AND OR NOT TRUE FALSE ( )`"
    yield f"| rules about alarms | {words} | `AT_LEAST` |"
    yield f"| comparisons | {_listed(COMPARISONS)} | bands |"
    yield f"| missing data | {_listed(MISSING)} | |"
    yield ""
    yield "| sums over | are kept for |"
    yield "| --- | --- |"
    for seconds, kept in KEPT.items():
        told = f"{kept.days} days" if kept.days else f"{kept.seconds // 3600} hours"
        yield f"| {seconds} second{'s' if seconds > 1 else ''} | {told} |"
    yield ""
    yield "## What differs from AWS"
    yield ""
    yield _FROM_AWS.rstrip()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in names)
