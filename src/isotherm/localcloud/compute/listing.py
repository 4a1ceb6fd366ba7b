"""Lists of servers: filters, order, pages."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlencode

import regex

from isotherm.localcloud.compute.entities import Server
from isotherm.localcloud.compute.faults import invalid
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.rendering import STATUSES, addresses_of, status_of
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.paging import page_of

_MOST = 1000
_PATTERN_SECONDS = 0.5
_SORT_KEYS: dict[str, Callable[[Server], object]] = {
    "created_at": lambda server: server.created_at,
    "updated_at": lambda server: server.updated_at,
    "display_name": lambda server: server.name,
    "uuid": lambda server: server.id,
    "hostname": lambda server: server.hostname,
    "vm_state": lambda server: server.vm_state,
    "task_state": lambda server: server.task_state or "",
    "power_state": lambda server: server.power_state,
    "launched_at": lambda server: server.launched_at or 0.0,
    "terminated_at": lambda server: server.terminated_at or 0.0,
    "project_id": lambda server: server.project_id,
    "user_id": lambda server: server.user_id,
    "image_ref": lambda server: server.image_id or "",
    "key_name": lambda server: server.key_name or "",
    "launch_index": lambda server: server.launch_index,
    "availability_zone": lambda server: server.availability_zone,
    "host": lambda server: server.host or "",
    "node": lambda server: server.host or "",
    "config_drive": lambda server: server.config_drive,
    "display_description": lambda server: server.description or "",
    "locked": lambda server: server.locked_by is not None,
    "instance_type_id": lambda server: server.flavor.flavor_id,
}
_PLAIN: dict[str, Callable[[Server], str | None]] = {
    "uuid": lambda server: server.id,
    "reservation_id": lambda server: server.reservation_id,
    "image": lambda server: server.image_id or "",
    "flavor": lambda server: server.flavor.flavor_id,
}
_PLAIN_FOR_ADMINS: dict[str, Callable[[Server], str | None]] = {
    "host": lambda server: server.host or "",
    "user_id": lambda server: server.user_id,
    "vm_state": lambda server: server.vm_state,
    "task_state": lambda server: server.task_state or "",
    "power_state": lambda server: str(server.power_state),
    "availability_zone": lambda server: server.availability_zone,
    "key_name": lambda server: server.key_name or "",
    "launch_index": lambda server: str(server.launch_index),
}
# Since 2.83 everybody may filter by these.
_PLAIN_FOR_ALL_SINCE_83 = (
    "availability_zone",
    "key_name",
    "power_state",
    "task_state",
    "user_id",
    "vm_state",
)


_KNOWN = frozenset(
    (
        *_PLAIN,
        *_PLAIN_FOR_ADMINS,
        *("limit", "marker", "sort_key", "sort_dir", "all_tenants", "project_id", "tenant_id"),
        *("status", "name", "ip", "ip6", "changes-since", "changes-before", "deleted", "locked"),
        *("tags", "tags-any", "not-tags", "not-tags-any", "hostname", "description", "progress"),
        *("access_ip_v4", "access_ip_v6", "config_drive", "created_at", "launched_at", "node"),
        *("terminated_at", "root_device_name", "kernel_id", "ramdisk_id", "auto_disk_config"),
        *("soft_deleted", "instance_type_id", "image_ref"),
    )
)


def select(compute: Compute, call: Call) -> tuple[Sequence[Server], bool]:
    """The page of servers that the query asks for, and whether more follow. Raises Fault 400."""
    _check_query(call)
    matches = _matches(compute, call)
    servers = _order(call, [server for server in _visible(compute, call) if matches(server)])
    return ([], False) if call.argument("limit") == "0" else page_of(servers, call, most=_MOST)


def next_link(call: Call, path: str, last_id: str) -> dict[str, str]:
    """The link to the page behind the one that ends with `last_id`."""
    query = [(key, value) for key, value in call.query if key != "marker"]
    text = urlencode([*query, ("marker", last_id)])
    return {"rel": "next", "href": f"{call.base_url}/compute/v2.1{path}?{text}"}


def moment(name: str, text: str) -> float:
    """A time in a query, as seconds since the epoch. Raises Fault 400."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise _bad_query(name, text, f"{text!r} is not a 'date-time'") from None
    return (
        found.timestamp() if found.tzinfo else datetime.fromisoformat(f"{text}+00:00").timestamp()
    )


def _bad_query(name: str, value: str, reason: str) -> Fault:
    return invalid(f"Invalid input for query parameters {name}. Value: {value}. {reason}")


def _check_query(call: Call) -> None:
    for key, value in call.query:
        if minor_of(call) >= 75 and key not in _KNOWN and not key.startswith("_"):
            raise invalid(f"'{key}' does not match any of the regexes: '^_'")
        if key == "limit" and re.fullmatch("[0-9]*", value) is None:
            raise _bad_query(key, value, f"{value!r} does not match '^[0-9]*$'")
        if key == "sort_key" and value not in _SORT_KEYS:
            raise _bad_query(key, value, f"{value!r} is not one of {list(_SORT_KEYS)}")
        if key == "sort_dir" and value not in ("asc", "desc"):
            raise _bad_query(key, value, f"{value!r} is not one of ['asc', 'desc']")
    status = call.argument("status")
    if status is not None and status.upper() not in STATUSES and minor_of(call) >= 38:
        raise invalid("Invalid status value")
    if status is not None and status.upper() == "DELETED" and not call.caller.is_admin:
        raise Fault(403, "Only administrators may list deleted instances")


