"""Which addresses are taken in each subnet, kept in step with the ports."""

from ipaddress import ip_address

from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.addresses import (
    AddressSpace,
    Pool,
    address_number,
    address_text,
    eui64,
    is_assignable,
    parse_network,
)
from isotherm.localcloud.network.entities import FixedIp, Port, Subnet


class Allocations:
    """Answers from memory; the ports themselves are what is stored."""

    def __init__(self, subnets: Collection[Subnet], ports: Collection[Port]) -> None:
        self._subnets = subnets
        self._ports = ports
        self._spaces: dict[str, AddressSpace] = {}

    def clear(self) -> None:
        self._spaces.clear()

    def is_taken(self, subnet: Subnet, address: str) -> bool:
        return address_number(address) in self._space(subnet)

    def take(self, fixed_ip: FixedIp) -> None:
        """Raises ValueError if the address is taken."""
        self._space(self._subnet(fixed_ip)).take(address_number(fixed_ip.ip_address))

    def release(self, fixed_ip: FixedIp) -> None:
        if fixed_ip.subnet_id in self._subnets:
            self._space(self._subnet(fixed_ip)).release(address_number(fixed_ip.ip_address))

    def take_free(self, subnet: Subnet) -> FixedIp | None:
        """The next free address of the subnet's pools; None when they are used up."""
        address = self._space(subnet).take_free()
        if address is None:
            return None
        return FixedIp(subnet.id, address_text(address, subnet.ip_version))

    def take_automatic(self, subnet: Subnet, mac_address: str) -> FixedIp:
        """The address that the MAC address gives. Raises ValueError if it is taken."""
        fixed_ip = FixedIp(subnet.id, automatic_address(subnet, mac_address))
        self.take(fixed_ip)
        return fixed_ip

    def change_pools(self, subnet: Subnet) -> None:
        """Call after the subnet got other pools."""
        self._spaces[subnet.id] = self._space(subnet).with_pools(pools_of(subnet))

    def forget(self, subnet: Subnet) -> None:
        self._spaces.pop(subnet.id, None)

    def in_use(self, subnet: Subnet) -> list[Port]:
        """Ports with an address of the subnet."""
        return [
            port
            for port in self._ports.find(network_id=subnet.network_id)
            if any(each.subnet_id == subnet.id for each in port.fixed_ips)
        ]

    def _subnet(self, fixed_ip: FixedIp) -> Subnet:
        subnet = self._subnets.get(fixed_ip.subnet_id)
        assert subnet is not None, "a port outlived its subnet"
        return subnet

    def _space(self, subnet: Subnet) -> AddressSpace:
        space = self._spaces.get(subnet.id)
        if space is None:
            taken = (
                address_number(each.ip_address)
                for port in self.in_use(subnet)
                for each in port.fixed_ips
                if each.subnet_id == subnet.id
            )
            space = self._spaces[subnet.id] = AddressSpace(pools_of(subnet), taken)
        return space


