"""What shared file systems remember, and what of it goes over the wire."""

from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import (
    flag,
    integer,
    mapping,
    one_of,
    or_none,
    text,
)

_TEXT = or_none(text())
PAIRS = mapping(text(0, 1023))


def _spec(value: Any) -> str:
    """Clients say booleans as such."""
    return str(value) if isinstance(value, bool) else text(0, 1023)(value)


def once(check: Any, **more: Any) -> Any:
    return said(check, update=False, **more)


class Stored(Entity, kw_only=True, eq=False):
    created_at: Annotated[float, moment(".000000")]
    updated_at: Annotated[float | None, moment(".000000")] = None


class ShareType(Stored, kw_only=True, eq=False):
    name: Annotated[str, once(text(1), required=True)]
    description: Annotated[str | None, once(_TEXT, since=41)] = None
    is_public: Annotated[bool, once(flag, name="share_type_access:is_public")] = True
    extra_specs: Annotated[dict[str, str], once(mapping(_spec))] = {}
    project_ids: list[str] = []


class SecurityService(Stored, kw_only=True, eq=False):
    project_id: Annotated[str, shown()]
    type: Annotated[
        str, once(one_of("ldap", "kerberos", "active_directory"), required=True, brief=True)
    ]
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
    project_id: Annotated[str, shown()]
    share_id: Annotated[str, once(text(1), required=True)]
    name: Annotated[str | None, said(_TEXT, brief=True)] = None
    description: Annotated[str | None, said(_TEXT)] = None
    size: Annotated[int, shown()] = 0
    share_proto: Annotated[str, shown()] = ""
    share_size: Annotated[int, shown()] = 0
    status: Annotated[str, shown()] = "creating"


class AccessRule(Stored, kw_only=True, eq=False):
    share_id: str
    access_type: str
    access_to: str
    access_level: str
    state: str = "active"
    access_key: str | None = None


class Share(Stored, kw_only=True, eq=False):
    project_id: Annotated[str, shown()]
    share_proto: Annotated[
        str,
        once(
            lambda value: one_of("NFS", "CIFS", "GLUSTERFS", "HDFS", "CEPHFS", "MAPRFS")(
                str(value).upper()
            ),
            required=True,
        ),
    ]
    size: Annotated[int, once(integer(1), required=True)]
    name: Annotated[str | None, once(_TEXT, brief=True)] = None
    description: Annotated[str | None, once(_TEXT)] = None
    snapshot_id: Annotated[str | None, once(_TEXT)] = None
    share_network_id: Annotated[str | None, once(_TEXT)] = None
    share_type: Annotated[str | None, once(_TEXT)] = None
    share_type_name: Annotated[str | None, shown()] = None
    metadata: Annotated[dict[str, str], once(PAIRS)] = {}
    is_public: Annotated[bool, said(flag)] = False
    availability_zone: Annotated[str | None, once(_TEXT)] = None
    host: Annotated[str, shown(for_admins=True)] = ""
    share_server_id: Annotated[str | None, shown(for_admins=True)] = None
    status: Annotated[str, shown()] = "creating"
    snapshot_support: Annotated[bool, shown()] = True
    task_state: Annotated[str | None, shown()] = None