def _visible(compute: Compute, call: Call) -> list[Server]:
    caller = call.caller
    everybody = call.argument("all_tenants") not in (None, "0", "False", "false", "no")
    if everybody and not caller.is_admin:
        raise Fault(
            403,
            "Policy doesn't allow os_compute_api:servers:index:get_all_tenants to be performed.",
        )
    wanted = (call.argument("project_id") or call.argument("tenant_id")) if everybody else None
    project_id = wanted if everybody else call.project_id
    if project_id is None:
        servers = list(compute.servers)
        tombs = list(compute.deleted)
    else:
        servers = compute.servers.find(project_id=project_id)
        tombs = compute.deleted.find(project_id=project_id)
    gone = [tomb.server for tomb in tombs]
    if caller.is_admin and (
        _is_true(call.argument("deleted")) or (call.argument("status") or "").upper() == "DELETED"
    ):
        return gone
    changes = "changes-since" in dict(call.query)
    return [*servers, *gone] if changes and not _is_false(call.argument("deleted")) else servers


def _is_true(text: str | None) -> bool:
    return text is not None and text.lower() in ("1", "true", "yes", "on", "t", "y")


def _is_false(text: str | None) -> bool:
    return text is not None and text.lower() in ("0", "false", "no", "off", "f", "n")


def _matches(compute: Compute, call: Call) -> Callable[[Server], bool]:
    """All filters of the query in one."""
    tests = [test for key, value in call.query if (test := _filter(compute, call, key, value))]
    return lambda server: all(test(server) for test in tests)


def _filter(compute: Compute, call: Call, key: str, value: str) -> Callable[[Server], bool] | None:
    if key == "status":
        statuses = {v.upper() for k, v in call.query if k == "status"}
        return lambda server: status_of(server) in statuses
    if key == "name":
        is_in = _pattern(key, value)
        return lambda server: is_in(server.name)
    if key in ("ip", "ip6"):
        is_in = _pattern(key, value)
        return lambda server: _has_address(compute, server, is_in, 4 if key == "ip" else 6)
    if key == "changes-since":
        since = moment(key, value)
        return lambda server: server.updated_at >= since
    if key == "changes-before" and minor_of(call) >= 66:
        before = moment(key, value)
        return lambda server: server.updated_at <= before
    if key in ("tags", "tags-any", "not-tags", "not-tags-any") and minor_of(call) >= 26:
        return _tag_filter(key, {tag for tag in value.split(",") if tag})
    if key == "locked" and minor_of(call) >= 73:
        return lambda server: (server.locked_by is not None) == _is_true(value)
    return _plain_filter(call, key, value)


def _plain_filter(call: Call, key: str, value: str) -> Callable[[Server], bool] | None:
    field = _PLAIN.get(key)
    may = call.caller.is_admin or (minor_of(call) >= 83 and key in _PLAIN_FOR_ALL_SINCE_83)
    if field is None and may:
        field = _PLAIN_FOR_ADMINS.get(key)
    if field is None:
        return None
    found = field
    return lambda server: found(server) == value


def _pattern(name: str, value: str) -> Callable[[str], bool]:
    """Whether a text has the pattern in it. Raises Fault 400 where it takes too long, too."""
    try:
        pattern = regex.compile(value)
    except regex.error:
        raise _bad_query(name, value, f"{value!r} is not a 'regex'") from None

    def is_in(text: str) -> bool:
        try:
            return pattern.search(text, timeout=_PATTERN_SECONDS) is not None
        except TimeoutError:
            raise _bad_query(name, value, "The pattern takes too long") from None

    return is_in


def _has_address(
    compute: Compute, server: Server, is_in: Callable[[str], bool], version: int
) -> bool:
    ports = compute.frame.peers.network.ports_of(server.id)
    return any(
        entry["version"] == version and is_in(entry["addr"])
        for entries in addresses_of(ports).values()
        for entry in entries
    )


def _tag_filter(key: str, tags: set[str]) -> Callable[[Server], bool]:
    if key == "tags":
        return lambda server: tags <= set(server.tags)
    if key == "tags-any":
        return lambda server: bool(tags & set(server.tags))
    if key == "not-tags":
        return lambda server: not tags <= set(server.tags)
    return lambda server: not tags & set(server.tags)


def _order(call: Call, servers: list[Server]) -> list[Server]:
    """Newest first, unless the query says otherwise."""
    keys = [value for key, value in call.query if key == "sort_key"]
    directions = [value for key, value in call.query if key == "sort_dir"]
    ordered = sorted(servers, key=lambda s: (s.created_at, s.number), reverse=True)
    for index, key in reversed(list(enumerate(keys))):
        descending = (directions[index] if index < len(directions) else "desc") == "desc"
        ordered.sort(key=_SORT_KEYS[key], reverse=descending)  # type: ignore[arg-type]
    return ordered
