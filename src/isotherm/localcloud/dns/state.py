"""The DNS service: its collections."""

from isotherm.localcloud.dns.entities import RecordSet, Zone
from isotherm.localcloud.quotas import Quotas
from isotherm.localcloud.service import Frame, Service

QUOTAS = {
    "zones": 10,
    "zone_recordsets": 500,
    "zone_records": 500,
    "recordset_records": 20,
    "api_export_size": 1000,
}
SERVERS = ("ns1.localcloud.test.",)
"""Names of the servers that answer for zones."""


class Naming(Service):
    service_type = "dns"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.zones = self.collection("zone", Zone, index=("project_id", "name"))
        self.record_sets = self.collection("recordset", RecordSet, index=("project_id", "zone_id"))
        self.quotas = Quotas(self, QUOTAS)

    def advance_serial(self, zone: Zone) -> None:
        """What secondary servers know a change of the zone by."""
        zone.serial = max(int(self.now()), zone.serial + 1)
