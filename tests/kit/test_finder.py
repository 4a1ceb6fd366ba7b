"""From names and ids to ids."""

from __future__ import annotations

import pytest
from tests.kit.scripted import Scripted

from isotherm.core.errors import Ambiguous, Denied, Gone, Refused
from isotherm.kit.finder import FINDERS, Finder, known_names
from isotherm.kit.service import Service

UUID = "9d64b0a8-6b0b-4c0c-8bd5-4a3b6c3b8b1a"

IMAGES = "GET /images"


async def test_an_id_is_shown_and_a_name_is_listed() -> None:
    cloud = Scripted({f"{IMAGES}/{UUID}": {"id": UUID}, IMAGES: {"images": [
        {"id": UUID, "name": "cirros"}]}})  # fmt: skip
    assert await cloud.api.find("glance.image", UUID) == UUID
    assert await cloud.api.find("glance.image", "cirros") == UUID
    assert cloud.paths() == [f"GET /images/{UUID}", "GET /images?name=cirros"]


@pytest.mark.parametrize("answer", [Gone("no"), Refused("no id", status=400)])
async def test_a_name_may_look_like_an_id(answer: Exception) -> None:
    images = {"images": [{"id": "1", "name": UUID}]}
    cloud = Scripted({f"{IMAGES}/{UUID}": answer, IMAGES: images})
    assert await cloud.api.find("glance.image", UUID) == "1"


@pytest.mark.parametrize("name", ["cirros", "", UUID])
async def test_nothing_found_names_what_was_asked(name: str) -> None:
    cloud = Scripted({IMAGES: {"images": [{"id": "1", "name": "CIRROS"}]}})
    with pytest.raises(Gone, match=rf"No glance\.image named '{name}'"):
        await cloud.api.find("glance.image", name)


async def test_a_name_that_is_not_unique_is_refused() -> None:
    twins = [{"id": "1", "name": "cirros"}, {"id": "2", "name": "cirros"}]
    cloud = Scripted({IMAGES: {"images": twins}})
    with pytest.raises(Ambiguous, match=r"more than one glance\.image named 'cirros'"):
        await cloud.api.find("glance.image", "cirros")


async def test_where_names_cannot_be_filtered_ids_of_any_form_are_found() -> None:
    flavors = [{"id": "42", "name": "small"}, {"id": "7", "name": "42"}]
    cloud = Scripted({"GET /flavors": {"flavors": flavors}})
    assert await cloud.api.find("nova.flavor", "small") == "42"
    assert await cloud.api.find("nova.flavor", "42") == "42"
    assert cloud.paths() == ["GET /flavors?is_public=None"] * 2


async def test_a_version_that_knows_names_is_asked_where_they_stand_for_ids() -> None:
    cloud = Scripted({"GET /nodes/one": {"uuid": "1"}, "GET /images": {"images": []}})
    assert await cloud.api.find("ironic.node", "one") == "1"
    with pytest.raises(Gone):
        await cloud.api.find("glance.image", "one")
    assert [each.microversion for each in cloud.sent] == ["1.53", ""]


async def test_a_key_pair_is_known_by_its_name_and_no_name_is_none() -> None:
    cloud = Scripted({"GET /os-keypairs/k": {"keypair": {"name": "k", "id": 9}}})
    assert await cloud.api.find("nova.keypair", "k") == "k"
    assert await cloud.api.find("nova.keypair", "") == ""
    with pytest.raises(Gone):
        await cloud.api.find("nova.keypair", "other")


async def test_names_are_no_patterns() -> None:
    servers = [{"id": "1", "name": "a.b"}, {"id": "2", "name": "a.bc"}]
    cloud = Scripted({"GET /servers": {"servers": servers}})
    assert await cloud.api.find("nova.server", "a.b") == "1"
    assert cloud.paths() == ["GET /servers?name=%5Ea%5C.b%24"]


async def test_a_secret_is_known_by_its_reference() -> None:
    cloud = Scripted({f"GET /secrets/{UUID}": {"name": "s"}})
    reference = f"http://elsewhere/v1/secrets/{UUID}"
    assert await cloud.api.find("barbican.secret", reference) == reference


@pytest.mark.parametrize("name", ["cirros", UUID])
async def test_what_may_not_be_looked_up_is_denied(name: str) -> None:
    no = Denied("Not yours.", status=403)
    cloud = Scripted({IMAGES: no, f"{IMAGES}/{UUID}": no})
    with pytest.raises(Denied, match=r"Not yours\."):
        await cloud.api.find("glance.image", name)


async def test_a_refusal_that_is_not_about_the_id_is_told() -> None:
    cloud = Scripted({f"{IMAGES}/{UUID}": Refused("broken", status=500)})
    with pytest.raises(Refused, match="broken"):
        await cloud.api.find("glance.image", UUID)


async def test_an_unknown_finder_is_refused() -> None:
    with pytest.raises(Refused, match=r"glance\.picture"):
        await Scripted().api.find("glance.picture", "cirros")


async def test_a_plug_in_declares_finders_of_its_own() -> None:
    Service("acme").entity("anvil", "/anvils", finder=Finder("acme.anvil"))
    cloud = Scripted({"GET /anvils": {"anvils": [{"id": "1", "name": "big"}]}})
    assert await cloud.api.find("acme.anvil", "big") == "1"
    assert cloud.sent[0].service == "acme"


async def test_the_names_that_there_are() -> None:
    known_by_id = next(name for name, (_, rule) in FINDERS.items() if not rule.by_name)
    cloud = Scripted({IMAGES: {"images": [{"id": "1", "name": "a"}, {"id": "2", "name": ""}]}})
    assert await known_names(cloud.api, "glance.image") == {"a"}
    assert await known_names(cloud.api, known_by_id) == set()
