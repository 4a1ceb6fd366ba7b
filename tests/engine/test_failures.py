"""How a failure is told."""

from __future__ import annotations

import pytest

from isotherm.core.errors import (
    Ambiguous,
    Busy,
    Denied,
    Gone,
    Lost,
    NoSuchService,
    Refused,
    RemoteError,
    Unreachable,
)
from isotherm.engine.steps.failures import failure_of


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Gone("No neutron.security_group named 'web'."), "EntityNotFound"),
        (Ambiguous("There is more than one glance.image named 'x'."),
         "PhysicalResourceNameAmbiguity"),
        (NoSuchService("The cloud has no dns service."), "EndpointNotFound"),
        (Denied("Identity gives no token."), "Unauthorized"),
        (Busy("compute cannot be reached"), "ConnectFailure"),
        (Lost("compute did not answer in time"), "ConnectFailure"),
        (Unreachable("The certificate of compute is not trusted"), "ConnectFailure"),
        (Refused("Expected 1 external network, found 2"), "Error"),
        (Gone("no such server", status=404), "NotFound"),
        (Refused("bad", status=400), "BadRequest"),
    ],
)  # fmt: skip
def test_what_the_cloud_says_is_called_by_its_kind(error: RemoteError, kind: str) -> None:
    assert str(failure_of("p", "", error)) == f"{kind}: resources.p: {error}"
