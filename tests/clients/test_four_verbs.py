"""The services' own clients create, list, show and delete each kind of object that types make."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("four verbs")]

FLOW = 'version: "2.0"\nown-flow:\n  tasks:\n    one: {action: std.noop}\n'


@dataclasses.dataclass(frozen=True)
class Kind:
    """``made``: how one is made, after its name; ``by`` is the column with what it goes by,
    ``within`` stands before that, and ``of`` after ``list``. ``create``, ``show`` and ``delete``
    are the words for it."""

    name: str
    made: str
    by: str = "id"
    within: str = ""
    of: str = ""
    waits: bool = False
    create: str = "create"
    show: str = "show"
    delete: str = "delete"
    takes: str = ""
    """What it is taken from."""
    named: str = ""
    """Its name, where what is printed as it is made does not tell what it goes by."""

    def lines(self, number: int) -> tuple[str, list[str], str]:
        """To make it, to look at it, and to remove it."""
        it, wait = self.named or f"{{k{number}}}", " --wait" if self.waits else ""
        made = f"{self.name} {self.create} {self.made}{wait}"
        if not self.named:
            made = f'k{number} = {made} -f value -c "{self.by}"'
        looks = [f"{self.name} list {self.of}"]
        if self.show:
            looks.append(f"{self.name} {self.show} {self.within} {it}")
        return made, looks, f"{self.name} {self.delete} {self.within}{self.takes} {it}{wait}"


def exercise(service: Service, *kinds: Kind, cloud: str = "isotherm") -> None:
    """Each is made and looked at while those before it are there; all go, the last one first."""
    lines: list[str] = []
    looked: list[tuple[Kind, int, int]] = []
    ends: list[str] = []
    for number, kind in enumerate(kinds):
        made, looks, end = kind.lines(number)
        looked += [(kind, len(lines), len(lines) + 1 + n) for n in range(len(looks))]
        lines += [made, *looks]
        ends = [end, looks[0], *ends]
    told = service.series(*lines, *ends, cloud=cloud)
    names: list[str] = []
    for kind, made_at, look_at in looked:
        name = kind.named or told[made_at].strip()
        # Tables break what is long; what they are made of stands in one column.
        assert name in told[look_at].replace("\n", ""), f"{lines[look_at]}:\n{told[look_at]}"
        if name not in names:
            names.append(name)
    for name, listed in zip(reversed(names), told[len(lines) + 1 :: 2], strict=True):
        assert name not in listed, f"{name} is still there:\n{listed}"


def test_load_balancers(service: Service) -> None:
    exercise(
        service,
        *(
            dataclasses.replace(each, name=f"loadbalancer {each.name}".strip(), waits=True)
            for each in (
                Kind("", "--name own --vip-subnet-id private-subnet"),
                Kind("listener", "--protocol HTTP --protocol-port 80 {k0}"),
                Kind("pool", "--protocol HTTP --lb-algorithm ROUND_ROBIN --listener {k1}"),
                Kind(
                    *("member", "--address 10.0.0.9 --protocol-port 80 {k2}"),
                    within="{k2}", of="{k2}",
                ),
                Kind("healthmonitor", "--type TCP --delay 5 --timeout 3 --max-retries 2 {k2}"),
                Kind("l7policy", "--action REJECT {k1}"),
                Kind(
                    *("l7rule", "--type PATH --compare-type STARTS_WITH --value /x {k5}"),
                    within="{k5}", of="{k5}",
                ),
            )
        ),
    )  # fmt: skip


def test_names_keys_and_alarms(service: Service) -> None:
    email, record = "--email a@example.org", "--type A --record 10.0.0.1"
    exercise(
        service,
        Kind("zone", f"{email} own.example."),
        Kind("recordset", f"{record} own.example. www", within="{k0}", of="{k0}"),
        Kind("secret", "--payload abc", "Secret href", create="store", show="get"),
        Kind("secret container", "--secret a={k2}", "Container href", show="get"),
        Kind("alarm", "--name own --type event", "alarm_id"),
        Kind("metric resource", "thing --create-metric cpu:high"),
        Kind("metric", "own --archive-policy-name high"),
    )


def test_orders(service: Service) -> None:
    """What is made for an order stays when it goes."""
    made, listed, *_, left = service.series(
        'one = secret order create key --algorithm aes --bit-length 256 -f value -c "Order href"',
        "secret order list",
        'key = secret order get {one} -f value -c "Secret href"',
        "secret order delete {one}",
        "secret delete {key}",
        "secret order list",
    )
    assert made.strip() in listed
    assert made.strip() not in left


def test_shares_and_messages(service: Service) -> None:
    network = "--neutron-net-id NET --neutron-subnet-id SUBNET"
    subnet = service.get("/network/v2.0/subnets?name=private-subnet")["subnets"][0]
    network = network.replace("SUBNET", subnet["id"]).replace("NET", subnet["network_id"])
    exercise(
        service,
        Kind("share network", network),
        Kind("share security service", "ldap"),
        Kind("share", "NFS 1 --name own-share"),
        Kind("share access", "{k2} ip 10.0.0.0/24", of="{k2}", takes="{k2}"),
        Kind("messaging queue", "own-queue", "Name", show=""),
        Kind(
            *("messaging subscription", "own-queue http://127.0.0.1:9/nobody 600", "ID"),
            within="own-queue", of="own-queue",
        ),
    )  # fmt: skip


def test_workflows(service: Service, tmp_path: Path) -> None:
    flow = tmp_path / "flow.yaml"
    flow.write_text(FLOW)
    exercise(
        service,
        Kind("workflow", str(flow), "Name"),
        Kind("workflow execution", "own-flow", "ID"),
        Kind("cron trigger", "own own-flow --pattern '0 0 1 1 *'", "Name"),
    )


def test_clusters_databases_containers_and_leases(service: Service) -> None:
    mysql = "--datastore mysql --datastore-version 8.0"
    room = "amount=1,vcpus=1,memory_mb=64,disk_gb=1"
    room = f"resource_type=virtual:instance,affinity=False,resource_properties=,{room}"
    when = "--start-date '2099-01-01 00:00' --end-date '2099-01-02 00:00'"
    exercise(
        service,
        Kind(
            "database instance",
            f"own --flavor m1.tiny --size 1 {mysql}",
        ),
        Kind(
            "appcontainer",
            "--name own-app cirros sleep 9",
            named="own-app",
            delete="delete --force",
        ),
        Kind("reservation lease", f"--reservation {room} {when} own-lease", named="own-lease"),
        Kind("container", "own-box", "container"),
    )  # fmt: skip


def test_what_administrators_make(service: Service) -> None:
    exercise(
        service,
        Kind("loadbalancer flavorprofile", "--name p --provider octavia --flavor-data '{{}}'"),
        Kind("loadbalancer flavor", "--name f --flavorprofile {k0}"),
        Kind(
            "loadbalancer availabilityzoneprofile",
            "--name z --provider octavia --availability-zone-data '{{}}'",
        ),
        Kind(
            "loadbalancer availabilityzone",
            "--name own-zone --availabilityzoneprofile {k2}",
            "name",
        ),
        Kind("share type", "own-kind false"),
        Kind("baremetal node", "--driver ipmi --name own", "uuid"),
        Kind("baremetal port", "--node {k5} 52:54:00:00:00:01", "uuid"),
        cloud="isotherm-admin",
    )
