"""Routes under /v3/auth: tokens, and what they are good for."""

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.identity import tokens
from isotherm.localcloud.identity.authentication import AuthSection, authenticate
from isotherm.localcloud.identity.entities import Token
from isotherm.localcloud.identity.faults import forbidden, not_found
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.routing import Routes

routes = Routes[Identity]("/v3/auth")

_VARY = {"Vary": "X-Auth-Token"}


@routes.post("/tokens", "token.create", open=True)
def create_token(identity: Identity, call: Call) -> Reply:
    if "auth" not in call.json:
        raise Fault(400, "Expecting to find auth in request body.")
    proof, scope = authenticate(identity, call.read("auth", AuthSection))
    token = tokens.issue(identity, proof, scope)
    return _reply(identity, call, token, status=201)


@routes.get("/tokens", "token.show")
def show_token(identity: Identity, call: Call) -> Reply:
    return _reply(identity, call, _subject(identity, call), status=200)


@routes.delete("/tokens", "token.delete")
def delete_token(identity: Identity, call: Call) -> None:
    tokens.revoke(identity, _subject(identity, call))


@routes.get("/catalog", "catalog.show")
def show_catalog(identity: Identity, call: Call) -> object:
    caller = call.caller
    if not caller.roles:
        raise forbidden()
    catalog = identity.catalogue.render(call.base_url, caller.project_id, caller.user_id)
    return {"catalog": catalog, "links": {"self": call.url}}


def _reply(identity: Identity, call: Call, token: Token, *, status: int) -> Reply:
    with_catalog = call.argument("nocatalog") is None
    body = tokens.render(identity, token, call.base_url, catalog=with_catalog)
    return Reply(status, body, {"X-Subject-Token": token.id, **_VARY})


def _subject(identity: Identity, call: Call) -> Token:
    """The token that the request is about: the caller's own, or any for admin and service."""
    subject_id = call.headers.get("x-subject-token")
    if subject_id is None:
        raise not_found("token", "no token in the request")
    token = tokens.find_valid(identity, subject_id)
    caller = call.caller
    if not (caller.is_admin or "service" in caller.roles or token.user_id == caller.user_id):
        raise forbidden("identity:validate_token")
    return token
