"""Microversions of block storage, and routes that come with them. 3.27 is 27 inside."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.routing import Handler, Routes
from isotherm.localcloud.volume.faults import forbidden, invalid

if TYPE_CHECKING:
    from isotherm.localcloud.volume.state import BlockStorage

MAX = 71
_HEADER = "openstack-api-version"
_NUMBER = re.compile(r"(\d+)\.(\d+)")


def minor_of(call: Call) -> int:
    """The requested minor number. Raises Fault 400 (no version at all), 406 (not supported)."""
    text = _requested(call)
    if text is None:
        return 0
    if text == "latest":
        return MAX
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise invalid(
            f"API Version String {text} is of invalid format. Must be of format MajorNum.MinorNum."
        )
    if match[1] != "3" or int(match[2]) > MAX:
        raise Fault(
            406,
            f"Version {text} is not supported by the API. Minimum is 3.0 and maximum is 3.{MAX}.",
        )
    return int(match[2])


def _requested(call: Call) -> str | None:
    for part in call.headers.get(_HEADER, "").split(","):
        service, _, text = part.strip().partition(" ")
        if service.lower() in ("volume", "block-storage"):
            return text.strip()
    return None


class VolumeRoutes(Routes["BlockStorage"]):
    """Routes that know since which minor version they exist (`since`), and which policy
    (`policy`) keeps everybody but administrators away.
    """

    def __init__(self) -> None:
        super().__init__("/v3/{project_id}", "/v3")

    def _add(
        self, method: str, path: str, operation: str, options: dict[str, Any]
    ) -> Callable[[Handler["BlockStorage"]], Handler["BlockStorage"]]:
        since: int = options.pop("since", 0)
        policy: str | None = options.pop("policy", None)
        register = super()._add(method, path, operation, options)
        status: int = options.get("status", 200)

        def register_versioned(handler: Handler["BlockStorage"]) -> Handler["BlockStorage"]:
            def handle(storage: "BlockStorage", call: Call) -> Reply:
                minor = minor_of(call)
                if minor < since:
                    raise Fault(404, "The resource could not be found.")
                _check_project(call)
                if policy is not None and not call.caller.is_admin:
                    raise forbidden(policy)
                result = handler(storage, call)
                reply = result if isinstance(result, Reply) else Reply(status, result)
                version = {
                    "OpenStack-API-Version": f"volume 3.{minor}",
                    "Vary": "OpenStack-API-Version",
                }
                return Reply(reply.status, reply.body, {**version, **reply.headers})

            register(handle)
            return handler

        return register_versioned


def _check_project(call: Call) -> None:
    """The path names the token's project or none. Raises Fault 400."""
    named = call.params.get("project_id")
    if named is not None and named != call.caller.project_id:
        raise invalid("Malformed request url")
