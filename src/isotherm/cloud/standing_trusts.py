"""Trusts that users give the service once, for what they sign with EC2 key pairs.

Keystone lets nobody delegate, or ask it for anything else, by the token of a signature.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from isotherm.core.errors import Gone
from isotherm.kit.cloud_api import CloudApi
from isotherm.ports.cloud import Caller

TRUSTS = "/OS-TRUST/trusts"
_FOR_EVER = datetime.max.replace(tzinfo=UTC)
_LONGEST = timedelta(days=365 * 500)
"""A trust of a stack is marked by an end that lies still further away."""


async def standing_trust(
    service: CloudApi, caller: Caller, trustee_id: str, now: datetime
) -> Mapping[str, Any] | None:
    """The trust that the caller has given the service for the project, the one that lasts
    longest; none that belongs to a stack, also of another deployment, and none that would let the
    service do more than the caller may. Raises RemoteError."""
    asked = urlencode({"trustee_user_id": trustee_id})
    listed = (await service.call("identity", "GET", f"{TRUSTS}?{asked}"))["trusts"]
    wanted = (caller.user_id, caller.project_id)
    found = [
        each
        for each in listed
        if (each["trustor_user_id"], each["project_id"]) == wanted
        and each.get("impersonation")
        and each.get("remaining_uses") is None
        and (_end(each) is _FOR_EVER or now < _end(each) < now + _LONGEST)
    ]
    for each in sorted(found, key=_end, reverse=True):
        if (trust := await _within(service, each["id"], caller.roles)) is not None:
            return trust
    return None


async def _within(
    service: CloudApi, trust_id: str, roles: Iterable[str]
) -> Mapping[str, Any] | None:
    """The trust if it passes on some of the roles and no other; lists do not tell."""
    try:
        trust = (await service.call("identity", "GET", f"{TRUSTS}/{trust_id}"))["trust"]
    except Gone:
        return None
    given = {each["name"] for each in trust.get("roles", ())}
    return trust if given and given <= set(roles) else None


def how_to_give_one(caller: Caller, role_ids: Iterable[str], trustee_id: str) -> str:
    """The remedy where there is none."""
    roles = " ".join(f"--role {each}" for each in role_ids)
    return (
        "Identity lets nobody delegate by an EC2 key pair. Let the service act for you once, logged"
        f" in otherwise: openstack trust create --impersonate --project {caller.project_id} {roles}"
        f" {caller.user_id} {trustee_id}"
    )


def _end(trust: Mapping[str, Any]) -> datetime:
    told = trust.get("expires_at")
    return datetime.fromisoformat(told) if told else _FOR_EVER
