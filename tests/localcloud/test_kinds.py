"""Kinds of objects do what their declaration says: the example of the how-to, run."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.localcloud.conftest import CATALOG, PASSWORDS, Answer, Http

from isotherm.localcloud import Clock, LocalCloud, build_cloud
from isotherm.localcloud.registrations import REGISTRATIONS

HOW_TO = Path(__file__).parents[2] / "docs/how-to/write-a-service-of-the-local-cloud.md"
SHELVES = "/library/v1/shelves"


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    """With the service of the how-to."""
    block = re.search(r"```python\n(.*?)```", HOW_TO.read_text(), re.DOTALL)
    assert block is not None
    names: dict[str, Any] = {"__name__": "library"}
    exec(compile(block[1], HOW_TO.name, "exec"), names)
    made = build_cloud(
        None,
        catalog=CATALOG,
        passwords=PASSWORDS,
        clock=Clock(manual=True),
        services=[names["registration"]],
    )
    yield made
    made.close()


async def make(http: Http, name: str = "a", **more: object) -> dict[str, Any]:
    answer = await http("POST", SHELVES, {"shelf": {"name": name, **more}})
    assert answer.status == 201, answer.body
    shelf: dict[str, Any] = answer.body["shelf"]
    return shelf


async def test_an_object_is_made_shown_changed_and_deleted(http: Http, cloud: LocalCloud) -> None:
    shelf = await make(http, note="oak")
    assert (shelf["status"], shelf["books"], shelf["updated_at"]) == ("PENDING", 0, None)
    one = f"{SHELVES}/{shelf['id']}"
    assert (await http("GET", one)).body["shelf"]["status"] == "ACTIVE"
    changed = await http("PATCH", one, {"shelf": {"note": None}}, user="admin")
    assert (changed.status, changed.body["shelf"]["note"]) == (200, None)
    assert changed.body["shelf"]["updated_at"] is not None
    assert (await http("DELETE", one)).status == 204
    assert (await http("GET", one)).status == 404


async def test_a_json_patch_changes_fields(http: Http) -> None:
    one = f"{SHELVES}/{(await make(http, note='oak'))['id']}"
    patch = [{"op": "replace", "path": "/name", "value": "b"}, {"op": "remove", "path": "/note"}]
    changed = await http("PATCH", one, patch, user="admin")
    assert (changed.body["shelf"]["name"], changed.body["shelf"]["note"]) == ("b", None)
    for bad in ([5], [{"op": "move", "path": "/name"}], [{"op": "add", "path": "/name"}]):
        assert (await http("PATCH", one, bad, user="admin")).status == 400


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({}, "'name' is a required property"),
        ({"name": ""}, "'' should be non-empty"),
        ({"name": 5}, "5 is not of type 'string'"),
        ({"name": "a", "note": 5}, "5 is not of type 'string', 'null'"),
        ({"name": "a", "status": "ACTIVE"}, "Additional properties"),
        ({"name": "a", "colour": "red"}, "Additional properties"),
        ([], "not of type 'object'"),
    ],
)
async def test_what_cannot_be_said_is_refused_with_the_reason(
    http: Http, wish: object, told: str
) -> None:
    answer = await http("POST", SHELVES, {"shelf": wish})
    assert (answer.status, told in answer.body["error"]) == (400, True), answer.body


async def test_some_fields_and_verbs_are_for_administrators(http: Http) -> None:
    shelf = await make(http)
    assert (await http("POST", SHELVES, {"shelf": {"name": "b", "public": True}})).status == 403
    one = f"{SHELVES}/{shelf['id']}"
    refused = await http("PATCH", one, {"shelf": {"note": "x"}})
    assert (refused.status, "library:update_shelf" in refused.body["error"]) == (403, True)


async def test_projects_do_not_see_each_other(http: Http) -> None:
    shelf = await make(http)
    assert (await http("GET", f"{SHELVES}/{shelf['id']}", user="admin")).status == 200
    await http("POST", SHELVES, {"shelf": {"name": "x"}}, user="isotherm")
    assert [each["name"] for each in (await listed(http)).body["shelves"]] == ["a"]


async def listed(http: Http, query: str = "", detail: str = "") -> Answer:
    answer = await http("GET", f"{SHELVES}{detail}{query}")
    assert answer.status == 200, answer.body
    return answer


async def test_lists_are_filtered_sorted_and_paged(http: Http) -> None:
    for name in "bca":
        await make(http, name)
    first = (await listed(http, "?sort=name:desc")).body
    assert [each["name"] for each in first["shelves"]] == ["c", "b"]
    assert set(first["shelves"][0]) == {"id", "name", "status", "books"}
    rest = await http("GET", first["shelves_links"][0]["href"])
    assert ([each["name"] for each in rest.body["shelves"]], len(rest.body)) == (["a"], 1)
    found = (await listed(http, "?name=a&empty=1", "/detail")).body["shelves"]
    assert [(each["name"], each["note"]) for each in found] == [("a", None)]
    for bad in ("?colour=red", "?sort=colour", "?sort=name:up", "?limit=x", "?marker=nobody"):
        assert (await http("GET", SHELVES + bad)).status == 400, bad


async def test_a_life_takes_the_time_it_takes_and_can_fail(http: Http, cloud: LocalCloud) -> None:
    cloud.frame.timings.seconds = {"library.shelf.*": 5.0}
    shelf = await make(http)
    one = f"{SHELVES}/{shelf['id']}"
    cloud.advance(4)
    refused = await http("DELETE", one)
    assert (refused.status, "PENDING" in refused.body["error"]) == (409, True)
    cloud.advance(1)
    assert (await http("GET", one)).body["shelf"]["status"] == "ACTIVE"
    assert (await http("DELETE", one)).status == 204
    assert (await http("GET", one)).body["shelf"]["status"] == "DELETING"
    cloud.advance(5)
    assert (await http("GET", one)).status == 404
    cloud.inject("library.shelf.create", state="ERROR")
    one = f"{SHELVES}/{(await make(http))['id']}"
    cloud.advance(5)
    assert (await http("GET", one)).body["shelf"]["status"] == "ERROR"
    assert (await http("DELETE", one)).status == 204


async def test_a_quota_counts_the_objects_of_a_project(http: Http) -> None:
    for name in "abc":
        await make(http, name)
    assert (await http("POST", SHELVES, {"shelf": {"name": "d"}})).status == 403
    assert (await http("POST", SHELVES, {"shelf": {"name": "d"}}, user="admin")).status == 201


async def test_objects_live_below_their_parent(http: Http) -> None:
    one, other = [f"{SHELVES}/{(await make(http, name))['id']}" for name in "ab"]
    wish = {"book": {"title": "Dune", "wrapping": "red"}}
    book = (await http("POST", f"{one}/books", wish)).body["book"]
    assert book == {"id": book["id"], "title": "Dune", "shelf_id": one.rpartition("/")[2]}
    assert len((await http("GET", f"{one}/books")).body["books"]) == 1
    assert (await http("GET", f"{other}/books")).body["books"] == []
    assert (await http("GET", f"{other}/books/{book['id']}")).status == 404
    assert (await http("POST", f"{SHELVES}/nowhere/books", wish)).status == 404
    assert (await http("DELETE", one)).status == 409
    assert (await http("DELETE", f"{one}/books/{book['id']}")).status == 204
    assert (await http("DELETE", one)).status == 204


async def test_what_is_unique_is_there_once_and_what_is_used_stays(http: Http) -> None:
    shelf = await make(http)
    books = f"{SHELVES}/{shelf['id']}/books"
    made = await http("POST", books, {"book": {"title": "Emma"}})
    other = await http("POST", books, {"book": {"title": "Persuasion"}})
    refused = [
        await http("POST", books, {"book": {"title": "Emma"}}),
        await http("PATCH", f"{books}/{other.body['book']['id']}", {"book": {"title": "Emma"}}),
    ]
    assert [each.status for each in refused] == [409, 409]
    assert refused[0].body["error"] == "Emma is on this shelf already."
    same = await http("PATCH", f"{books}/{made.body['book']['id']}", {"book": {"title": "Emma"}})
    assert same.status == 200
    assert (await http("DELETE", f"{SHELVES}/{shelf['id']}")).status == 409
    for each in (made, other):
        await http("DELETE", f"{books}/{each.body['book']['id']}")
    assert (await http("DELETE", f"{SHELVES}/{shelf['id']}")).status == 204


async def test_microversions_know_more(http: Http) -> None:
    books = f"{SHELVES}/{(await make(http))['id']}/books"
    wish = {"book": {"title": "Dune", "pages": "600"}}
    assert (await http("POST", books, wish)).status == 400
    newer = await http("POST", books, wish, headers={"X-Library-Version": "2"})
    assert newer.body["book"]["pages"] == 600


async def test_rules_refuse_and_actions_act(http: Http) -> None:
    shelf = await make(http)
    books = f"{SHELVES}/{shelf['id']}/books"
    assert (await http("POST", books, {"book": {"title": "Necronomicon"}})).status == 403
    dusted = await http("POST", f"{SHELVES}/{shelf['id']}/action", {"dust": None})
    assert (dusted.status, dusted.body) == (200, {"dusted": "a"})


async def test_metadata_is_kept_pair_by_pair(http: Http) -> None:
    labels = f"{SHELVES}/{(await make(http))['id']}/labels"
    assert (await http("POST", labels, {"labels": {"a": "1"}})).body == {"labels": {"a": "1"}}
    assert (await http("PUT", f"{labels}/b", {"label": {"b": "2"}})).body == {"label": {"b": "2"}}
    assert (await http("GET", labels)).body == {"labels": {"a": "1", "b": "2"}}
    assert (await http("PUT", f"{labels}/b", {"label": {"c": "2"}})).status == 400
    assert (await http("PUT", labels, {"labels": {"c": "3"}})).body == {"labels": {"c": "3"}}
    assert (await http("GET", f"{labels}/a")).status == 404
    assert (await http("DELETE", f"{labels}/c")).status == 200
    assert (await http("POST", labels, {"labels": {"a": ""}})).status == 400


def test_ties_are_to_collections_and_fields_that_there_are(cloud: LocalCloud) -> None:
    made = {each.service_type: each.collections for each in cloud.services}
    for registration in REGISTRATIONS:
        kinds: Any = registration.kinds
        entities = {kind.name: kind.entity for kind in kinds}
        state: Any = registration.state
        collections = made[state.service_type]
        for kind in kinds:
            assert {*kind.ties.unique} <= {*kind.entity.__struct_fields__}, kind.name
            assert {*kind.ties.names} <= {each.attribute for each in kind.fields.values()}
            for other, name in [*kind.ties.users.items(), *kind.ties.along.items()]:
                assert other in collections, (kind.name, other)
                if other in entities:
                    assert name in entities[other].__struct_fields__, (kind.name, other)
