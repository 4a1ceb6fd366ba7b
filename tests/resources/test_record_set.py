"""OS::Designate::RecordSet is found again after a lost answer."""

from isotherm.kit import load_registry
from isotherm.kit.services.dns import RECORD_SET, ZONE
from isotherm.testing.resource_run import ResourceRun

TYPE = load_registry()["OS::Designate::RecordSet"]
GIVEN = {"zone": "z", "name": "www", "type": "A"}


async def test_records_come_in_any_order() -> None:
    run = ResourceRun.begin(TYPE, {**GIVEN, "records": ["10.0.0.2", "10.0.0.3"]})
    run.cloud.put(ZONE, "z", name="example.org.")
    made = {"name": "www.example.org.", "type": "A"}
    for set_id, records in (("theirs", ["10.0.0.3"]), ("own", ["10.0.0.3", "10.0.0.2"])):
        run.cloud.put(RECORD_SET, set_id, parent="z", **made, records=records)
    assert [each.physical_id for each in await TYPE.find(run.ctx)] == ["own"]
