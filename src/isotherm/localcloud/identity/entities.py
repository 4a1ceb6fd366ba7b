"""What identity remembers. Ids are 32 hexadecimal characters, times seconds since the epoch."""

from typing import Any

import msgspec

from isotherm.localcloud.entities import Entity, new_hex_id

SYSTEM = "system"


class IdentityEntity(Entity, kw_only=True, eq=False):
    id: str = msgspec.field(default_factory=new_hex_id)


class Extensible(IdentityEntity, kw_only=True, eq=False):
    """`extra` is what clients said beyond the fields; it is kept and shown again."""

    extra: dict[str, Any] = msgspec.field(default_factory=dict)


class Domain(IdentityEntity, kw_only=True, eq=False):
    name: str
    description: str | None = ""
    enabled: bool = True
    tags: list[str] = msgspec.field(default_factory=list)
    options: dict[str, Any] = msgspec.field(default_factory=dict)


class Project(Extensible, kw_only=True, eq=False):
    name: str
    domain_id: str
    parent_id: str
    description: str | None = ""
    enabled: bool = True
    is_domain: bool = False
    tags: list[str] = msgspec.field(default_factory=list)
    options: dict[str, Any] = msgspec.field(default_factory=dict)


class User(Extensible, kw_only=True, eq=False):
    name: str
    domain_id: str
    password_hash: str | None = None
    default_project_id: str | None = None
    enabled: bool = True
    options: dict[str, Any] = msgspec.field(default_factory=dict)


class Group(IdentityEntity, kw_only=True, eq=False):
    name: str
    domain_id: str
    description: str | None = ""
    user_ids: list[str] = msgspec.field(default_factory=list)


class Role(IdentityEntity, kw_only=True, eq=False):
    name: str
    domain_id: str | None = None
    description: str | None = None
    options: dict[str, Any] = msgspec.field(default_factory=dict)
    implies: list[str] = msgspec.field(default_factory=list)


class Assignment(Entity, kw_only=True, eq=False):
    """A role of a user or group on a project, a domain or the system (`target_id` "system")."""

    actor_kind: str
    actor_id: str
    target_kind: str
    target_id: str
    role_id: str
    inherited: bool = False


class Region(IdentityEntity, kw_only=True, eq=False):
    description: str | None = ""
    parent_region_id: str | None = None


class CatalogService(IdentityEntity, kw_only=True, eq=False):
    name: str
    type: str
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    enabled: bool = True


class Endpoint(IdentityEntity, kw_only=True, eq=False):
    """A `url` without a scheme is a path under the cloud's own URL."""

    service_id: str
    interface: str
    region_id: str | None
    url: str
    enabled: bool = True


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
    access_rules: list[dict[str, str]] = msgspec.field(default_factory=list)


class Credential(IdentityEntity, kw_only=True, eq=False):
    """`blob` is what the client gave; of type `ec2`, JSON with `access` and `secret`."""

    type: str
    blob: str
    user_id: str
    project_id: str | None = None
    access: str | None = None
