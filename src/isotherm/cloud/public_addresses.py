"""Which addresses the service connects to when a user names them."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class AllowedSources:
    """What an operator allows beside the public internet: hosts by name, and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[_Network, ...] = ()

    @classmethod
    def parse(cls, entries: Sequence[str]) -> AllowedSources:
        """Raises ValueError for an entry that is neither a network nor a name."""
        hosts, networks = set(), []
        for entry in entries:
            try:
                networks.append(ipaddress.ip_network(entry, strict=False))
            except ValueError:
                hosts.add(_host_name(entry))
        return cls(frozenset(hosts), tuple(networks))

    def allows_host(self, host: str) -> bool:
        """Whether a host is allowed by its name, wherever that leads to."""
        return host.rstrip(".").lower() in self.hosts

    def allows_address(self, text: str) -> bool:
        """Whether an address, as a socket takes it, is public or in an allowed network."""
        address = ipaddress.ip_address(text.partition("%")[0])
        meant = [address, *_carried_by(address)]
        return all(_is_public(each) for each in meant) or any(
            each in network for each in meant for network in self.networks
        )


PUBLIC_ONLY = AllowedSources()


def _host_name(entry: str) -> str:
    name = entry.rstrip(".").lower()
    labels = name.split(".")
    if not all(label.replace("-", "").replace("_", "").isalnum() for label in labels):
        raise ValueError(f"{entry} is neither the name of a host nor a network")
    if labels[-1].isdigit():
        raise ValueError(f"{entry} is no address")
    return name


def _is_public(address: _Address) -> bool:
    return address.is_global and not address.is_multicast


def _carried_by(address: _Address) -> list[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 address is another way to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in carried if each is not None]
