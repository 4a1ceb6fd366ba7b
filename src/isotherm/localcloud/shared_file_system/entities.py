"""What shared file systems remember, and what of it goes over the wire."""

from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.kinds import moment, said, said_only, shown
from isotherm.localcloud.kinds.checks import (
    flag,
    mapping,
    or_none,
    text,
)

_TEXT = or_none(text())
_PAIRS = mapping(text(0, 1023))


def _spec(value: Any) -> str:
    """Clients say booleans as such."""
    return str(value) if isinstance(value, bool) else text(0, 1023)(value)


OPTIONAL = (
    *("snapshot_support", "create_share_from_snapshot_support"),
    *("revert_to_snapshot_support", "mount_snapshot_support"),
)
"""What the shares of a type may do besides, by the names of its specs."""
RENAMED = {
    "display_name": said_only(_TEXT, attribute="name"),
    "display_description": said_only(_TEXT, attribute="description"),
}
"""As changes name what everybody else calls otherwise."""
PROTOCOLS = ("NFS", "CIFS", "GLUSTERFS", "HDFS", "CEPHFS", "MAPRFS")


def _protocol(value: Any) -> str:
    if str(value).upper() not in PROTOCOLS:
        known = f"It is either disabled or unsupported. Available protocols: {[*PROTOCOLS]}."
        raise invalid_input(f"Invalid share protocol provided: {value}. {known}")
    return str(value).upper()


def _size(value: Any) -> int:
    if not str(value).isdigit() or int(value) < 1:
        raise invalid_input(f"Share size '{value}' must be an integer and greater than 0.")
    return int(value)


def pairs(value: Any) -> dict[str, str]:
    if isinstance(value, dict) and "" in value:
        raise Fault(400, "Metadata property key is blank.")
    checked: dict[str, str] = _PAIRS(value)
    return checked


def is_true(value: Any) -> bool:
    try:
        return flag(str(value))
    except ValueError:
        known = "'0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'"
        reason = f"Unrecognized value '{value}', acceptable values are: {known}"
        raise Fault(400, reason) from None


def invalid_input(reason: str) -> Fault:
    return Fault(400, f"Invalid input received: {reason}")


def once(check: Any, **more: Any) -> Any:
    return said(check, update=False, **more)


class Stored(Entity, kw_only=True, eq=False):
    created_at: Annotated[float, moment(".000000")]
    updated_at: Annotated[float | None, moment(".000000")] = None


class ShareType(Entity, kw_only=True, eq=False):
    created_at: float = 0.0
    updated_at: float | None = None
    name: Annotated[str, said(text(1), required=True)]
    description: Annotated[str | None, said(_TEXT, since=41)] = None
    is_public: Annotated[bool, said(flag, name="share_type_access:is_public")] = True
    extra_specs: Annotated[dict[str, str], once(mapping(_spec))] = {}
    project_ids: list[str] = []

    def has(self, spec: str) -> bool:
        return self.extra_specs.get(spec, "").lower() in ("true", "1")

    @property
    def has_servers(self) -> bool:
        return self.has("driver_handles_share_servers")


class SecurityService(Stored, kw_only=True, eq=False):
    project_id: Annotated[str, shown()]
    type: Annotated[str | None, said(brief=True)] = None
    name: Annotated[str | None, said(_TEXT, brief=True)] = None
    description: Annotated[str | None, said(_TEXT)] = None
    dns_ip: Annotated[str | None, said(_TEXT)] = None
    server: Annotated[str | None, said(_TEXT)] = None
    domain: Annotated[str | None, said(_TEXT)] = None
    user: Annotated[str | None, said(_TEXT)] = None
    password: Annotated[str | None, said(_TEXT, secret=True)] = None
    status: Annotated[str, shown(brief=True)] = "new"


class ShareNetwork(Stored, kw_only=True, eq=False):
    project_id: Annotated[str, shown()]
    name: Annotated[str | None, said(_TEXT, brief=True)] = None
    description: Annotated[str | None, said(_TEXT)] = None
    neutron_net_id: Annotated[str | None, said(_TEXT)] = None
    neutron_subnet_id: Annotated[str | None, said(_TEXT)] = None
    network_type: Annotated[str | None, shown()] = None
    segmentation_id: Annotated[int | None, shown()] = None
    cidr: Annotated[str | None, shown()] = None
    ip_version: Annotated[int | None, shown()] = None
    gateway: Annotated[str | None, shown()] = None
    mtu: Annotated[int | None, shown()] = None
    security_services: list[str] = []


class Snapshot(Stored, kw_only=True, eq=False):
    updated_at: float | None = None
    project_id: Annotated[str, shown()]
    user_id: Annotated[str | None, shown()] = None
    share_id: Annotated[str, once(text(1), required=True)]
    name: Annotated[str | None, said(_TEXT, brief=True)] = None
    description: Annotated[str | None, said(_TEXT)] = None
    size: Annotated[int, shown()] = 0
    share_proto: Annotated[str, shown()] = ""
    share_size: Annotated[int, shown()] = 0
    status: Annotated[str, shown()] = "creating"


class AccessRule(Stored, kw_only=True, eq=False):
    share_id: str
    access_type: Annotated[str, shown()]
    access_to: Annotated[str, shown()]
    access_level: Annotated[str, shown()]
    state: Annotated[str, shown()] = "queued_to_apply"
    access_key: Annotated[str | None, shown()] = None


class Share(Stored, kw_only=True, eq=False):
    updated_at: float | None = None
    project_id: Annotated[str, shown()]
    user_id: Annotated[str | None, shown()] = None
    share_proto: Annotated[str, once(_protocol, required=True)]
    size: Annotated[int, once(_size, required=True)]
    name: Annotated[str | None, once(_TEXT, brief=True)] = None
    description: Annotated[str | None, once(_TEXT)] = None
    snapshot_id: Annotated[str | None, once(_TEXT)] = None
    share_network_id: Annotated[str | None, once(_TEXT)] = None
    share_type: Annotated[str | None, once(_TEXT)] = None
    share_type_name: Annotated[str | None, shown()] = None
    metadata: Annotated[dict[str, str], once(pairs)] = {}
    is_public: Annotated[bool, said(is_true, admins=("create", "update"))] = False
    availability_zone: Annotated[str | None, once(_TEXT)] = None
    host: Annotated[str, shown(for_admins=True)] = ""
    share_server_id: Annotated[str | None, shown(for_admins=True)] = None
    status: Annotated[str, shown()] = "creating"
    snapshot_support: Annotated[bool, shown()] = True
    create_share_from_snapshot_support: Annotated[bool, shown()] = True
    revert_to_snapshot_support: Annotated[bool, shown()] = False
    mount_snapshot_support: Annotated[bool, shown()] = False
    task_state: Annotated[str | None, shown()] = None
    access_rules_status: Annotated[str, shown()] = "active"
    replication_type: Annotated[str | None, shown()] = None
    has_replicas: Annotated[bool, shown()] = False
    share_group_id: Annotated[str | None, shown()] = None
    source_share_group_snapshot_member_id: Annotated[str | None, shown()] = None
