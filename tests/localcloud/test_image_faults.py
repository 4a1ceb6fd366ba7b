"""Refusals of the image service come as the client accepts them."""

import pytest
from tests.localcloud.conftest import Http

MISSING = "/image/v2/images/none"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "text/html"),
        ("text/html", "text/html"),
        ("application/json", "application/json"),
        ("text/plain", "text/plain"),
    ],
)
async def test_a_refusal_comes_as_the_client_accepts_it(
    http: Http, accept: str, content_type: str
) -> None:
    answer = await http("GET", MISSING, headers={"Accept": accept})
    assert answer.status == 404
    assert answer.headers["content-type"].startswith(content_type)
    assert "No image found with ID none" in str(answer.body)


async def test_a_json_refusal_has_code_and_title(http: Http) -> None:
    answer = await http("GET", MISSING, headers={"Accept": "application/json"})
    assert (answer.body["code"], answer.body["title"]) == ("404 Not Found", "Not Found")
