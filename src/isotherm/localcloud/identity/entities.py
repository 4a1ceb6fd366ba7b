"""What identity remembers. Ids are 32 hexadecimal characters, times seconds since the epoch."""

from typing import Annotated, Any

import msgspec

from isotherm.localcloud.entities import Entity, new_hex_id
from isotherm.localcloud.kinds import Field, said, said_only
from isotherm.localcloud.kinds.checks import (
    as_is,
    boolean,
    list_of,
    mapping,
    one_of,
    or_none,
    text,
)

SYSTEM = "system"
NAME = said(text(1), required=True)
DESCRIPTION = said(or_none(text(most=2**16)))
ENABLED = said(boolean)
TAGS = said(list_of(text(1, pattern="^[^,/]*$")))
OPTIONS = said(mapping(as_is))
_FLAGS = (
    *(True, "True", "TRUE", "true", False, "False", "FALSE", "false", "", "1", "0", "y", "Y"),
    *("n", "N", "on", "ON", "off", "OFF", "yes", "no"),
)
_ID = or_none(text())


def _switch(value: Any) -> bool:
    """A boolean, also as the texts that people use for one."""
    if not isinstance(value, bool | str) or value not in _FLAGS:
        raise ValueError(f"{value!r} is not one of {list(_FLAGS)}")
    return str(value).lower() in ("true", "1", "y", "on", "yes")


SWITCH = said(_switch)


def once(**more: Any) -> Field:
    """An id of another object, said of a new one only."""
    return said(_ID, update=False, **more)


class IdentityEntity(Entity, kw_only=True, eq=False):
    id: str = msgspec.field(default_factory=new_hex_id)


class Extensible(IdentityEntity, kw_only=True, eq=False):
    """`extra` is what clients said beyond the fields; it is kept and shown again."""

    extra: dict[str, Any] = {}


class Domain(IdentityEntity, kw_only=True, eq=False):
    name: Annotated[str, NAME]
    description: Annotated[str | None, DESCRIPTION] = ""
    enabled: Annotated[bool, SWITCH] = True
    tags: Annotated[list[str], TAGS] = []
    options: Annotated[dict[str, Any], OPTIONS] = {}


class Project(Extensible, kw_only=True, eq=False):
    name: Annotated[str, NAME]
    domain_id: Annotated[str, said(_ID, render=lambda held: held or None)]
    parent_id: Annotated[str, said(_ID, render=lambda held: held or None)]
    description: Annotated[str | None, DESCRIPTION] = ""
    enabled: Annotated[bool, SWITCH] = True
    is_domain: Annotated[bool, said(boolean)] = False
    tags: Annotated[list[str], TAGS] = []
    options: Annotated[dict[str, Any], OPTIONS] = {}


class User(Extensible, kw_only=True, eq=False):
    name: Annotated[str, NAME]
    domain_id: Annotated[str, once()]
    password_hash: str | None = None
    default_project_id: Annotated[str | None, said_only(_ID)] = None
    enabled: Annotated[bool, SWITCH] = True
    options: Annotated[dict[str, Any], OPTIONS] = {}


class Group(IdentityEntity, kw_only=True, eq=False):
    name: Annotated[str, NAME]
    domain_id: Annotated[str, once()]
    description: Annotated[str | None, DESCRIPTION] = ""
    user_ids: list[str] = []


class Role(IdentityEntity, kw_only=True, eq=False):
    name: Annotated[str, NAME]
    domain_id: Annotated[str | None, said(_ID)] = None
    description: Annotated[str | None, DESCRIPTION] = None
    options: Annotated[dict[str, Any], OPTIONS] = {}
    implies: list[str] = []


class Assignment(Entity, kw_only=True, eq=False):
    """A role of a user or group on a project, a domain or the system (`target_id` "system")."""

    actor_kind: str
    actor_id: str
    target_kind: str
    target_id: str
    role_id: str
    inherited: bool = False


class Region(Extensible, kw_only=True, eq=False):
    description: Annotated[
        str | None, said(or_none(text(most=2**16)), render=lambda held: held or "")
    ] = ""
    parent_region_id: Annotated[str | None, said(_ID)] = None


class CatalogService(IdentityEntity, kw_only=True, eq=False):
    name: Annotated[str, said(text())] = ""
    type: Annotated[str, said(text(1), required=True)]
    description: Annotated[str | msgspec.UnsetType | None, said_only(or_none(text(most=2**16)))] = (
        msgspec.UNSET
    )
    enabled: Annotated[bool, ENABLED] = True


class Endpoint(Extensible, kw_only=True, eq=False):
    """A `url` without a scheme is a path under the cloud's own URL."""

    service_id: Annotated[str, said(text(1), required=True)]
    interface: Annotated[str, said(one_of("admin", "internal", "public"), required=True)]
    region_id: Annotated[str | None, said(_ID)] = None
    url: Annotated[str, said_only(text(1, 2**16), required=True)]
    enabled: Annotated[bool, ENABLED] = True


class Token(Entity, kw_only=True, eq=False):
    """`user_id` is whose rights it gives: with an impersonating trust, the trustor's."""

    user_id: str
    methods: list[str]
    audit_ids: list[str]
    issued_at: float
    expires_at: float
    project_id: str | None = None
    domain_id: str | None = None
    system: bool = False
    trust_id: str | None = None
    application_credential_id: str | None = None


class Trust(IdentityEntity, kw_only=True, eq=False):
    trustor_user_id: str
    trustee_user_id: str
    project_id: str | None
    role_ids: list[str]
    impersonation: bool
    expires_at: float | None = None
    remaining_uses: int | None = None
    allow_redelegation: bool = False
    redelegation_count: int = 0
    redelegated_trust_id: str | None = None


class ApplicationCredential(IdentityEntity, kw_only=True, eq=False):
    user_id: str
    project_id: str
    name: str
    secret_hash: str
    role_ids: list[str]
    description: str | None = None
    expires_at: float | None = None
    unrestricted: bool = False
    access_rules: list[dict[str, str]] = []


class Credential(IdentityEntity, kw_only=True, eq=False):
    """`blob` is what the client gave; of type `ec2`, JSON with `access` and `secret`."""

    type: str
    blob: str
    user_id: str
    project_id: str | None = None
    access: str | None = None
