"""Who gets at a share, and where it is found."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.shared_file_system.dialect import ShareRoutes, argument
from isotherm.localcloud.shared_file_system.entities import AccessRule, Share
from isotherm.localcloud.shared_file_system.shares import SHARES, available
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

LOCATIONS = ShareRoutes()
_TYPES, _LEVELS = ("ip", "user", "cert", "cephx"), ("ro", "rw")
_SHOWN = ("id", "access_type", "access_to", "access_level", "state", "access_key")


@SHARES.action("allow_access", "allow_access", status=200)
def allow(shares: SharedFileSystems, call: Call, share: Share, said: Any) -> object:
    kind, whom = argument(said, "access_type"), argument(said, "access_to")
    level = said.get("access_level") or "rw"
    if kind not in _TYPES or level not in _LEVELS:
        raise Fault(400, f"Invalid access: {kind} {level} is not supported.")
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
    return {"access": {**_shown(rule), "share_id": share.id}}


@SHARES.action("deny_access", "deny_access")
def deny(shares: SharedFileSystems, call: Call, share: Share, said: Any) -> None:
    rule_id = argument(said, "access_id")
    rule = shares.access_rules.get(rule_id)
    if rule is None or rule.share_id != share.id:
        raise Fault(404, f"Share access {rule_id} could not be found.")
    shares.access_rules.remove(rule.id)


@SHARES.action("access_list", "list_access", status=200)
def list_access(shares: SharedFileSystems, call: Call, share: Share, said: Any) -> object:
    return {"access_list": [_shown(e) for e in shares.access_rules.find(share_id=share.id)]}


@LOCATIONS.get("/share-access-rules", "access.list", since=45)
def list_rules(shares: SharedFileSystems, call: Call) -> object:
    share = SHARES.find(shares, call.caller, call.argument("share_id") or "")
    return {"access_list": [_shown(e) for e in shares.access_rules.find(share_id=share.id)]}


@LOCATIONS.get("/share-access-rules/{access_id}", "access.show", since=45)
def show_rule(shares: SharedFileSystems, call: Call) -> object:
    rule = shares.access_rules.get(call.params["access_id"])
    if rule is None:
        raise Fault(404, f"Share access {call.params['access_id']} could not be found.")
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
    return {name: getattr(rule, name) for name in _SHOWN}
