"""The servers that stand in for load balancers and databases, with the programs of this machine."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.clients.playing_servers import (
    completed,
    console,
    playing_service,
    remove_stack,
    wait_for,
)
from tests.clients.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.servers, pytest.mark.xdist_group("playing")]

LACKING = ("load-balancer", "database")
SETTINGS = {
    "parameter_defaults": {
        "DBImage": "cirros",
        "LbImageId": "cirros",
        "LbFlavor": "m1.small",
        "LbTimeout": "120",
        "DBNetwork": "private",
    }
}


@pytest.fixture(scope="module")
def lacking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service in whose catalogue there are neither load balancers nor databases."""
    for service in playing_service(tmp_path_factory.mktemp("lacking")):
        offered = service.send("GET", "/identity/v3/services", token=service.admin_token)
        for each in offered["services"]:
            if each["type"] in LACKING:
                path = f"/identity/v3/services/{each['id']}"
                change = {"service": {"enabled": False}}
                service.send("PATCH", path, change, token=service.admin_token)
        service.stop()
        service.start()
        yield service


def need(*programs: str) -> None:
    if missing := [each for each in programs if shutil.which(each) is None]:
        pytest.skip(f"NOTHING OF THIS IS PROVED: this machine has no {', '.join(missing)}")


def put(service: Service, name: str, resources: dict[str, Any], **outputs: Any) -> dict[str, Any]:
    template = {
        "heat_template_version": "2021-04-16",
        "resources": resources,
        "outputs": {key: {"value": each} for key, each in outputs.items()},
    }
    body = {"stack_name": name, "template": template, "environment": SETTINGS}
    base = f"/orchestration/v1/{service.project}/stacks"
    old = service.get(f"{base}/{name}")
    if old is None:
        service.send("POST", base, body)
    else:
        service.send("PUT", f"{base}/{name}/{old['stack']['id']}", body)
    return completed(service, name)


SERVE = "#!/bin/sh\ncd /srv\n(python3 -m http.server 8080 >/dev/null 2>&1) &\n"


def server(user_data: Any) -> dict[str, Any]:
    return {
        "type": "OS::Nova::Server",
        "properties": {
            "image": "cirros",
            "flavor": "m1.tiny",
            "networks": [{"network": "private"}],
            "user_data_format": "RAW",
            "user_data": user_data,
        },
    }


def balanced(*names: str) -> dict[str, Any]:
    """Two web servers, of which those of these names are balanced, and somebody who visits them."""
    listener = {"InstancePort": 8080, "LoadBalancerPort": 80, "Protocol": "HTTP"}
    properties = {
        "AvailabilityZones": ["nova"],
        "Instances": [{"get_resource": each} for each in names],
        "Listeners": [listener],
    }
    visits = "#!/bin/sh\n(while sleep 0.3; do curl -s -m 2 http://ADDRESS/; done) &\n"
    place = {"ADDRESS": {"get_attr": ["lb", "DNSName"]}}
    return {
        **{name: server(f"{SERVE}echo {name} > index.html\n") for name in ("one", "two")},
        "lb": {"type": "AWS::ElasticLoadBalancing::LoadBalancer", "properties": properties},
        "visitor": server({"str_replace": {"template": visits, "params": place}}),
    }


def pages(service: Service, visitor: str, *, within: float = 40.0) -> Iterator[list[str]]:
    """What the visitor has got since the last look, from look to look."""
    seen = 0
    end = time.monotonic() + within
    while time.monotonic() < end:
        time.sleep(1)
        lines = [each for each in console(service, visitor).splitlines() if each in ("one", "two")]
        yield lines[seen:]
        seen = len(lines)
    raise AssertionError(console(service, visitor))


def test_requests_are_spread_over_instances(lacking: Service) -> None:
    need("haproxy")
    visitor = put(lacking, "web", balanced("one"), id={"get_resource": "visitor"})["id"]
    assert set(next(got for got in pages(lacking, visitor) if len(got) > 1)) == {"one"}
    put(lacking, "web", balanced("one", "two"), id={"get_resource": "visitor"})
    # cfn-hup has HAProxy told anew; it goes from one to the other with each request.
    turns = next(got for got in pages(lacking, visitor) if len(set(got[-2:])) == 2)
    assert turns
    remove_stack(lacking, "web")


PASSWORD = 'it\'s `a` "pass$word" \\ of many'
MARK = "the sum is 42"


def database() -> dict[str, Any]:
    """A database, and somebody who logs in there and calculates."""
    given = {
        "AllocatedStorage": "1",
        "DBInstanceClass": "db.m1.small",
        "DBName": "shop",
        "Engine": "MySQL",
        "MasterUsername": "anna",
        "MasterUserPassword": PASSWORD,
        "Port": "3307",
    }
    query = (
        "#!/bin/sh\n"
        "cat > /root/password <<'END'\nPASSWORD\nEND\n"
        'mysql -h ADDRESS -P 3307 -u anna -p"$(cat /root/password)" -N shop'
        " -e \"CREATE TABLE t (n INT); SELECT CONCAT('the sum is ', 40 + 2)\"\n"
    )
    places = {"ADDRESS": {"get_attr": ["db", "Endpoint.Address"]}, "PASSWORD": PASSWORD}
    return {
        "db": {"type": "AWS::RDS::DBInstance", "properties": given},
        "client": server({"str_replace": {"template": query, "params": places}}),
    }


def test_a_database_lets_its_user_in(lacking: Service) -> None:
    need("mariadbd", "mariadb-install-db", "mysql")
    client = put(lacking, "data", database(), id={"get_resource": "client"})["id"]
    wait_for(lacking, client, MARK)
    remove_stack(lacking, "data")
