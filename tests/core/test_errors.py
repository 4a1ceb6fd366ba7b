"""Refusals as clients see them, and what the cloud said."""

from __future__ import annotations

import pytest

from isotherm.core.errors import (
    ActionInProgress,
    Busy,
    Conflict,
    EntityNotFound,
    Exists,
    Forbidden,
    Gone,
    InvalidTemplateVersion,
    Lost,
    NotFound,
    NotSupported,
    Refused,
    RemoteError,
    RequestError,
    RequestLimitExceeded,
    ResourceActionNotSupported,
    ResourceNotFound,
    StackExists,
    StackValidationFailed,
)


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (ActionInProgress("web", "UPDATE"), 409, "ActionInProgress"),
        (EntityNotFound("Stack", "web"), 404, "EntityNotFound"),
        (Forbidden("no"), 403, "Forbidden"),
        (InvalidTemplateVersion("no"), 400, "InvalidTemplateVersion"),
        (NotFound("no"), 404, "NotFound"),
        (NotSupported("Abandon"), 400, "NotSupported"),
        (RequestLimitExceeded("no"), 400, "RequestLimitExceeded"),
        (ResourceActionNotSupported("no"), 400, "ResourceActionNotSupported"),
        (ResourceNotFound("disk", "web"), 404, "ResourceNotFound"),
        (StackExists("web"), 409, "StackExists"),
        (StackValidationFailed("no"), 400, "StackValidationFailed"),
    ],
)
def test_a_refusal_has_the_name_and_code_that_clients_know(
    error: RequestError, status: int, name: str
) -> None:
    assert (error.http_status, error.error_type) == (status, name)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ActionInProgress("web", "UPDATE"), "Stack web already has an action (UPDATE) in progress"),
        (EntityNotFound("Stack", "web"), "The Stack (web) could not be found."),
        (NotSupported("Abandon"), "Abandon is not supported."),
        (ResourceNotFound("disk", "web"), "The Resource (disk) could not be found in Stack web."),
        (StackExists("web"), "The Stack (web) already exists."),
    ],
)
def test_a_refusal_names_what_it_is_about(error: RequestError, text: str) -> None:
    assert text in str(error)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Refused("no room"), "no room"),
        (Refused("no room", status=413), "no room (HTTP 413)"),
        (Lost("no answer", request_id="req-1"), "no answer (Request-ID: req-1)"),
        (Gone("away", status=404, request_id="req-1"), "away (HTTP 404) (Request-ID: req-1)"),
    ],
)
def test_an_error_of_the_cloud_shows_its_status_and_request(error: RemoteError, text: str) -> None:
    assert str(error) == text


def test_a_busy_cloud_says_when_to_come_back() -> None:
    assert Busy("later", after=7.5, status=429).after == 7.5
    assert (
        str(Busy("later", status=503, request_id="req-1")) == "later (HTTP 503) (Request-ID: req-1)"
    )
    assert Busy("later").after == 1.0


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (Busy("later"), True),
        (Lost("no answer"), True),
        (Conflict("in use"), True),
        (Exists("already there"), True),
        (Refused("a fault of its own", status=500), True),
        (Refused("not built", status=501), False),
        (Refused("no room", status=413), False),
        (Refused("no such service"), False),
        (Gone("away", status=404), False),
    ],
)
def test_what_passes_may_be_tried_again(error: RemoteError, passes: bool) -> None:
    assert error.passes is passes


def test_a_conflict_is_a_refusal() -> None:
    assert isinstance(Conflict("in use"), Refused)
