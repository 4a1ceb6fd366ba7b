"""Imports: data that the service gets by itself, or that was staged before."""

import ipaddress
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.image.entities import Image
from isotherm.localcloud.image.faults import conflict, invalid, wrong_transition
from isotherm.localcloud.image.state import STORE, Images

METHODS = ("glance-direct", "web-download", "copy-image")
_SCHEMES = ("http", "https")
_PORTS = (None, 80, 443)
# Stands for what a download would have brought: nothing is fetched.
_DOWNLOADED = b"A disk as it could have been downloaded. " * 8


def begin_import(images: Images, call: Call, image: Image, wish: Mapping[str, Any]) -> None:
    """Raises Fault 400, 409."""
    method = _method(wish)
    _check_state(image, method["name"])
    _check_stores(wish)
    if method["name"] == "copy-image":
        return
    if method["name"] == "web-download":
        _check_uri(method.get("uri"))
        images.keep_data(image, _DOWNLOADED)
    image.status = "importing"
    image.properties |= {
        "os_glance_import_task": str(uuid.uuid4()),
        "os_glance_importing_to_stores": STORE,
        "os_glance_failed_import": "",
    }
    images.touch(image)
    images.advance(call, "image.import", image)


def stage(images: Images, image: Image, content: bytes) -> None:
    """Keep data for a later import. Raises Fault 409."""
    if image.status != "queued":
        raise wrong_transition(image.status, "uploading")
    images.keep_data(image, content)
    image.status, image.size = "uploading", len(content)
    images.touch(image)


def _method(wish: Mapping[str, Any]) -> Mapping[str, Any]:
    method = wish.get("method")
    if not isinstance(method, dict):
        raise invalid("Import request requires a 'method' field.")
    if "name" not in method:
        raise invalid("Import request requires a 'name' field.")
    if method["name"] not in METHODS:
        raise invalid(f"Unknown import method name '{method['name']}'.")
    return method


def _check_state(image: Image, method: str) -> None:
    if method == "copy-image":
        if image.status != "active":
            raise conflict("Only images with status active can be targeted for copying")
        return
    if image.status in ("active", "deactivated", "importing", "saving"):
        raise conflict(f"Image with status {image.status} cannot be target for import")
    if method == "glance-direct" and image.status != "uploading":
        raise conflict("Image needs to be staged before 'glance-direct' method can be used")
    if method == "web-download" and image.status != "queued":
        raise conflict("Image needs to be in 'queued' state to use 'web-download' method")
    for name in ("container_format", "disk_format"):
        if getattr(image, name) is None:
            raise conflict(f"'{name}' needs to be set before import")


def _check_stores(wish: Mapping[str, Any]) -> None:
    stores = wish.get("stores") or []
    if not isinstance(stores, list):
        raise invalid("The stores of an import are a list.")
    if stores and wish.get("all_stores"):
        raise invalid(
            "All_stores parameter can't be used with x-image-meta-store header or stores parameter"
        )
    for store in stores:
        if store != STORE:
            raise conflict(f"Store for identifier {store} not found")


def _check_uri(uri: object) -> None:
    if not isinstance(uri, str) or not _is_allowed(uri):
        raise invalid(f"URI for web-download does not pass filtering: {uri}")


def _is_allowed(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        port, host = parts.port, parts.hostname
    except ValueError:
        return False
    if parts.scheme not in _SCHEMES or port not in _PORTS or not host or host == "localhost":
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return True
    return not (address.is_loopback or address.is_link_local)
