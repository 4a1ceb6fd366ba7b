"""Shares: file systems that several can use at once."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Life, Listing, Metadata, Ties, Wish
from isotherm.localcloud.kinds.checks import integer
from isotherm.localcloud.kinds.fields import Field
from isotherm.localcloud.kinds.views import BRIEF
from isotherm.localcloud.shared_file_system.dialect import DIALECT, ShareDialect
from isotherm.localcloud.shared_file_system.entities import (
    OPTIONAL,
    RENAMED,
    Share,
    invalid_input,
    pairs,
)
from isotherm.localcloud.shared_file_system.share_networks import NETWORKS
from isotherm.localcloud.shared_file_system.state import HOST, ZONE, SharedFileSystems

_SERVERS = "driver_handles_share_servers"
PUBLIC = Fault(403, "User is not authorized to set 'is_public' to True in the request.")


def create(shares: SharedFileSystems, call: Call, wish: Wish) -> Share:
    type_ = shares.find_type(call.caller, wish.get("share_type"))
    if wish["snapshot_id"]:
        snapshot = shares.snapshots.get(wish["snapshot_id"])
        if snapshot is None or snapshot.project_id != call.project_id:
            missing = f"Snapshot {wish['snapshot_id']} could not be found."
            raise Fault(404, f"ShareSnapshotNotFound: {missing}")
        if wish["size"] < snapshot.size:
            reason = f"Share size '{wish['size']}' must be equal or greater than snapshot size."
            raise invalid_input(reason)
    if wish["share_network_id"]:
        NETWORKS.find(shares, call.caller, wish["share_network_id"])
    elif type_.has_servers:
        raise Fault(400, f"Share network must be set when the {_SERVERS} is true.")
    if wish["availability_zone"] not in (None, ZONE):
        raise Fault(404, f"Availability zone {wish['availability_zone']} could not be found.")
    shares.require_room(call.project_id, shares=1, gigabytes=wish["size"])
    return SHARES.add(
        shares,
        call.caller,
        wish,
        share_type=type_.id,
        share_type_name=type_.name,
        host=HOST,
        **{name: type_.has(name) for name in OPTIONAL},
        availability_zone=wish["availability_zone"] or (ZONE if wish["snapshot_id"] else None),
    )


def complete(shares: SharedFileSystems, share: Share, args: dict[str, Any]) -> None:
    """Nobody makes a share that names a network for servers which its type does not have."""
    share.availability_zone = share.availability_zone or ZONE
    type_ = shares.types.get(share.share_type or "")
    if share.share_network_id and type_ is not None and not type_.has_servers:
        share.status = "error"


def delete(shares: SharedFileSystems, call: Call, share: Share) -> None:
    if used := len(shares.snapshots.find(share_id=share.id)):
        raise Fault(403, f"Invalid share: Share still has {used} dependent snapshots.")


class _Dialect(ShareDialect):
    def reserved(self, field: Field, given: object, verb: str, where: str) -> Fault | None:
        return PUBLIC if given else None


SHARES = Kind[SharedFileSystems, Share](
    dialect=_Dialect(),
    name="share",
    entity=Share,
    brief=True,
    also=RENAMED,
    life=Life(
        creating="creating",
        deleting="deleting",
        deletable=("available", "error", "inactive"),
        completed=complete,
    ),
    listing=Listing(
        filters=(
            *("name", "status", "share_type_id", "share_network_id", "metadata"),
            *("host", "snapshot_id", "share_server_id"),
        ),
        # Asks for those of others that are public, too.
        matchers={
            "is_public": lambda shares, share, said: True,
            "name~": lambda shares, share, said: said in (share.name or ""),
        },
    ),
    create=create,
    ties=Ties(along={"access": "share_id"}),
    delete=delete,
    more=lambda shares, call, share, view: (
        {"volume_type": share.share_type_name} if view != BRIEF else {}
    ),
    visible=lambda shares, caller, each: each.is_public or caller.sees(each.project_id),
)
Metadata(SHARES, pairs)


def available(share: Share) -> Share:
    """Raises Fault 400."""
    if share.status != "available":
        raise Fault(400, f"Invalid share: New access rules cannot be applied while {share.status}.")
    return share


@SHARES.action("extend", "extend")
def extend(shares: SharedFileSystems, call: Call, share: Share, said: Any) -> None:
    size = _new_size("extend", said)
    if size <= available(share).size:
        both = f"(current: {share.size}, extended: {size})"
        raise invalid_input(f"New size for extend must be greater than current size. {both}.")
    shares.require_room(share.project_id, gigabytes=size - share.size)
    share.status = "extending"
    shares.shares.save(share)
    shares.advance(call, "share.resize", share, size=size)


@SHARES.action("shrink", "shrink")
def shrink(shares: SharedFileSystems, call: Call, share: Share, said: Any) -> None:
    size = _new_size("shrink", said)
    if not 0 < size < available(share).size:
        both = f"and greater than 0 (current: {share.size}, new: {size})"
        raise invalid_input(f"New size for shrink must be less than current size {both}.")
    share.status = "shrinking"
    shares.shares.save(share)
    shares.advance(call, "share.resize", share, size=size)


@SHARES.transitions.on("share.resize")
def resize(shares: SharedFileSystems, share: Share, args: dict[str, Any]) -> None:
    share.size, share.status = args["size"], "available"
    shares.shares.save(share)


def _new_size(verb: str, said: Any) -> int:
    """Raises Fault 400."""
    if not isinstance(said, dict) or "new_size" not in said:
        reason = "'new_size' is a required property"
        raise Fault(400, f"Invalid input for field/attribute {verb}. Value: {said}. {reason}")
    return int(DIALECT.checked("new_size", said["new_size"], integer(pattern="^[0-9]*$")))
