"""The object store's calls: containers and objects by their names, settings in headers."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from isotherm import kit
from isotherm.kit.services.object_store import OBJECT_STORE

SERVICE = OBJECT_STORE.type
_PAGE = 1000
_EXPIRES = 2**31 - 61
"""When open addresses end, in seconds since the epoch: the last that all stores know, but for a minute."""
_KEY = "x-account-meta-temp-url-key"
_OF_THE_ANSWER = frozenset(
    {"connection", "content-length", "content-type", "date", "server", "x-openstack-request-id", "x-trans-id"}
)


def path_of(container: str, name: str = "") -> str:
    """Below the account, quoted."""
    return f"/{quote(container, safe='')}" + (f"/{quote(name)}" if name else "")


async def change(api: kit.CloudApi, method: str, path: str, **headers: str) -> None:
    """A request that says all it has to say in headers."""
    await api.call(SERVICE, method, path, headers={n.replace("_", "-"): v for n, v in headers.items()})


async def settings_of(api: kit.CloudApi, container: str) -> kit.Remote | None:
    """The headers that show a container, their names in lower case; None where it is gone."""
    try:
        shown: Mapping[str, str] = await api.call(SERVICE, "HEAD", path_of(container))
    except kit.Gone:
        return None
    return {n.lower(): value for n, value in shown.items() if n.lower() not in _OF_THE_ANSWER}


async def names_in(api: kit.CloudApi, container: str) -> list[str]:
    """Of all objects, in their order. Raises Gone."""
    found: list[str] = []
    while True:
        query = {"format": "json", "limit": _PAGE, **({"marker": found[-1]} if found else {})}
        page: Any = await api.call(SERVICE, "GET", f"{path_of(container)}?{urlencode(query)}") or []
        if not page:
            return found
        found += [each["name"] for each in page]


async def read(api: kit.CloudApi, container: str, name: str) -> bytes:
    """Raises Gone."""
    content: Any = await api.call(SERVICE, "GET", path_of(container, name))
    if content is None or isinstance(content, bytes):
        return content or b""
    # What calls itself text or JSON comes as such.
    return content.encode() if isinstance(content, str) else json.dumps(content).encode()


async def remove(api: kit.CloudApi, path: str) -> None:
    """Fine where it is gone already."""
    with suppress(kit.Gone):
        await api.call(SERVICE, "DELETE", path)


async def open_address(api: kit.CloudApi, container: str, name: str, method: str = "PUT") -> kit.Secret:
    """The address at which anybody may put (or get) the object, for as long as there are addresses."""
    address, path = await api.address(SERVICE), path_of(container, name)
    whole = f"{urlsplit(address).path}{path}"
    text = f"{method}\n{_EXPIRES}\n{whole}"
    signature = hmac.new((await _signing_key(api)).encode(), text.encode(), sha256).hexdigest()
    query = urlencode({"temp_url_sig": signature, "temp_url_expires": _EXPIRES})
    return kit.Secret(f"{address}{path}?{query}")


async def _signing_key(api: kit.CloudApi) -> str:
    """What the account's addresses are signed with; made up where there is none."""
    account = await api.call(SERVICE, "HEAD", "")
    known = {name.lower(): each for name, each in account.items()}.get(_KEY)
    if known:
        return str(known)
    key = secrets.token_hex(32)
    await change(api, "POST", "", **{_KEY: key})
    return key
