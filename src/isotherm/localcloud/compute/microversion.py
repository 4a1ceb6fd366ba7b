"""Microversions: which one a request asks for, and routes that come and go with them.

Inside, a microversion is its minor number: 2.47 is 47.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.routing import Handler, Routes

if TYPE_CHECKING:
    from isotherm.localcloud.compute.state import Compute

MIN, MAX = 1, 96
_STANDARD, _LEGACY = "openstack-api-version", "x-openstack-nova-api-version"
_NUMBER = re.compile(r"([1-9]\d*)\.([1-9]\d*|0)")


def minor_of(call: Call) -> int:
    """The requested minor number. Raises Fault 400 (no version at all), 406 (not supported)."""
    text = _requested(call.headers)
    if text is None:
        return MIN
    if text == "latest":
        return MAX
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise Fault(
            400,
            f"API Version String {text} is of invalid format. Must be of format MajorNum.MinorNum.",
        )
    if match[1] != "2" or not MIN <= int(match[2]) <= MAX:
        raise Fault(
            406,
            f"Version {text} is not supported by the API. "
            f"Minimum is 2.{MIN} and maximum is 2.{MAX}.",
        )
    return int(match[2])


def version_headers(call: Call) -> dict[str, str]:
    """What a reply says about its microversion; nothing where the request's makes no sense."""
    text = _requested(call.headers)
    if text is not None and text != "latest" and _NUMBER.fullmatch(text) is None:
        return {}
    number = f"2.{MAX}" if text == "latest" else text or f"2.{MIN}"
    return {
        "OpenStack-API-Version": f"compute {number}",
        "X-OpenStack-Nova-API-Version": number,
        "Vary": "OpenStack-API-Version, X-OpenStack-Nova-API-Version",
    }


def _requested(headers: Mapping[str, str]) -> str | None:
    for part in headers.get(_STANDARD, "").split(","):
        service, _, text = part.strip().partition(" ")
        if service.lower() == "compute":
            return text.strip()
    return headers.get(_LEGACY)


class ComputeRoutes(Routes["Compute"]):
    """Routes that know since when (`since`) and until when (`until`) they exist, as minor
    numbers, and which policy (`policy`) keeps everybody but administrators away.
    """

    def __init__(self) -> None:
        super().__init__("/v2.1/{project_id}", "/v2.1")

    def _add(
        self, method: str, path: str, operation: str, options: dict[str, Any]
    ) -> Callable[[Handler["Compute"]], Handler["Compute"]]:
        since, until = options.pop("since", MIN), options.pop("until", MAX)
        policy: str | None = options.pop("policy", None)
        register = super()._add(method, path, operation, options)
        status: int = options.get("status", 200)

        def register_versioned(handler: Handler["Compute"]) -> Handler["Compute"]:
            def handle(compute: "Compute", call: Call) -> Reply:
                if not since <= minor_of(call) <= until:
                    raise Fault(404, "The resource could not be found.")
                if policy is not None:
                    require(call, policy)
                result = handler(compute, call)
                reply = result if isinstance(result, Reply) else Reply(status, result)
                return Reply(reply.status, reply.body, {**version_headers(call), **reply.headers})

            register(handle)
            return handler

        return register_versioned


def require(call: Call, policy: str) -> None:
    """Raises Fault 403 for anybody but an administrator."""
    if not call.caller.is_admin:
        raise Fault(403, f"Policy doesn't allow os_compute_api:{policy} to be performed.")
