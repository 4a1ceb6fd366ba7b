"""Routes of credentials, of EC2 key pairs and of the tokens that signed requests get."""

from typing import Any

import msgspec

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.identity import credentials, tokens
from isotherm.localcloud.identity.dialect import DIALECT
from isotherm.localcloud.identity.entities import Credential
from isotherm.localcloud.identity.faults import forbidden, invalid, not_found, unauthorized
from isotherm.localcloud.identity.policies import require_owner
from isotherm.localcloud.identity.rendering import filtered, link, listing, read
from isotherm.localcloud.identity.signatures import (
    SignedRequest,
    is_ec2_signature,
    is_s3_signature,
)
from isotherm.localcloud.identity.state import Identity, found
from isotherm.localcloud.identity.tokens import Proof, Scope
from isotherm.localcloud.routing import Routes

routes = Routes[Identity]("/v3")
_EC2 = "/users/{user_id}/credentials/OS-EC2"


class CredentialWish(msgspec.Struct, kw_only=True):
    type: str
    blob: str
    user_id: str | None = None
    project_id: str | None = None


class CredentialChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    blob: str


@routes.post("/credentials", "credential.create", status=201)
def create_credential(identity: Identity, call: Call) -> object:
    wish = read(call, "credential", CredentialWish)
    user_id = wish.user_id or call.caller.user_id
    require_owner(call, user_id, "create_credential")
    _refuse_delegated(call)
    if wish.type == credentials.EC2 and wish.project_id is None:
        raise DIALECT.required("credential", "project_id", call.json["credential"])
    made = credentials.create(
        identity, user_id, type_=wish.type, blob=wish.blob, project_id=wish.project_id
    )
    return {"credential": show(call, made)}


@routes.get("/credentials", "credential.list")
def list_credentials(identity: Identity, call: Call) -> object:
    caller = call.caller
    delegated = caller.trust_id or caller.application_credential_id
    seen = [
        each
        for each in filtered(identity.credentials, call, "user_id", "type")
        if not delegated and (caller.is_admin or each.user_id == caller.user_id)
    ]
    return listing(call, "credentials", [show(call, each) for each in seen])


@routes.get("/credentials/{credential_id}", "credential.show")
def get_credential(identity: Identity, call: Call) -> object:
    return {"credential": show(call, _own(identity, call, "get_credential"))}


@routes.patch("/credentials/{credential_id}", "credential.update")
def update_credential(identity: Identity, call: Call) -> object:
    credential = _own(identity, call, "update_credential")
    credential.blob = read(call, "credential", CredentialChange).blob
    return {"credential": show(call, identity.credentials.save(credential))}


@routes.delete("/credentials/{credential_id}", "credential.delete")
def delete_credential(identity: Identity, call: Call) -> None:
    identity.credentials.remove(_own(identity, call, "delete_credential").id)


@routes.post(_EC2, "ec2_credential.create", status=201)
def create_ec2_credential(identity: Identity, call: Call) -> object:
    user_id = call.params["user_id"]
    require_owner(call, user_id, "ec2_create_credential")
    _refuse_delegated(call)
    project_id = str(call.json.get("tenant_id"))
    return {"credential": show_ec2(call, credentials.create_ec2(identity, user_id, project_id))}


@routes.get(_EC2, "ec2_credential.list")
def list_ec2_credentials(identity: Identity, call: Call) -> object:
    user_id = call.params["user_id"]
    require_owner(call, user_id, "ec2_list_credentials")
    _refuse_delegated(call)
    own = identity.credentials.find(user_id=user_id)
    shown = [show_ec2(call, each) for each in own if each.type == credentials.EC2]
    return listing(call, "credentials", shown)


@routes.get(_EC2 + "/{access}", "ec2_credential.show")
def get_ec2_credential(identity: Identity, call: Call) -> object:
    return {"credential": show_ec2(call, _own_ec2(identity, call, "ec2_get_credential"))}


@routes.delete(_EC2 + "/{access}", "ec2_credential.delete")
def delete_ec2_credential(identity: Identity, call: Call) -> None:
    identity.credentials.remove(_own_ec2(identity, call, "ec2_delete_credential").id)


