"""Laws of address arithmetic."""

from ipaddress import ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from isotherm.localcloud.network.addresses import (
    AddressSpace,
    Pool,
    default_gateway,
    default_pools,
    eui64,
    first_overlap,
    free_prefix,
    is_host_address,
    overlap,
    parse_network,
)

pools = st.lists(
    st.builds(
        lambda start, more: Pool(start, start + more), st.integers(0, 200), st.integers(0, 9)
    ),
    max_size=5,
).filter(lambda made: first_overlap(made) is None)
steps = st.lists(st.one_of(st.none(), st.integers(0, 220)), max_size=120)
cidrs = st.builds(
    lambda number, length: str(ip_network((number, length), strict=False)),
    st.integers(0, 2**32 - 1),
    st.integers(8, 32),
)


@given(pools, steps)
def test_no_address_is_given_twice_and_all_lie_in_pools(
    made: list[Pool], plan: list[int | None]
) -> None:
    """A step of None takes a free address; a number releases that one of the taken."""
    space = AddressSpace(made)
    held: list[int] = []
    room = sum(pool.end - pool.start + 1 for pool in made)
    for step in plan:
        if step is None:
            address = space.take_free()
            assert (address is None) == (len(held) == room)
            if address is not None:
                assert address not in held
                assert any(address in pool for pool in made)
                held.append(address)
        elif held:
            space.release(held.pop(step % len(held)))


@given(pools, st.sets(st.integers(0, 220)))
def test_taken_addresses_are_never_given(made: list[Pool], taken: set[int]) -> None:
    space = AddressSpace(made, taken)
    while (address := space.take_free()) is not None:
        assert address not in taken
        taken.add(address)


@given(cidrs)
def test_default_pools_hold_all_host_addresses_but_the_gateway(cidr: str) -> None:
    network = parse_network(cidr)
    gateway = default_gateway(network)
    made = default_pools(network, gateway)

    assert first_overlap(made) is None
    for pool in made:
        for edge in pool:
            assert is_host_address(network, ip_address(edge))
    if network.prefixlen < 31:
        assert not any(int(gateway) in pool for pool in made)
        count = sum(pool.end - pool.start + 1 for pool in made)
        assert count == network.num_addresses - 3


@given(st.lists(cidrs, min_size=1, max_size=3), st.lists(cidrs, max_size=4), st.integers(8, 30))
def test_a_free_prefix_lies_inside_and_touches_nothing(
    prefixes: list[str], allocated: list[str], length: int
) -> None:
    found = free_prefix(prefixes, allocated, length)

    if found is not None:
        assert found.prefixlen == length
        assert any(found.subnet_of(parse_network(each)) for each in prefixes)  # type: ignore[arg-type]
        assert not any(overlap(found, parse_network(each)) for each in allocated)


def test_prefixes_are_found_until_the_pool_is_full() -> None:
    allocated: list[str] = []
    while (found := free_prefix(["10.0.0.0/24"], allocated, 26)) is not None:
        allocated.append(str(found))

    assert allocated == ["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26", "10.0.0.192/26"]


def test_eui64_flips_the_local_bit() -> None:
    address = eui64(parse_network("fd00:1::/64"), "fa:16:3e:00:00:01")

    assert str(ip_address(address)) == "fd00:1::f816:3eff:fe00:1"
