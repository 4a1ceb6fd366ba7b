"""What all types of the key manager have in common."""

import base64
from typing import Any

from isotherm import kit
from isotherm.kit import P
from isotherm.kit.services.key_manager import SECRET


class KeyType(kit.EntityType[P]):
    """Objects are known by their URLs. A create tells nothing but that, and an object never changes."""

    always_completes = True
    status_field = "status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})
    created_field = "created"


async def payload_of(ctx: kit.Context[Any], secret: str) -> kit.Value:
    """What a secret holds: as text, or base64 where it is none; None where it holds nothing."""
    shown = await ctx.api.show(SECRET, secret)
    content_type = (shown.get("content_types") or {}).get("default")
    if content_type is None:
        return None
    path = f"/secrets/{secret.rpartition('/')[2]}/payload"
    held = await ctx.api.call("key-manager", "GET", path, headers={"Accept": str(content_type)})
    if isinstance(held, str):
        return held
    try:
        return bytes(held).decode()
    except UnicodeDecodeError:
        return base64.b64encode(held).decode()
