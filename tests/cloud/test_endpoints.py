"""From catalogue entries to the URLs that calls go to."""

from __future__ import annotations

import pytest

from isotherm.cloud.endpoints import Microversion, base_url, known_names, lower


@pytest.mark.parametrize(
    ("service", "endpoint", "url"),
    [
        ("compute", "http://c/v2.1", "http://c/v2.1"),
        ("compute", "http://c/compute/", "http://c/compute/v2.1"),
        ("compute", "http://c/v2.1/p", "http://c/v2.1/p"),
        ("network", "http://c:9696", "http://c:9696/v2.0"),
        ("network", "http://c:9696/v2.0/", "http://c:9696/v2.0"),
        ("image", "http://c/image", "http://c/image/v2"),
        ("block-storage", "http://c/volume/v3", "http://c/volume/v3/p"),
        ("volumev3", "http://c/volume/v3/p", "http://c/volume/v3/p"),
        ("volume", "http://c/volume", "http://c/volume/v3/p"),
        ("identity", "http://c:5000", "http://c:5000/v3"),
        ("placement", "http://c/placement", "http://c/placement"),
        ("object-store", "http://c/v1/AUTH_p", "http://c/v1/AUTH_p"),
        ("nobody-knows-it", "http://c/x/", "http://c/x"),
    ],
)
def test_versions_and_projects_are_added_where_they_are_missing(
    service: str, endpoint: str, url: str
) -> None:
    assert base_url(service, endpoint, "p") == url


@pytest.mark.parametrize(
    ("wanted", "sent"), [("2.9", "2.9"), ("2.10", "2.10"), ("2.96", "2.79"), ("latest", "2.79")]
)
def test_no_microversion_above_the_services_own_is_sent(wanted: str, sent: str) -> None:
    assert lower(wanted, Microversion(2, 79)) == sent


def test_a_service_is_known_by_all_its_names() -> None:
    assert {"volumev3", "block-storage", "volume"} <= known_names("volumev3")
    assert known_names("nobody-knows-it") == {"nobody-knows-it"}
