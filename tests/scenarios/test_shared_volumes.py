"""A volume that several servers share is attached to one after the other."""

from __future__ import annotations

from isotherm.core.states import Status
from isotherm.testing.local_world import LocalWorld, play_on_local_cloud
from isotherm.testing.stage import Stage

TEMPLATE = """
heat_template_version: 2021-04-16
resources:
  kind:
    type: OS::Cinder::VolumeType
    properties: { name: shared, metadata: { multiattach: "<is> True" } }
  disk:
    type: OS::Cinder::Volume
    properties: { size: 1, volume_type: { get_resource: kind } }
  a: &server
    type: OS::Nova::Server
    properties: { image: cirros, flavor: m1.tiny, networks: [{ network: private }] }
  b: *server
  to_a:
    type: OS::Cinder::VolumeAttachment
    properties: { instance_uuid: { get_resource: a }, volume_id: { get_resource: disk } }
  to_b:
    type: OS::Cinder::VolumeAttachment
    properties: { instance_uuid: { get_resource: b }, volume_id: { get_resource: disk } }
"""


def test_attachments_come_and_go_one_after_the_other() -> None:
    async def scenario(stage: Stage, world: LocalWorld) -> None:
        world.local.frame.timings.seconds = {"compute.attachment.*": 5.0}
        async with stage.worker():
            stack_id = await stage.create(TEMPLATE)
            stack = await stage.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
            (volume,) = world.objects()["block-storage.volume"]
            assert volume["status"] == "in-use"
            assert len(world.objects()["block-storage.attachment"]) == 2
            await stage.delete(stack_id)
            stack = await stage.settle(stack_id)
            assert stack.status is Status.COMPLETE, stack.status_reason
            assert "block-storage.volume" not in world.objects()

    play_on_local_cloud(scenario, user="admin")
