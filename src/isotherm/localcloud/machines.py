"""What makes servers run: the port between compute and a hypervisor."""

from collections.abc import Mapping
from typing import Protocol

import msgspec


class ServerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A server as its machine, and the metadata in it, know it. Memory in MiB, disk in GiB."""

    id: str
    number: int
    name: str
    hostname: str
    project_id: str
    memory: int
    disk: int
    flavor: str
    availability_zone: str
    launch_index: int
    reservation_id: str
    image_id: str
    config_drive: bool
    user_data: str | None
    metadata: Mapping[str, str]
    public_keys: Mapping[str, str]


class Machines(Protocol):
    """Orders are carried out later, those about one server in turn."""

    def run(self, server_id: str) -> None:
        """Start it, or let a frozen one go on. Nothing for one that runs."""

    def stop(self, server_id: str) -> None: ...

    def freeze(self, server_id: str) -> None: ...

    def wipe(self, server_id: str) -> None:
        """Stop it and forget its disk."""

    def remove(self, server_id: str) -> None:
        """All that there is of it."""

    def console(self, server_id: str) -> str | None:
        """What it wrote since its start; None where servers do not run."""


class NoMachines:
    """Servers are records and nothing more."""

    def run(self, server_id: str) -> None: ...

    def stop(self, server_id: str) -> None: ...

    def freeze(self, server_id: str) -> None: ...

    def wipe(self, server_id: str) -> None: ...

    def remove(self, server_id: str) -> None: ...

    def console(self, server_id: str) -> str | None:
        return None
