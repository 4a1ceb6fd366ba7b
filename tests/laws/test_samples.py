"""A type that is new gets a sample from what it declares."""

from __future__ import annotations

from tests.laws.sweep.samples import NET, derived, ref

from isotherm.kit import EntityType, Properties, prop


class Inner(Properties):
    port: int = prop(ge=1024)
    note: str | None = prop()


class NewProperties(Properties):
    network: str = prop(finds="neutron.network")
    kind: str = prop(allowed=("a", "b"))
    inner: Inner = prop()
    label: str = prop(min_length=12)
    depth: int = prop(default=3, update_allowed=True, ge=2)
    address: str | None = prop(exists="ip_addr", update_allowed=True)


class New(EntityType[NewProperties]):
    name = "Test::New"


def test_required_properties_are_given_and_one_is_changed() -> None:
    sample = derived(New())
    assert sample.before == {
        "network": ref("net"),
        "kind": "a",
        "inner": {"port": 1024},
        "label": "label0xxxxxx",
        "depth": 2,
    }
    assert sample.inside == {**sample.before, "depth": 3}
    assert sample.around == NET
