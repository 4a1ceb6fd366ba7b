"""Answers of real services, and what they mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from isotherm.cloud.faults import LONGEST_MESSAGE, classify, fault_message, retry_after
from isotherm.core.errors import Busy, Conflict, Denied, Gone, Lost, Refused, RemoteError
from isotherm.kit.services import load_balancer, network

GLANCE_PAGE = b"""<html>
 <head>
  <title>404 Not Found</title>
 </head>
 <body>
  <h1>404 Not Found</h1>
  No image found with ID &quot;nope&quot;<br /><br />
 </body>
</html>"""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"itemNotFound": {"code": 404, "message": "Volume x could not be found."}}, None),
        ({"badRequest": {"code": 400, "message": "Volume x could not be found."}}, None),
        ({"error": {"code": 403, "message": "Volume x could not be found.", "title": "t"}}, None),
        ({"NeutronError": {"type": "T", "message": "Volume x could not be found."}}, None),
        ({"NeutronError": "Volume x could not be found."}, None),
        ({"faultcode": "Client", "faultstring": "Volume x could not be found."}, None),
        ({"code": 404, "title": "Not Found", "description": "Volume x could not be found."}, None),
        ({"code": 404, "type": "zone_not_found", "message": "Volume x could not be found."}, None),
        ({"error_message": {"faultstring": "Volume x could not be found."}}, None),
        (
            {"errors": [{"status": 403, "title": "Forbidden", "detail": "No.\n\n Never.  "}]},
            "No.\nNever.",
        ),
        ({"explanation": "Long.", "error": {"message": "Short.", "type": "T"}}, "Short."),
        ({"code": 404}, "Not Found"),
        ({}, "Not Found"),
        ([], "Not Found"),
        (7, "Not Found"),
    ],
)
def test_json_bodies_give_the_services_own_text(body: Any, message: str | None) -> None:
    expected = message or "Volume x could not be found."
    assert fault_message(404, json.dumps(body).encode()) == expected


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (GLANCE_PAGE, 'No image found with ID "nope"'),
        (b"<html><h1>Service Unavailable</h1></html>", "Service Unavailable"),
        (b"plain words", "plain words"),
        (b"", "Gateway Timeout"),
        (b"\xff\xfe", "\N{REPLACEMENT CHARACTER}" * 2),
        (b"x" * 100_000, "x" * LONGEST_MESSAGE),
    ],
)
def test_other_bodies_give_their_text(body: bytes, message: str) -> None:
    assert fault_message(504, body) == message


def test_lines_of_a_message_stay_lines_and_names_in_brackets_stay() -> None:
    text = "resources.kid<kid.yaml>.size: 9 is too much\n  and resources.b:\t no \n\n"
    body = json.dumps({"error": {"message": text}}).encode()
    told = "resources.kid<kid.yaml>.size: 9 is too much\nand resources.b: no"
    assert fault_message(400, body) == told


def test_unknown_status_without_a_body_still_says_something() -> None:
    assert fault_message(599, b"")


@pytest.mark.parametrize(
    ("status", "message", "headers", "kind"),
    [
        (300, "", {}, Refused),
        (400, "", {}, Refused),
        (401, "", {}, Denied),
        (403, "Policy does not allow it.", {}, Denied),
        (403, "Quota exceeded for cores: Requested 1, but already used 2", {}, Refused),
        (403, "Maximum number of ports exceeded", {}, Refused),
        (404, "", {}, Gone),
        (408, "", {}, Lost),
        (409, "There are one or more ports still in use on the network", {}, Conflict),
        (409, "Quota exceeded for resources: ['port'].", {}, Refused),
        (409, "Later, please", {"retry-after": "3"}, Busy),
        (410, "", {}, Gone),
        (413, "VolumeSizeExceedsAvailableQuota", {}, Refused),
        (
            413,
            "Maximum number of volumes allowed (2) exceeded for quota",
            {"retry-after": "0"},
            Refused,
        ),
        (413, "This request was rate-limited.", {"retry-after": "3"}, Busy),
        (423, "", {}, Conflict),
        (429, "", {}, Busy),
        (500, "", {}, Refused),
        (501, "", {}, Refused),
        (502, "", {}, Lost),
        (503, "", {}, Busy),
        (504, "", {}, Lost),
        (507, "", {}, Refused),
    ],
)
def test_status_text_and_headers_decide_the_class(
    status: int, message: str, headers: dict[str, str], kind: type[RemoteError]
) -> None:
    error = classify(status, message, {**headers, "x-openstack-request-id": "req-1"})
    assert type(error) is kind
    assert (error.status, error.message, error.request_id) == (status, message, "req-1")


def test_what_a_service_calls_busy_is_busy() -> None:
    refusal = (409, "Load Balancer x is immutable and cannot be updated.")
    assert load_balancer.LOAD_BALANCING.is_busy(*refusal)
    assert not load_balancer.LOAD_BALANCING.is_busy(400, refusal[1])
    assert not network.NETWORKING.is_busy(*refusal)
    assert type(classify(*refusal, {}, busy=True)) is Busy
    assert type(classify(400, "it says so with another status", {}, busy=True)) is Busy
    assert type(classify(409, "Quota exceeded for resources.", {}, busy=True)) is Refused


def test_older_request_id_header_is_read() -> None:
    error = classify(404, "No.", {"x-compute-request-id": "req-2"})
    assert str(error) == "No. (HTTP 404) (Request-ID: req-2)"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "-1"}, 1.0),
        ({"retry-after": "100000"}, 300.0),
        (
            {
                "retry-after": "Wed, 21 Oct 2015 07:28:30 GMT",
                "date": "Wed, 21 Oct 2015 07:28:00 GMT",
            },
            30.0,
        ),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:30 GMT"}, 1.0),
        ({"retry-after": "soon"}, 1.0),
        ({"retry-after": "nan"}, 1.0),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_busy_keeps_the_servers_wish() -> None:
    error = classify(503, "", {"retry-after": "7"})
    assert isinstance(error, Busy)
    assert error.after == 7.0
