"""Arithmetic of addresses, pools and prefixes. Pure; addresses are ints with an IP version."""

import heapq
import itertools
import random
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

IpNetwork = IPv4Network | IPv6Network
IpAddress = IPv4Address | IPv6Address


class Pool(NamedTuple):
    """Addresses from `start` to `end`, both included."""

    start: int
    end: int

    def __contains__(self, address: object) -> bool:
        return isinstance(address, int) and self.start <= address <= self.end


class AddressSpace:
    """Which addresses of a subnet are taken, and the next free one of its pools.

    Taking and releasing cost O(log n).
    """

    def __init__(self, pools: Iterable[Pool], taken: Iterable[int] = ()) -> None:
        self._pools = sorted(pools)
        self._taken = set(taken)
        self._released: list[int] = []
        self._pool = 0
        self._cursor = self._pools[0].start if self._pools else 0

    def __contains__(self, address: int) -> bool:
        return address in self._taken

    def take(self, address: int) -> None:
        """Raises ValueError if the address is taken."""
        if address in self._taken:
            raise ValueError(f"address {address} is taken")
        self._taken.add(address)

    def next_free(self) -> int | None:
        """The address that `take_free` would take; None when the pools are used up."""
        while self._released and self._released[0] in self._taken:
            heapq.heappop(self._released)
        if self._released:
            return self._released[0]
        while self._pool < len(self._pools):
            end = self._pools[self._pool].end
            while self._cursor <= end and self._cursor in self._taken:
                self._cursor += 1
            if self._cursor <= end:
                return self._cursor
            self._pool += 1
            if self._pool < len(self._pools):
                self._cursor = self._pools[self._pool].start
        return None

    def take_free(self) -> int | None:
        address = self.next_free()
        if address is not None:
            self._taken.add(address)
        return address

    def release(self, address: int) -> None:
        """An address that is not taken is fine."""
        self._taken.discard(address)
        if any(address in pool for pool in self._pools) and self._is_passed(address):
            heapq.heappush(self._released, address)

    def with_pools(self, pools: Iterable[Pool]) -> "AddressSpace":
        """The same addresses taken, other pools."""
        return AddressSpace(pools, self._taken)

    def _is_passed(self, address: int) -> bool:
        return self._pool >= len(self._pools) or address < self._cursor


def parse_network(cidr: str) -> IpNetwork:
    """Host bits are dropped. Raises ValueError."""
    return ip_network(cidr, strict=False)


def default_gateway(network: IpNetwork) -> IpAddress:
    """The first address of an IPv6 network; of an IPv4 network the one after, if it has it."""
    first = network.network_address
    return first + 1 if network.version == 4 and network.prefixlen < 31 else first


def is_host_address(network: IpNetwork, address: IpAddress) -> bool:
    """Whether the address lies in the network and is not the network's or the broadcast one."""
    if address not in network:
        return False
    if network.version == 6:
        return True
    if network.prefixlen >= 31:
        return True
    return address not in (network.network_address, network.broadcast_address)


def is_assignable(network: IpNetwork, address: IpAddress) -> bool:
    """Whether a port may have the address; the first of an IPv6 network it may not."""
    if network.version == 6 and network.prefixlen < 127 and address == network.network_address:
        return False
    return is_host_address(network, address)


def default_pools(network: IpNetwork, gateway: IpAddress | None) -> list[Pool]:
    """All host addresses but the gateway's."""
    first, last = int(network.network_address), int(network.broadcast_address)
    if first == last:
        return [Pool(first, last)]
    low, high = first + 1, last - (network.version == 4)
    if low >= high:
        low, high = (first, last) if low > high else (low, high)
    if low == high and network.prefixlen >= network.max_prefixlen - 1:
        low, high = first, last
    if gateway is None or not low <= int(gateway) <= high:
        return [Pool(low, high)]
    parts = (Pool(low, int(gateway) - 1), Pool(int(gateway) + 1, high))
    return [part for part in parts if part.start <= part.end]


def first_overlap(pools: Sequence[Pool]) -> tuple[Pool, Pool] | None:
    ordered = sorted(pools)
    for before, after in itertools.pairwise(ordered):
        if after.start <= before.end:
            return before, after
    return None


def overlap(one: IpNetwork, other: IpNetwork) -> bool:
    return (
        one.version == other.version
        and int(one.network_address) <= int(other.broadcast_address)
        and int(other.network_address) <= int(one.broadcast_address)
    )


def free_prefix(
    prefixes: Iterable[str], allocated: Iterable[str], prefix_length: int
) -> IpNetwork | None:
    """A network of that length in the smallest prefix with room, touching nothing allocated."""
    taken = sorted(
        (int(each.network_address), int(each.broadcast_address))
        for each in map(parse_network, allocated)
    )
    for prefix in sorted(map(parse_network, prefixes), key=_smallest_first):
        if prefix.prefixlen > prefix_length:
            continue
        size = 1 << (prefix.max_prefixlen - prefix_length)
        start = int(prefix.network_address)
        for first, last in taken:
            if start + size <= first:
                break
            if last >= start:
                start = (last // size + 1) * size
        if start + size - 1 <= int(prefix.broadcast_address):
            return ip_network(f"{address_text(start, prefix.version)}/{prefix_length}")
    return None


def _smallest_first(network: IpNetwork) -> tuple[int, int]:
    return (-network.prefixlen, int(network.network_address))


def eui64(network: IpNetwork, mac_address: str) -> int:
    """The address that a host with this MAC address gives itself in the /64 network."""
    octets = bytes.fromhex(mac_address.replace(":", ""))
    interface = bytes((octets[0] ^ 2, *octets[1:3], 0xFF, 0xFE, *octets[3:]))
    return int(network.network_address) | int.from_bytes(interface)


def address_text(address: int, version: int) -> str:
    return str(IPv4Address(address) if version == 4 else IPv6Address(address))


def address_number(text: str) -> int:
    return int(ip_address(text))


def random_mac() -> str:
    """With the prefix that virtual ports have; the rest is random, not unique."""
    rest = random.randbytes(3)  # noqa: S311 -- not a secret
    return ":".join(("fa", "16", "3e", *(f"{octet:02x}" for octet in rest)))
