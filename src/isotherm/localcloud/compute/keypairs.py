"""Routes of key pairs. They belong to users; administrators may name another user since 2.10."""

from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.compute import checks, keys, listing
from isotherm.localcloud.compute.dialect import read
from isotherm.localcloud.compute.entities import Keypair
from isotherm.localcloud.compute.faults import conflict, invalid, quota_exceeded
from isotherm.localcloud.compute.microversion import minor_of
from isotherm.localcloud.compute.routing import ComputeRoutes, require
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds import said
from isotherm.localcloud.kinds.checks import one_of, text

routes = ComputeRoutes()


def _name(pattern: str) -> Any:
    def check(value: Any) -> str:
        text(1, 255, pattern)(value)
        return checks.name_text(value)

    return said(check, required=True)


_CREATE = {
    "name": _name("^[_\\- a-zA-Z0-9]+$"),
    "type": said(one_of("ssh", "x509"), since=2),
    "public_key": said(text(1, 16384)),
    "user_id": said(text(1), since=10),
}
# Since 2.92 keys are not made any more, and names may have more in them.
_IMPORT = {
    **_CREATE,
    "name": _name("^[@._\\- a-zA-Z0-9]+$"),
    "public_key": said(text(1, 16384), required=True),
}


@routes.get("/os-keypairs", "keypair.list")
def list_keypairs(compute: Compute, call: Call) -> object:
    user_id = _user_id(call, call.argument("user_id"), "index")
    found = sorted(compute.keypairs.find(user_id=user_id), key=lambda pair: pair.name)
    minor = minor_of(call)
    more = False
    if minor >= 35:
        found, more = _page(call, found)
    body: dict[str, Any] = {"keypairs": [{"keypair": _brief(pair, minor)} for pair in found]}
    if more:
        body["keypairs_links"] = [listing.next_link(call, "/os-keypairs", found[-1].name)]
    return body


@routes.post("/os-keypairs", "keypair.create")
def create_keypair(compute: Compute, call: Call) -> Reply:
    minor = minor_of(call)
    wish = read(call, "keypair", _CREATE if minor < 92 else _IMPORT)
    user_id = _user_id(call, wish.get("user_id"), "create")
    name, type_ = wish["name"], wish.get("type", "ssh")
    private_key, public_key = None, wish.get("public_key")
    fingerprint = _fingerprint(public_key, type_) if public_key else ""
    _check_quota(compute, call, user_id)
    if compute.keypairs.find(user_id=user_id, name=name):
        raise conflict(f"Key pair '{name}' already exists.")
    if public_key is None:
        if type_ != "ssh":
            raise invalid("Certificates cannot be generated here: give a public_key.")
        private_key, public_key = keys.generate()
        fingerprint = keys.ssh_fingerprint(public_key)
    pair = Keypair(
        name=name,
        user_id=user_id,
        serial=max((known.serial for known in compute.keypairs), default=0) + 1,
        public_key=public_key,
        fingerprint=fingerprint,
        created_at=compute.now(),
        type=type_,
    )
    compute.keypairs.add(pair)
    shown = {**_brief(pair, minor), "user_id": user_id}
    if private_key is not None:
        shown["private_key"] = private_key
    return Reply(200 if minor < 2 else 201, {"keypair": shown})


@routes.get("/os-keypairs/{name}", "keypair.show")
def show_keypair(compute: Compute, call: Call) -> object:
    pair = _find(compute, call, "show")
    shown = {
        **_brief(pair, minor_of(call)),
        "user_id": pair.user_id,
        "created_at": iso_time(pair.created_at, suffix=".000000"),
        "deleted": False,
        "deleted_at": None,
        "id": pair.serial,
        "updated_at": None,
    }
    return {"keypair": shown}


@routes.delete("/os-keypairs/{name}", "keypair.delete")
def delete_keypair(compute: Compute, call: Call) -> Reply:
    compute.keypairs.remove(_find(compute, call, "delete").id)
    return Reply(202 if minor_of(call) < 2 else 204)


def _find(compute: Compute, call: Call, verb: str) -> Keypair:
    user_id = _user_id(call, call.argument("user_id"), verb)
    name = call.params["name"]
    found = compute.keypairs.find(user_id=user_id, name=name)
    if not found:
        raise Fault(404, f"Keypair {name} not found for user {user_id}")
    return found[0]


def _user_id(call: Call, wanted: str | None, verb: str) -> str:
    """Whose key pairs the request is about."""
    if wanted is None or minor_of(call) < 10 or wanted == call.caller.user_id:
        return call.caller.user_id
    require(call, f"os-keypairs:{verb}")
    return wanted


def _fingerprint(public_key: str, type_: str) -> str:
    try:
        if type_ == "x509":
            return keys.x509_fingerprint(public_key)
        return keys.ssh_fingerprint(public_key)
    except ValueError as error:
        raise invalid("Keypair data is invalid: failed to generate fingerprint") from error


def _check_quota(compute: Compute, call: Call, user_id: str) -> None:
    used = {"key_pairs": len(compute.keypairs.find(user_id=user_id))}
    if compute.quotas.exceeded(call.project_id, used, {"key_pairs": 1}):
        raise quota_exceeded("Quota exceeded, too many key pairs.")


def _page(call: Call, pairs: list[Keypair]) -> tuple[list[Keypair], bool]:
    """Pages of key pairs go by name, not by id."""
    marker, limit = call.argument("marker"), call.argument("limit") or "1000"
    if marker is not None:
        names = [pair.name for pair in pairs]
        if marker not in names:
            raise invalid(f"Marker {marker} could not be found.")
        pairs = pairs[names.index(marker) + 1 :]
    if not limit.isascii() or not limit.isdigit():
        raise invalid("limit param must be an integer that is not negative")
    return pairs[: int(limit)], 0 < int(limit) <= len(pairs)


def _brief(pair: Keypair, minor: int) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": pair.name,
        "public_key": pair.public_key,
        "fingerprint": pair.fingerprint,
    }
    if minor >= 2:
        shown["type"] = pair.type
    return shown
