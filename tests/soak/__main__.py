"""``make soak``: real processes on each kind of database, faults in the cloud, ``kill -9``.

The same seed makes the same requests, faults and kills; how they meet differs from run to run.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clients.service import Service
from tests.clusters.cluster import CloudDoor, Cluster
from tests.servers.databases import new_account
from tests.servers.install import ensure_installed
from tests.servers.mariadb import running_mariadb
from tests.servers.postgresql import running_postgresql
from tests.soak.storm import Storm, Tally

DATABASES = ("sqlite", "postgresql", "mariadb")
TIMES = {
    "block-storage.volume.create": 0.3,
    "compute.interface.delete": 0.2,
    "compute.server.create": 0.8,
    "compute.server.delete": 0.3,
    "compute.server.resize": 0.8,
}


def main() -> int:
    """The exit code: 1 where anything was lost, doubled, left or could not be mended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of faults, per database")
    parser.add_argument("--seed", default=str(random.randrange(10_000)))
    parser.add_argument("--database", choices=DATABASES, action="append")
    asked = parser.parse_args()
    print(f"soak: seed {asked.seed}, {asked.seconds:.0f} s of faults per database")
    tallies = {
        name: _soak(name, asked.seconds, f"{asked.seed} {name}")
        for name in asked.database or DATABASES
    }
    _report(tallies)
    return 1 if any(each.wrong for each in tallies.values()) else 0


def _soak(database: str, seconds: float, seed: str) -> Tally:
    with tempfile.TemporaryDirectory(prefix="isotherm-soak-") as folder, _url(database) as url:
        place = Path(folder)
        cloud = Service(place / "cloud")
        cloud.start()
        cluster = Cluster(
            place,
            cloud,
            url or f"sqlite:///{place}/isotherm.sqlite",
            options={"call_seconds": "8"},
        )
        door = CloudDoor(cloud)
        try:
            cluster.start(engines=2)
            with door.timings(**TIMES):
                storm = Storm(cluster, door, seed)
                storm.blow(seconds)
                return storm.abate()
        finally:
            cluster.stop()
            cloud.stop()


@contextmanager
def _url(database: str) -> Iterator[str]:
    """Of an empty database on a server of its own; empty for SQLite, which needs none."""
    if database == "sqlite":
        yield ""
        return
    ensure_installed([database])
    with running_postgresql() if database == "postgresql" else running_mariadb() as server:
        yield new_account(server.url)


def _report(tallies: dict[str, Tally]) -> None:
    print(f"{'':<11}", *(f"{each:>13}" for each in Tally().counts))
    for name, tally in tallies.items():
        print(f"{name:<11}", *(f"{each:>13}" for each in tally.counts.values()))
        for each in tally.wrong:
            print(f"    {each}")


if __name__ == "__main__":
    sys.exit(main())
