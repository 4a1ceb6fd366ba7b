"""What must be known of a cloud service to talk to it: where its objects lie and how it refuses.

A module of ``kit.services`` declares each service once; plug-ins declare theirs the same way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from isotherm.kit.entity import Entity
from isotherm.kit.finder import FINDERS, Finder

SERVICES: dict[str, Service] = {}
"""The declared services by service type."""


@dataclass(frozen=True, slots=True)
class BusyRule:
    """Answers of these statuses, with a message like this, mean: not now, try again later."""

    statuses: frozenset[int]
    message: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Service:
    """``type`` is its official service type. ``version`` is appended to endpoints without one,
    the project's id after it if ``per_project``. ``microversions`` names the service in the
    microversion header, ``own_header`` is the header of the time before that one.
    ``headers`` go with every request."""

    type: str
    version: str = ""
    per_project: bool = False
    microversions: str = ""
    own_header: str = ""
    busy: tuple[BusyRule, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def entity(
        self, key: str, path: str, plural: str = "", *, finder: Finder | None = None, **more: Any
    ) -> Entity:
        """Declare one kind of object, with the finder that looks it up by name; ``more`` are
        the other fields of ``Entity``. ``plural`` is by default the key with an s."""
        entity = Entity(self.type, key, path, plural or f"{key}s", **more)
        if finder is not None:
            FINDERS[finder.name] = (entity, finder)
        return entity

    def is_busy(self, status: int, message: str) -> bool:
        """Whether such an answer says that the object is being worked on, and nothing else."""
        return any(status in rule.statuses and rule.message.search(message) for rule in self.busy)


def busy(message: str, *statuses: int) -> BusyRule:
    """A rule from a regular expression; case does not matter."""
    return BusyRule(frozenset(statuses or (409,)), re.compile(message, re.IGNORECASE))


def declare(service: Service) -> Service:
    """Make a service known to whoever talks to clouds."""
    SERVICES[service.type] = service
    return service


def service_of(service_type: str) -> Service:
    """What is known of a service: nothing but its type where nobody declared it."""
    return SERVICES.get(service_type) or Service(service_type)
