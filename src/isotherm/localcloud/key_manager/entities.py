"""What the key manager stores."""

from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.key_manager import checks
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import integer, one_of, or_none, text

SECRET_TYPES = ("symmetric", "passphrase", "private", "public", "certificate", "opaque")
_TEXT = or_none(text())
Consumers = list[dict[str, str]]


class Kept(Entity, kw_only=True, eq=False):
    project_id: str
    user_id: Annotated[str, shown(name="creator_id")]
    created_at: Annotated[float, moment(".000000", name="created")]
    updated_at: Annotated[float, moment(".000000", name="updated")]
    status: Annotated[str, shown()] = "ACTIVE"


class Guarded(Kept, kw_only=True, eq=False):
    """`acl` is who else may read it; None: its project, and nobody but that."""

    name: Annotated[str | None, said(_TEXT)] = None
    acl: dict[str, Any] | None = None
    consumers: Consumers = []


class Secret(Guarded, kw_only=True, eq=False):
    """`payload` is base64, whatever it was; None until there is one."""

    algorithm: Annotated[str | None, said(_TEXT)] = None
    bit_length: Annotated[int | None, said(or_none(integer(1, 32767)))] = None
    mode: Annotated[str | None, said(_TEXT)] = None
    expiration: Annotated[float | None, said(checks.moment, render=checks.shown_moment)] = None
    secret_type: Annotated[str, said(one_of(*SECRET_TYPES))] = "opaque"
    payload: str | None = None
    content_type: str | None = None
    metadata: dict[str, str] = {}


class Container(Guarded, kw_only=True, eq=False):
    """`secrets` are the secrets' ids by the names under which they are in it."""

    type: Annotated[str, said(one_of("generic", "rsa", "certificate"), required=True)]
    secrets: list[tuple[str | None, str]] = []


class Order(Kept, kw_only=True, eq=False):
    type: Annotated[str, said(one_of("key", "asymmetric", "certificate"), required=True)]
    meta: Annotated[dict[str, Any], said(checks.wishes, required=True)]
    status: Annotated[str, shown()] = "PENDING"
    secret_id: str | None = None
    container_id: str | None = None
    error_reason: str | None = None