class Choice:
    """Chooses the addresses of one port: all checked and taken, or none."""

    def __init__(
        self, allocations: Allocations, subnets: list[Subnet], network_id: str, mac: str
    ) -> None:
        self.chosen: list[FixedIp] = []
        self._allocations = allocations
        self._subnets = subnets
        self._network_id = network_id
        self._mac = mac

    def named(self, wishes: list[dict[str, str]], kept: list[FixedIp]) -> list[FixedIp]:
        """What was asked for by subnet or address, and what follows from the MAC address.

        `kept` are the port's addresses before. Raises Fault 400, 404, 409.
        """
        try:
            for wish in sorted(wishes, key=lambda each: "ip_address" not in each):
                self._choose(wish, kept)
            self._add_automatic(kept)
        except Fault:
            self.undo(kept)
            raise
        return self.chosen

    def any(self) -> list[FixedIp]:
        """One address per IP version, as far as there are subnets. Raises Fault 409."""
        try:
            for version in (4, 6):
                pooled = [
                    each
                    for each in self._subnets
                    if each.ip_version == version and not each.is_automatic
                ]
                if pooled:
                    self._take_free(pooled)
            self._add_automatic([])
        except Fault:
            self.undo([])
            raise
        return self.chosen

    def undo(self, kept: list[FixedIp]) -> None:
        for fixed_ip in self.chosen:
            if fixed_ip not in kept:
                self._allocations.release(fixed_ip)
        self.chosen = []

    def _choose(self, wish: dict[str, str], kept: list[FixedIp]) -> None:
        address, subnet_id = wish.get("ip_address"), wish.get("subnet_id")
        if address is None and subnet_id is None:
            raise faults.invalid_input("IP allocation requires subnet_id or ip_address")
        subnet = self._subnet_for(address, subnet_id)
        if address is not None:
            self._take(subnet, address, kept)
        elif subnet.is_automatic:
            return
        else:
            again = [
                each for each in kept if each.subnet_id == subnet.id and each not in self.chosen
            ]
            if again:
                self.chosen.append(again[0])
            else:
                self._take_free([subnet])

    def _subnet_for(self, address: str | None, subnet_id: str | None) -> Subnet:
        if subnet_id is not None:
            for subnet in self._subnets:
                if subnet.id == subnet_id:
                    if address is not None and not _fits(subnet, address):
                        raise faults.invalid(
                            "InvalidIpForSubnet",
                            f"IP address {address} is not a valid IP for the specified subnet.",
                        )
                    return subnet
            raise faults.not_found("subnet", subnet_id)
        assert address is not None
        for subnet in self._subnets:
            if _fits(subnet, address):
                return subnet
        raise faults.invalid(
            "InvalidIpForNetwork",
            f"IP address {address} is not a valid IP for any of the subnets on the specified "
            "network.",
        )

    def _take(self, subnet: Subnet, address: str, kept: list[FixedIp]) -> None:
        fixed_ip = FixedIp(subnet.id, address)
        automatic = subnet.is_automatic and address != self._automatic(subnet)
        if automatic and fixed_ip not in kept:
            raise faults.invalid(
                "AllocationOnAutoAddressSubnet",
                f"IPv6 address {address} cannot be directly assigned to a port on subnet "
                f"{subnet.id} as the subnet is configured for automatic addresses",
            )
        if fixed_ip in self.chosen:
            return
        if fixed_ip not in kept:
            if self._allocations.is_taken(subnet, address):
                raise faults.conflict(
                    "IpAddressAlreadyAllocated",
                    f"IP address {address} already allocated in subnet {subnet.id}",
                )
            self._allocations.take(fixed_ip)
        self.chosen.append(fixed_ip)

    def _take_free(self, subnets: list[Subnet]) -> None:
        for subnet in subnets:
            fixed_ip = self._allocations.take_free(subnet)
            if fixed_ip is not None:
                self.chosen.append(fixed_ip)
                return
        raise faults.conflict(
            "IpAddressGenerationFailure",
            f"No more IP addresses available on network {self._network_id}.",
        )

    def _add_automatic(self, kept: list[FixedIp]) -> None:
        for subnet in self._subnets:
            if subnet.is_automatic:
                self._take(subnet, self._automatic(subnet), kept)

    def _automatic(self, subnet: Subnet) -> str:
        return automatic_address(subnet, self._mac)


def automatic_address(subnet: Subnet, mac_address: str) -> str:
    return address_text(eui64(parse_network(subnet.cidr), mac_address), 6)


def pools_of(subnet: Subnet) -> list[Pool]:
    return [
        Pool(address_number(each["start"]), address_number(each["end"]))
        for each in subnet.allocation_pools
    ]


def _fits(subnet: Subnet, address: str) -> bool:
    return is_assignable(parse_network(subnet.cidr), ip_address(address))
