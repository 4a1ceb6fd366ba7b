"""What messaging stores. Times are seconds since the epoch, durations seconds."""

from typing import Annotated, Any

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import said, shown
from isotherm.localcloud.messaging.checks import address, duration, option_map

LONG = 100 * 366 * 24 * 3600
"""Nobody sees the end of what lasts longer."""


class Queue(Entity, kw_only=True, eq=False):
    """Known by its name, which is unique within a project."""

    project_id: str
    name: str
    metadata: dict[str, Any] = {}


class Message(Entity, kw_only=True, eq=False):
    project_id: str
    queue_id: str
    body: Any
    ttl: int
    client_id: str
    created_at: float
    visible_at: float
    claim_id: str | None = None
    claim_count: int = 0


class Claim(Entity, kw_only=True, eq=False):
    project_id: str
    queue_id: str
    ttl: int
    grace: int
    created_at: float


class Subscription(Entity, kw_only=True, eq=False):
    """`user_id` made it: whoever is told through a trust is told in that user's name."""

    project_id: str
    queue_id: str
    user_id: str
    created_at: float
    subscriber: Annotated[str, said(address, required=True)]
    ttl: Annotated[int, said(duration("The TTL for a subscription"))] = 3600
    options: Annotated[dict[str, Any], said(option_map)] = {}
    confirmed: Annotated[bool, shown()] = False


class SigningKey(Entity, kw_only=True, eq=False):
    secret: str
