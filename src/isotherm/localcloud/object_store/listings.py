"""Lists of containers and of objects: plain text or JSON, in parts."""

from collections.abc import Iterable
from typing import Any

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.object_store import faults

MOST = 10000
_PLAIN = "text/plain; charset=utf-8"

Row = dict[str, Any]
"""As JSON shows it; with `name`."""


def listed(call: Call, rows: Iterable[Row], headers: dict[str, str]) -> Reply:
    """The part of the rows, in order of their names, that is asked for. Raises Fault 412."""
    found = _shortened(call, _wanted(call, rows))[: _limit(call)]
    if _wants_json(call):
        return Reply(200, found, {"Content-Type": "application/json; charset=utf-8", **headers})
    names = [each.get("name", each.get("subdir")) for each in found]
    if not names:
        return Reply(204, None, {"Content-Type": _PLAIN, **headers})
    return Reply(
        200, "".join(f"{each}\n" for each in names).encode(), {"Content-Type": _PLAIN, **headers}
    )


def _wanted(call: Call, rows: Iterable[Row]) -> list[Row]:
    prefix, marker = call.argument("prefix") or "", call.argument("marker") or ""
    end = call.argument("end_marker") or ""
    reverse = (call.argument("reverse") or "").lower() in ("true", "1", "yes", "on", "t", "y")
    found = [each for each in rows if each["name"].startswith(prefix)]
    if reverse:
        found.reverse()
        return [
            each
            for each in found
            if (not marker or each["name"] < marker) and (not end or each["name"] > end)
        ]
    return [each for each in found if each["name"] > marker and (not end or each["name"] < end)]


def _shortened(call: Call, rows: list[Row]) -> list[Row]:
    """With a delimiter, what lies below it stands as one row."""
    delimiter, prefix = call.argument("delimiter") or "", call.argument("prefix") or ""
    if not delimiter:
        return rows
    found: dict[str, Row] = {}
    for each in rows:
        head, cut, _ = each["name"][len(prefix) :].partition(delimiter)
        if cut:
            subdir = f"{prefix}{head}{delimiter}"
            if subdir != call.argument("marker"):
                found.setdefault(subdir, {"subdir": subdir})
        else:
            found[each["name"]] = each
    return list(found.values())


def _limit(call: Call) -> int:
    said = call.argument("limit")
    if not said:
        return MOST
    if not said.isdigit() or int(said) > MOST:
        raise faults.refused(412, f"Maximum limit is {MOST}")
    return int(said)


def _wants_json(call: Call) -> bool:
    wanted = (call.argument("format") or "").lower()
    if wanted == "xml" or (not wanted and "xml" in call.headers.get("accept", "")):
        raise Fault(406, "")
    accepted = call.headers.get("accept", "")
    return wanted == "json" or (not wanted and accepted.startswith("application/json"))
