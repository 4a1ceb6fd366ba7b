"""Who gets at a share, and where it is found."""

import ipaddress
import re
from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds.fields import declared
from isotherm.localcloud.kinds.views import FULL, Views
from isotherm.localcloud.shared_file_system.dialect import ShareRoutes, argument
from isotherm.localcloud.shared_file_system.entities import AccessRule, Share
from isotherm.localcloud.shared_file_system.shares import SHARES, available
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

LOCATIONS = ShareRoutes()
_VIEWS = Views(declared(AccessRule, {}))
_TYPES, _LEVELS = ("ip", "user", "cert", "cephx"), ("ro", "rw")
_NAMES = re.compile(r"[^/\\\[\]:;|=,+*?<>\"]{4,255}")


def _refuse_whom(kind: str, whom: str) -> None:
    """Raises Fault 400."""
    match kind:
        case "ip" if not _is_network(whom):
            raise Fault(400, f"'{whom}' does not appear to be an IPv4 or IPv6 network")
        case "user" if not _NAMES.fullmatch(whom):
            odd = 'exclude special characters "/\\[]:;|=,+*?<>'
            known = f"Must be 4-255 characters and consist of alphanumeric characters and {odd}"
            raise Fault(400, f"Invalid user or group name. {known}")
        case "cert" if not 1 <= len(whom.strip()) <= 64:
            raise Fault(400, "Invalid CN (common name). Must be 1-64 chars long.")
        case "cephx" if "." in whom:
            raise Fault(400, "Ceph IDs may not contain periods.")


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


@SHARES.action("allow_access", "allow_access", status=200)
def allow(shares: SharedFileSystems, call: Call, share: Share, said: Any) -> object:
    kind, whom = argument(said, "access_type"), str(said.get("access_to") or "")
    level = said.get("access_level") or "rw"
    if kind not in _TYPES:
        known = "'ip', 'user', 'cert' or 'cephx'"
        raise Fault(400, f"Only {known} access types are supported.")
    _refuse_whom(kind, whom)
    if level not in _LEVELS:
        raise Fault(400, f"Invalid access rule: Invalid share access level: {level}.")
    for rule in shares.access_rules.find(share_id=available(share).id):
        if (rule.access_type, rule.access_to) == (kind, whom):
            raise Fault(400, f"Share access {kind}:{whom} exists.")
    rule = shares.access_rules.add(
        AccessRule(
            share_id=share.id,
            access_type=kind,
            access_to=whom,
            access_level=level,
            created_at=shares.now(),
        )
    )
    shares.advance(call, "access.apply", rule)
    return {"access": {**_shown(rule), "share_id": share.id}}


@SHARES.action("deny_access", "deny_access")
def deny(shares: SharedFileSystems, call: Call, share: Share, said: Any) -> None:
    rule_id = argument(said, "access_id")
    rule = shares.access_rules.get(rule_id)
    if rule is None or rule.share_id != share.id:
        raise Fault(404, "Resource could not be found.")
    rule.state = "queued_to_deny"
    shares.access_rules.save(rule)
    shares.advance(call, "access.remove", rule)


@SHARES.transitions.on("access.apply")
def apply(shares: SharedFileSystems, rule: AccessRule, args: dict[str, Any]) -> None:
    rule.state, rule.updated_at = "active", shares.now()
    shares.access_rules.save(rule)


@SHARES.transitions.on("access.remove")
def remove(shares: SharedFileSystems, rule: AccessRule, args: dict[str, Any]) -> None:
    shares.access_rules.remove(rule.id)


@SHARES.action("access_list", "list_access", status=200)
def list_access(shares: SharedFileSystems, call: Call, share: Share, said: Any) -> object:
    return {"access_list": [_shown(e) for e in shares.access_rules.find(share_id=share.id)]}


@LOCATIONS.get("/share-access-rules", "access.list", since=45)
def list_rules(shares: SharedFileSystems, call: Call) -> object:
    share_id = call.argument("share_id")
    if share_id is None:
        raise Fault(400, "The field 'share_id' has to be specified.")
    share = shares.shares.get(share_id)
    if share is None or not SHARES.sees(shares, call.caller, share):
        raise Fault(400, f"Share {share_id} not found.")
    found = shares.access_rules.find(share_id=share.id)
    return {"access_list": [{**_shown(e), "metadata": {}} for e in found]}


@LOCATIONS.get("/share-access-rules/{access_id}", "access.show", since=45)
def show_rule(shares: SharedFileSystems, call: Call) -> object:
    rule = shares.access_rules.get(call.params["access_id"])
    if rule is None:
        raise Fault(404, f"Share access rule {call.params['access_id']} not found.")
    SHARES.find(shares, call.caller, rule.share_id)
    return {"access": {**_shown(rule), "share_id": rule.share_id, "metadata": {}}}


@LOCATIONS.get("/shares/{id}/export_locations", "share.list_export_locations", since=9)
def list_locations(shares: SharedFileSystems, call: Call) -> object:
    share = SHARES.of(shares, call)
    if share.status != "available":
        return {"export_locations": []}
    path = f"203.0.113.10:/shares/{share.id}"
    return {"export_locations": [{"id": share.id, "path": path, "preferred": False}]}


def _shown(rule: AccessRule) -> dict[str, Any]:
    return _VIEWS.show(rule, FULL, 0, is_admin=False)
