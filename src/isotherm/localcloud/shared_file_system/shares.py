"""Shares: file systems that several can use at once."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Life, Listing, Metadata, Ties, Wish, said_only
from isotherm.localcloud.kinds.checks import or_none, text
from isotherm.localcloud.shared_file_system.dialect import DIALECT
from isotherm.localcloud.shared_file_system.entities import PAIRS, Share
from isotherm.localcloud.shared_file_system.share_networks import NETWORKS
from isotherm.localcloud.shared_file_system.state import HOST, ZONE, SharedFileSystems

_TEXT = or_none(text())


def create(shares: SharedFileSystems, call: Call, wish: Wish) -> Share:
    type_ = shares.find_type(call.caller, wish.get("share_type"))
    if wish["snapshot_id"]:
        snapshot = shares.snapshots.get(wish["snapshot_id"])
        if snapshot is None or snapshot.project_id != call.project_id:
            raise Fault(404, f"Snapshot {wish['snapshot_id']} could not be found.")
        if wish["size"] < snapshot.size:
            raise Fault(400, "Invalid input received: Share size must be >= snapshot size.")
    servers = type_.extra_specs.get("driver_handles_share_servers", "").lower() in ("true", "1")
    if wish["share_network_id"]:
        NETWORKS.find(shares, call.caller, wish["share_network_id"])
        if not servers:
            raise Fault(
                400, "Share network must not be provided when the type has no share servers."
            )
    elif servers:
        raise Fault(400, f"Share network must be set when the type {type_.name} has share servers.")
    shares.require_room(call.project_id, shares=1, gigabytes=wish["size"])
    return SHARES.add(
        shares,
        call.caller,
        wish,
        share_type=type_.id,
        share_type_name=type_.name,
        availability_zone=wish["availability_zone"] or ZONE,
        host=HOST,
    )


def change(shares: SharedFileSystems, call: Call, share: Share, wish: Wish) -> None:
    for said, name in (("display_name", "name"), ("display_description", "description")):
        if said in wish:
            setattr(share, name, wish.pop(said))
    SHARES.assign(shares, share, wish)


SHARES = Kind[SharedFileSystems, Share](
    dialect=DIALECT,
    name="share",
    entity=Share,
    brief=True,
    also={
        "display_name": said_only(_TEXT, create=False),
        "display_description": said_only(_TEXT, create=False),
    },
    life=Life(
        creating="creating", deleting="deleting", deletable=("available", "error", "inactive")
    ),
    listing=Listing(
        filters=(
            *("name", "status", "share_type_id", "share_network_id", "metadata"),
            *("host", "snapshot_id", "share_server_id"),
        ),
        # Asks for those of others that are public, too.
        matchers={"is_public": lambda shares, share, said: True},
    ),
    create=create,
    change=change,
    ties=Ties(
        users={"snapshot": "share_id"},
        used=lambda share: Fault(403, "Invalid share: Share still has dependent snapshots."),
        along={"access": "share_id"},
    ),
    visible=lambda shares, caller, each: each.is_public or caller.sees(each.project_id),
)
Metadata(SHARES, PAIRS)


def available(share: Share) -> Share:
    """Raises Fault 400."""
    if share.status != "available":
        raise Fault(400, f"Invalid share: New access rules cannot be applied while {share.status}.")
    return share


@SHARES.action("extend", "extend")
def extend(shares: SharedFileSystems, call: Call, share: Share, said: Any) -> None:
    size = int(said["new_size"])
    if size <= available(share).size:
        raise Fault(400, "Invalid input received: New size for extend must be greater.")
    shares.require_room(share.project_id, gigabytes=size - share.size)
    share.size = size
    SHARES.touch(shares, share)
