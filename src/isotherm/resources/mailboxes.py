"""Where signals are left for whoever waits: objects that anybody may put, and queues.

Nobody brings such signals. Who waits fetches them; each has an id of its own, by which it counts
once, however often it is fetched before it is gone.
"""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from isotherm import kit
from isotherm.kit.services.messaging import QUEUE
from isotherm.resources.object_storing import SERVICE, change, names_in, path_of, read, remove

OBJECT, MESSAGE = "TEMP_URL_SIGNAL", "ZAQAR_SIGNAL"
"""The transports by which signals are left somewhere."""
NOTHING_YET = b"in progress"
_MOST_SIGNALS = 10_000
_AT_ONCE = 20
_LONGEST = 1_209_600
"""Seconds that a queue keeps a message at most."""
_QUEUE_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Unreadable(ValueError):
    """What was left is no signal."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A signal as it was left, and what to name for it to be taken away."""

    id: str
    details: kit.Fields


# -- objects whose older versions are kept: one for many signals -----------------------------


async def open_box(api: kit.CloudApi, container: str, name: str) -> None:
    """Have an object that many may put, one after the other. May be repeated."""
    await change(api, "PUT", path_of(container), x_versions_location=container)
    await api.call(SERVICE, "PUT", path_of(container, name), NOTHING_YET)


async def has_box(api: kit.CloudApi, container: str, name: str) -> bool:
    try:
        await api.call(SERVICE, "HEAD", path_of(container, name))
    except kit.Gone:
        return False
    return True


async def close_box(api: kit.CloudApi, container: str, name: str) -> None:
    """Each removal brings back the version before, until there is none. The container goes with
    the last object in it."""
    for _ in range(_MOST_SIGNALS):
        try:
            await api.call(SERVICE, "DELETE", path_of(container, name))
        except kit.Gone:
            break
    await drop_container(api, container)


async def drop_container(api: kit.CloudApi, container: str) -> None:
    """One that holds something stays."""
    with suppress(kit.Gone):
        if not await names_in(api, container):
            await remove(api, path_of(container))


async def in_box(api: kit.CloudApi, container: str, name: str) -> Sequence[Letter]:
    """What was put, the oldest first. What was put last becomes an older version before it is
    read: only those have a name that stays the same. Raises Unreadable."""
    try:
        if await read(api, container, name) != NOTHING_YET:
            await api.call(SERVICE, "PUT", path_of(container, name), NOTHING_YET)
        names = [each for each in await names_in(api, container) if each.startswith(_prefix(name))]
    except kit.Gone:
        return ()
    letters = []
    for each in names:
        content = await read(api, container, each)
        if content == NOTHING_YET:
            await remove(api, path_of(container, each))
        else:
            letters.append(Letter(each, _details(content)))
    return letters


async def take_from_box(api: kit.CloudApi, container: str, letters: Sequence[Letter]) -> None:
    for each in letters:
        await remove(api, path_of(container, each.id))


def _prefix(name: str) -> str:
    """Names of older versions begin so."""
    return f"{len(name):03x}{name}/"


def _details(content: bytes | str) -> kit.Fields:
    try:
        found = json.loads(content) if content else {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreadable("What was left as a signal is no JSON object")
    return found


# -- single objects: one for one signal ------------------------------------------------------


async def open_slot(api: kit.CloudApi, container: str, name: str) -> None:
    """Have an object that is put once. May be repeated, until it was."""
    await change(api, "PUT", path_of(container))
    if not await has_box(api, container, name):
        await api.call(SERVICE, "PUT", path_of(container, name), NOTHING_YET)


async def in_slot(api: kit.CloudApi, container: str, name: str) -> Letter | None:
    """Raises Unreadable."""
    try:
        content = await read(api, container, name)
    except kit.Gone:
        return None
    return None if content == NOTHING_YET else Letter(name, _details(content))


async def close_slot(api: kit.CloudApi, container: str, name: str) -> None:
    await remove(api, path_of(container, name))
    await drop_container(api, container)


async def drop_slots(api: kit.CloudApi, container: str) -> None:
    """All of a container, and itself; fine where it is gone already."""
    with suppress(kit.Gone):
        for name in await names_in(api, container):
            await remove(api, path_of(container, name))
        await drop_container(api, container)


# -- queues, as the user whose project they are in sees them ----------------------------------


def queue_name(physical_name: str, other: str) -> str:
    """The physical name, where queues may be called so."""
    return physical_name if _QUEUE_NAME.fullmatch(physical_name) else other


async def open_queue(api: kit.CloudApi, queue: str) -> None:
    """May be repeated."""
    await api.call(QUEUE.service, "PUT", f"/queues/{queue}", {})


async def in_queue(api: kit.CloudApi, queue: str) -> Sequence[Letter]:
    """What was posted, the oldest first; as much as is read at once. Raises Unreadable."""
    return [Letter(each["id"], _told(each["body"])) for each in await _messages(api, queue)]


async def _messages(api: kit.CloudApi, queue: str) -> Sequence[Any]:
    query = urlencode({"echo": "true", "limit": _AT_ONCE})
    page: Any = await api.call(QUEUE.service, "GET", f"/queues/{queue}/messages?{query}") or {}
    found: Sequence[Any] = page.get("messages", ())
    return found


def _told(body: Any) -> kit.Fields:
    if body is None or isinstance(body, str):
        return _details(body or "")
    if not isinstance(body, dict):
        raise Unreadable("What was left as a signal is no JSON object")
    return body


async def take_from_queue(api: kit.CloudApi, queue: str, letters: Sequence[Letter]) -> None:
    await drop_from_queue(api, queue, [each.id for each in letters])


async def post(api: kit.CloudApi, queue: str, body: Any) -> None:
    """For as long as messages may stay."""
    messages = [{"body": body, "ttl": _LONGEST}]
    await api.call(QUEUE.service, "POST", f"/queues/{queue}/messages", {"messages": messages})


async def ids_in_queue(api: kit.CloudApi, queue: str) -> list[str]:
    """Of the messages that nobody has taken yet, the oldest first; as many as are read at once."""
    return [each["id"] for each in await _messages(api, queue)]


async def drop_from_queue(api: kit.CloudApi, queue: str, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        some = ",".join(ids[start : start + _AT_ONCE])
        await api.call(QUEUE.service, "DELETE", f"/queues/{queue}/messages?ids={some}")


async def close_queue(api: kit.CloudApi, queue: str) -> None:
    """Fine where it is gone already."""
    await api.drop(QUEUE, queue)
