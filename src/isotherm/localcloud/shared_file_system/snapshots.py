"""Snapshots of shares."""

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Life, Listing, Wish
from isotherm.localcloud.shared_file_system.dialect import ShareDialect
from isotherm.localcloud.shared_file_system.entities import RENAMED, Snapshot
from isotherm.localcloud.shared_file_system.shares import SHARES
from isotherm.localcloud.shared_file_system.state import SharedFileSystems


def create(shares: SharedFileSystems, call: Call, wish: Wish) -> Snapshot:
    share = shares.shares.get(wish["share_id"])
    if share is None or not SHARES.sees(shares, call.caller, share):
        raise Fault(404, "NotFound: Resource could not be found.")
    if share.status != "available":
        raise Fault(403, "Invalid share: Source share status must be available.")
    shares.require_room(call.project_id, "Snapshot", snapshots=1, snapshot_gigabytes=share.size)
    return SNAPSHOTS.add(
        shares,
        call.caller,
        wish,
        size=share.size,
        share_size=share.size,
        share_proto=share.share_proto,
    )


class _SnapshotDialect(ShareDialect):
    statuses = {"create": 202, "delete": 202}  # noqa: RUF012 -- never changed


SNAPSHOTS = Kind[SharedFileSystems, Snapshot](
    dialect=_SnapshotDialect(),
    name="snapshot",
    entity=Snapshot,
    brief=True,
    also=RENAMED,
    life=Life(creating="creating", deleting="deleting", deletable=("available", "error")),
    listing=Listing(filters=("name", "status", "share_id")),
    create=create,
)
