"""Objects by their coordinates, as requests over one connection."""

from __future__ import annotations

import pytest
from tests.kit.scripted import Scripted

from isotherm.core.errors import Gone, Refused
from isotherm.kit import Entity
from isotherm.kit.paging import next_query
from isotherm.kit.place import HERE, Place
from isotherm.kit.service import Service, busy, declare, service_of

THING = Entity("s", "thing", "/things", "things", microversion="1.2")
PART = Entity("s", "part", "/things/{parent}/parts", "parts", list_path="", update_method="PATCH")
BARE = Entity("s", "", "/bare", "bare")


async def test_one_object_is_wrapped_both_ways() -> None:
    cloud = Scripted({"POST /things": {"thing": {"id": "1"}}, "PUT /things/1": {"thing": {}}})
    assert await cloud.api.create(THING, {"name": "a"}, beside={"hint": 1}) == {"id": "1"}
    assert await cloud.api.update(THING, "1", {"name": "b"}) == {}
    assert [each.body for each in cloud.sent] == [
        {"thing": {"name": "a"}, "hint": 1},
        {"thing": {"name": "b"}},
    ]
    assert {each.microversion for each in cloud.sent} == {"1.2"}


async def test_requests_may_go_to_another_place() -> None:
    cloud, there = Scripted({"GET /things/1": {"thing": {}}}), Place(region="There")
    await cloud.api.at(there).show(THING, "1")
    await cloud.api.show(THING, "1")
    assert [each.place for each in cloud.sent] == [there, HERE]


async def test_some_services_do_not_wrap_and_some_answer_with_nothing() -> None:
    cloud = Scripted({"POST /bare": {"id": "1"}, "GET /bare/1": {"id": "1"}, "PUT /bare/1": None})
    assert await cloud.api.create(BARE, {"name": "a"}) == {"id": "1"}
    assert await cloud.api.show(BARE, "1") == {"id": "1"}
    assert await cloud.api.update(BARE, "1", {}) == {}
    assert cloud.sent[0].body == {"name": "a"}


async def test_some_objects_are_known_by_their_addresses() -> None:
    kept = Entity("s", "", "/kept", "kept", id_field="kept_ref", by_reference=True)
    cloud = Scripted({"GET /kept/1": {"name": "a"}})
    for reference in ("http://cloud/v1/kept/1", "http://cloud/v1/kept/1/", "1"):
        assert await cloud.api.show(kept, reference) == {"name": "a"}
    with pytest.raises(Gone):
        await cloud.api.delete(kept, "")


async def test_an_object_below_another_needs_its_parent() -> None:
    cloud = Scripted({"GET /things/a%20b/parts/c%2Fd": {"part": {"id": "x"}}})
    assert await cloud.api.show(PART, "c/d", parent="a b") == {"id": "x"}
    for missing in ("", ".", ".."):
        with pytest.raises(Gone):
            await cloud.api.show(PART, "1", parent=missing)
        with pytest.raises(Gone):
            await cloud.api.delete(THING, missing)
    assert len(cloud.sent) == 1


async def test_what_may_be_gone_is_looked_at_and_dropped() -> None:
    cloud = Scripted({"GET /things/1": {"thing": {"id": "1"}}, "DELETE /things/1": None})
    assert await cloud.api.look(THING, "1") == {"id": "1"}
    assert await cloud.api.look(THING, "") is None
    await cloud.api.drop(THING, "1")
    await cloud.api.drop(THING, "")


async def test_lists_are_read_to_their_end() -> None:
    link = {"rel": "next", "href": "http://inside/things?marker=1"}
    cloud = Scripted({
        "GET /things": {"things": [{"id": "1"}], "things_links": [link]},
        "GET /things?marker=1": {"things": [{"thing": {"id": "2"}}], "things_links": []},
        "GET /bare": [{"id": "3"}],
    })  # fmt: skip
    assert await cloud.api.list(THING) == [{"id": "1"}, {"id": "2"}]
    assert await cloud.api.list(BARE) == [{"id": "3"}]


async def test_a_list_that_leads_back_and_an_empty_one_end() -> None:
    cloud = Scripted({"GET /things": {"things": None, "next": "/things?a=1"}})
    assert await cloud.api.list(THING, a=1) == []
    assert cloud.paths() == ["GET /things?a=1"]


async def test_very_many_values_are_asked_for_in_parts() -> None:
    cloud = Scripted({"GET /things": {"things": []}})
    await cloud.api.list(THING, id=[str(each) for each in range(150)], shared=True, tags=["a", "b"])
    assert [path.count("id=") for path in cloud.paths()] == [100, 50]
    assert all("shared=true&tags=a&tags=b" in path for path in cloud.paths())


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ([], ""),
        ({"links": {"next": "http://x/?a=1"}}, "a=1"),
        ({"links": [{"rel": "next", "href": "http://x/?a=2"}]}, "a=2"),
        ({"links": {"self": "http://x/"}}, ""),
        ({"next": "/v2/images?a=3"}, "a=3"),
        ({"next": None}, ""),
    ],
)
def test_each_service_links_pages_in_its_way(page: object, query: str) -> None:
    assert next_query(page, "things") == query


async def test_actions_calls_and_heads() -> None:
    cloud = Scripted({"POST /things/1/action": None, "GET /x": {"a": 1}, "HEAD /x": None})
    assert await cloud.api.act(THING, "1", "go", {"far": True}) is None
    assert cloud.sent[0].body == {"go": {"far": True}}
    assert await cloud.api.call("s", "GET", "/x", headers={"h": "1"}) == {"a": 1}
    assert await cloud.api.call("s", "HEAD", "/x") == {"X-Count": "7"}
    assert [each.reads for each in cloud.sent] == [False, True, True]


def test_a_service_tells_how_it_is_busy_and_an_unknown_one_does_not() -> None:
    declared = declare(Service("acme", busy=(busy("later"), busy("full", 503))))
    assert service_of("acme") is declared
    assert declared.is_busy(409, "Come LATER.")
    assert declared.is_busy(503, "full up")
    assert not declared.is_busy(409, "full up")
    assert not service_of("never-heard-of").is_busy(409, "later")


async def test_some_services_take_changes_as_patches() -> None:
    patched = Entity("s", "", "/bare", "bare", update_method="PATCH", patch_type="application/p")
    cloud = Scripted({"PATCH /bare/1": {"id": "1"}, "GET /bare/1": {"b": 2}})
    change = {"b": None, "a": 1, "never": None}
    assert await cloud.api.update(patched, "1", change) == {"id": "1"}
    assert await cloud.api.update(patched, "1", {"a": 2}) == {"id": "1"}
    look, sent, _ = cloud.sent
    assert look.method == "GET"
    assert sent.headers == {"Content-Type": "application/p"}
    assert sent.body == [
        {"op": "add", "path": "/a", "value": 1},
        {"op": "remove", "path": "/b"},
    ]


async def test_an_address_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused, match="where users reach object-store"):
        await Scripted().api.address("object-store")
