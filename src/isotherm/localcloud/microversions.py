"""Microversions: which one a request asks for, and routes that come and go with them.

Inside, a microversion is its minor number: 2.47 is 47.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.routing import Handler, Routes
from isotherm.localcloud.service import Service

S = TypeVar("S", bound=Service)

_HEADER = "OpenStack-API-Version"
_NUMBER = re.compile(r"([1-9]\d*)\.([1-9]\d*|0)")


@dataclass(frozen=True)
class Microversions:
    """Those of one service. `names` are what the header may call it, the reply's first; where
    there is an older header of the service's own, that is understood and sent as well."""

    names: tuple[str, ...]
    major: int
    least: int
    most: int
    own_header: str = ""

    def minor_of(self, call: Call) -> int:
        """The requested minor number. Raises Fault 400 (no version at all), 406 (not supported)."""
        text = self._requested(call)
        if text is None:
            return self.least
        if text == "latest":
            return self.most
        match = _NUMBER.fullmatch(text)
        if match is None:
            raise Fault(
                400,
                f"API Version String {text} is of invalid format. "
                "Must be of format MajorNum.MinorNum.",
            )
        if match[1] != str(self.major) or not self.least <= int(match[2]) <= self.most:
            raise Fault(
                406,
                f"Version {text} is not supported by the API. Minimum is "
                f"{self.major}.{self.least} and maximum is {self.major}.{self.most}.",
            )
        return int(match[2])

    def headers(self, call: Call) -> dict[str, str]:
        """What a reply says about its microversion; nothing where the request's makes no sense."""
        text = self._requested(call)
        if text is not None and text != "latest" and _NUMBER.fullmatch(text) is None:
            return {}
        number = text or f"{self.major}.{self.least}"
        if text == "latest":
            number = f"{self.major}.{self.most}"
        own = {self.own_header: number} if self.own_header else {}
        vary = ", ".join((_HEADER, *own))
        return {_HEADER: f"{self.names[0]} {number}", **own, "Vary": vary}

    def _requested(self, call: Call) -> str | None:
        for part in call.headers.get(_HEADER.lower(), "").split(","):
            service, _, text = part.strip().partition(" ")
            if service.lower() in self.names:
                return text.strip()
        return call.headers.get(self.own_header.lower())


class VersionedRoutes(Routes[S]):
    """Routes that know since when (`since`) and until when (`until`) they exist, as minor
    numbers, and which policy (`policy`) keeps everybody but administrators away.
    """

    def __init__(
        self, versions: Microversions, forbidden: Callable[[str], Fault], *prefixes: str
    ) -> None:
        super().__init__(*prefixes)
        self._versions = versions
        self._forbidden = forbidden

    def check(self, call: Call) -> None:
        """What must hold of every call. Raises Fault."""

    def _add(
        self, method: str, path: str, operation: str, options: dict[str, Any]
    ) -> Callable[[Handler[S]], Handler[S]]:
        versions = self._versions
        since = options.pop("since", versions.least)
        until = options.pop("until", versions.most)
        policy: str | None = options.pop("policy", None)
        register = super()._add(method, path, operation, options)
        status: int = options.get("status", 200)

        def register_versioned(handler: Handler[S]) -> Handler[S]:
            def handle(service: S, call: Call) -> Reply:
                if not since <= versions.minor_of(call) <= until:
                    raise Fault(404, "The resource could not be found.")
                self.check(call)
                if policy is not None and not call.caller.is_admin:
                    raise self._forbidden(policy)
                result = handler(service, call)
                reply = result if isinstance(result, Reply) else Reply(status, result)
                return Reply(reply.status, reply.body, {**versions.headers(call), **reply.headers})

            register(handle)
            return handler

        return register_versioned