@routes.post("/ec2tokens", "ec2_token.create")
def create_ec2_token(identity: Identity, call: Call) -> Reply:
    request, credential = _signed(identity, call, "ec2tokens_validate")
    pair = credentials.read_ec2(credential)
    if not is_ec2_signature(request, pair.secret, identity.now()):
        raise unauthorized()
    return _reply(identity, call, credential, pair)


@routes.post("/s3tokens", "s3_token.create")
def create_s3_token(identity: Identity, call: Call) -> Reply:
    request, credential = _signed(identity, call, "s3tokens_validate")
    pair = credentials.read_ec2(credential)
    if not is_s3_signature(request, pair.secret):
        raise unauthorized()
    return _reply(identity, call, credential, pair)


def _signed(identity: Identity, call: Call, rule: str) -> tuple[SignedRequest, Credential]:
    """What was signed and by whose key. Only services may ask."""
    if not (call.caller.is_admin or "service" in call.caller.roles):
        raise forbidden(f"identity:{rule}")
    if not call.json:
        raise invalid("request must include a request body")
    key = "ec2Credentials" if "ec2Credentials" in call.json else "credentials"
    request = read(call, key, SignedRequest)
    if not request.access or not request.signature:
        raise unauthorized()
    credential = identity.credentials.get(credentials.id_of(request.access))
    if credential is None or credential.type != credentials.EC2:
        raise Fault(404, "EC2 access key not found.")
    return request, credential


def _reply(
    identity: Identity, call: Call, credential: Credential, pair: credentials.Ec2Blob
) -> Reply:
    """A token of the key pair's user for its project, or by the trust it came of."""
    user = identity.users.get(credential.user_id)
    trust = identity.trusts.get(pair.trust_id) if pair.trust_id else None
    if user is None or not user.enabled or (pair.trust_id and trust is None):
        raise unauthorized()
    project_id = trust.project_id if trust else credential.project_id
    holder = trust.trustor_user_id if trust else user.id
    if project_id is None or not identity.roles_on(holder, project_id):
        raise unauthorized()
    scope = Scope(project_id=project_id, trust_id=trust.id if trust else None)
    token = tokens.issue(identity, Proof(user, ("ec2credential",)), scope)
    with_catalog = call.argument("nocatalog") is None
    body = tokens.render(identity, token, call.base_url, catalog=with_catalog)
    return Reply(200, body, {"X-Subject-Token": token.id, "Vary": "X-Auth-Token"})


def _own(identity: Identity, call: Call, rule: str) -> Credential:
    credential = identity.credentials.get(call.params["credential_id"])
    if credential is None and call.caller.is_admin:
        raise not_found("credential", call.params["credential_id"])
    if credential is None:
        raise forbidden(f"identity:{rule}")
    require_owner(call, credential.user_id, rule)
    _refuse_delegated(call)
    return credential


def _own_ec2(identity: Identity, call: Call, rule: str) -> Credential:
    require_owner(call, call.params["user_id"], rule)
    _refuse_delegated(call)
    credential = found(identity.credentials, credentials.id_of(call.params["access"]))
    require_owner(call, credential.user_id, rule)
    return credential


def _refuse_delegated(call: Call) -> None:
    if call.caller.trust_id or call.caller.application_credential_id:
        raise forbidden("Delegated tokens cannot access credentials directly")


def show(call: Call, credential: Credential) -> dict[str, Any]:
    return {
        "id": credential.id,
        "user_id": credential.user_id,
        "project_id": credential.project_id,
        "type": credential.type,
        "blob": credential.blob,
        "links": {"self": link(call, f"credentials/{credential.id}")},
    }


def show_ec2(call: Call, credential: Credential) -> dict[str, Any]:
    pair = credentials.read_ec2(credential)
    path = f"users/{credential.user_id}/credentials/OS-EC2/{pair.access}"
    return {
        "user_id": credential.user_id,
        "tenant_id": credential.project_id,
        "access": pair.access,
        "secret": pair.secret,
        "trust_id": pair.trust_id,
        "links": {"self": link(call, path)},
    }
