"""A stack that is stuck, explained and freed by commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clients.service import Service
from tests.clients.test_hooks import until

pytestmark = pytest.mark.slow

OUTER = """\
heat_template_version: 2021-04-16
resources:
  site: {type: kid.yaml}
"""
KID = """\
heat_template_version: 2021-04-16
resources:
  app:
    type: OS::Nova::Server
    properties: {flavor: m1.tiny, image: cirros, networks: [{network: private}]}
"""


@pytest.fixture
def service(own_service: Service) -> Service:
    """One of the test's own: its cloud is told to be slow and to fail."""
    own_service.start()
    return own_service


def isotherm(service: Service, *arguments: str, code: int = 0) -> str:
    done = service.client("isotherm", *arguments)
    assert done.returncode == code, done.stdout + done.stderr + service.log
    return done.stdout + done.stderr


def test_what_hangs_deep_below_is_explained_and_freed(service: Service, tmp_path: Path) -> None:
    (tmp_path / "outer.yaml").write_text(OUTER)
    (tmp_path / "kid.yaml").write_text(KID)
    service.control("PUT", "timings", {"compute.server.create": 10_000.0})
    service.openstack("stack", "create", "-t", str(tmp_path / "outer.yaml"), "stuck")
    servers = until(service, lambda: service.read("server", "list"))
    told = until(
        service,
        lambda: (text := isotherm(service, "why", "stuck", code=1)) and "site/app" in text and text,
    )
    assert "site/app is at work" in told
    assert "isotherm retry stuck site/app" in told

    service.control("PUT", "timings", {"compute.server.create": 0.1})
    assert "is ordered" in isotherm(service, "retry", "stuck", "site/app")
    assert service.settle("stuck") == "CREATE_COMPLETE"
    assert "nothing in it is wrong" in isotherm(service, "why", "stuck")
    (server,) = service.read("server", "list")
    assert server["ID"] != servers[0]["ID"], "another one was made, and the first one removed"
    events = service.openstack("stack", "event", "list", "--nested-depth", "2", "stuck")
    assert "retry ordered by demo" in events

    service.control("PUT", "timings", {"compute.server.delete": 10_000.0})
    service.openstack("stack", "delete", "--yes", "stuck")
    until(
        service, lambda: "site/app is at work" in service.client("isotherm", "why", "stuck").stdout
    )
    assert "is being released" in isotherm(service, "release", "stuck")
    assert service.settle("stuck") == "DELETE_FAILED"
    shown = service.read("stack", "show", "stuck")
    assert "released by demo" in shown["stack_status_reason"]
    isotherm(service, "release", "stuck", code=1)
    isotherm(service, "release", "no-such-stack", code=3)
    isotherm(service, "forget", "stuck", "site/app")
    isotherm(service, "retry", "stuck", "site")
    assert service.settle("stuck") == ""


VOLUME = """\
heat_template_version: 2021-04-16
resources:
  disk: {type: OS::Cinder::Volume, properties: {size: 1}}
"""


def test_a_resource_that_failed_is_given_an_object(service: Service, tmp_path: Path) -> None:
    template = tmp_path / "volume.yaml"
    template.write_text(VOLUME)
    fault = {"status": 400, "message": "no", "count": 1}
    service.control("PUT", "faults", {"block-storage.volume.create": fault})
    service.openstack("stack", "create", "-t", str(template), "given")
    assert service.settle("given") == "CREATE_FAILED"
    mine = service.read("volume", "create", "--size", "1", "mine")["id"]
    isotherm(service, "adopt", "given", "disk", mine)
    shown = ("stack", "resource", "show", "given", "disk")
    until(service, lambda: service.read(*shown)["physical_resource_id"] == mine)
    assert service.read(*shown)["resource_status"] == "CHECK_COMPLETE"
    service.openstack("stack", "update", "--existing", "given")
    assert service.settle("given") == "UPDATE_COMPLETE"
    assert [each["ID"] for each in service.read("volume", "list")] == [mine]
    service.delete_stack("given")
    assert service.read("volume", "list") == []


def test_a_failure_is_explained_with_the_cloud_s_request_id(
    service: Service, tmp_path: Path
) -> None:
    (tmp_path / "outer.yaml").write_text(OUTER)
    (tmp_path / "kid.yaml").write_text(KID)
    fault = {"status": 400, "message": "not this one", "count": 1}
    service.control("PUT", "faults", {"compute.server.create": fault})
    service.openstack("stack", "create", "-t", str(tmp_path / "outer.yaml"), "bad")
    assert service.settle("bad") == "CREATE_FAILED"
    found = json.loads(isotherm(service, "why", "bad", "--json", code=1))
    cause = found["cause"]
    assert [each["resource_name"] for each in cause["way"]] == ["site", "app"]
    assert cause["request_id"].startswith("req-")
    assert cause["template"].endswith("/kid.yaml: resources.app")
    isotherm(service, "retry", "bad", "site/app")
    assert service.settle("bad") == "UPDATE_COMPLETE"
    isotherm(service, "skip", "bad", "site/app", code=1)
    isotherm(service, "adopt", "bad", "site/nothing", "some-id", code=3)
    service.delete_stack("bad")
