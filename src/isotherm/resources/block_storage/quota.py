"""OS::Cinder::Quota: how much storage a project may have."""

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.block_storage import QUOTA_SET


class QuotaProperties(Properties):
    project: str = prop("Project to limit.", finds="keystone.project", sends=None)
    gigabytes: int | None = prop("Size of volumes in GiB; -1: no limit.", ge=-1, update_allowed=True)
    volumes: int | None = prop("Number of volumes; -1: no limit.", ge=-1, update_allowed=True)
    backups: int | None = prop("Number of backups; -1: no limit.", ge=-1, update_allowed=True, since="16.0.0")
    backup_gigabytes: int | None = prop(
        "Size of backups in GiB; -1: no limit.", ge=-1, update_allowed=True, since="16.0.0"
    )
    snapshots: int | None = prop("Number of snapshots; -1: no limit.", ge=-1, update_allowed=True)


@register("OS::Cinder::Quota", support=supported("7.0.0"))
class Quota(kit.QuotaType[QuotaProperties]):
    """How much storage a project may have. By default only administrators may say."""

    entity = QUOTA_SET
    extension = "os-quota-sets"

    async def create(self, ctx: kit.Context[QuotaProperties]) -> kit.Outcome:
        await _refuse_too_low(ctx)
        return await super().create(ctx)

    async def update(self, ctx: kit.Context[QuotaProperties], changes: kit.Changes) -> kit.Outcome:
        await _refuse_too_low(ctx)
        return await super().update(ctx, changes)


async def _refuse_too_low(ctx: kit.Context[QuotaProperties]) -> None:
    """The service itself would take any limit."""
    path = f"{QUOTA_SET.path}/{ctx.props.project}?usage=true"
    used = (await ctx.api.call("block-storage", "GET", path))["quota_set"]
    for name, limit in kit.create_fields(ctx.props).items():
        if 0 <= limit < used[name]["in_use"]:
            raise kit.Refused(f"The quota of {name} must be at least {used[name]['in_use']}: so much is used already.")
