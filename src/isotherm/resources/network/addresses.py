"""The addresses of a subnet, as the network service shares them out where nobody says how."""

from ipaddress import ip_address, ip_network


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def first_address(cidr: str) -> str:
    """The gateway of a subnet."""
    network = ip_network(cidr)
    return str(network[1] if network.num_addresses > 1 else network[0])


def all_addresses(cidr: str, *, but: str) -> list[dict[str, str]]:
    """The ranges that are given to ports: all addresses that can be had but the gateway's.

    The first address of a range and, in IPv4, the last have other uses.
    """
    network = ip_network(cidr)
    start, end = int(network[0]), int(network[-1])
    if network.num_addresses > 2:
        start, end = start + 1, end - (network.version == 4)
    ranges = [(start, end)]
    if but and start <= (gateway := int(ip_address(but))) <= end:
        ranges = [(start, gateway - 1), (gateway + 1, end)]
    kind = type(network[0])
    return [{"start": str(kind(first)), "end": str(kind(last))} for first, last in ranges if first <= last]
