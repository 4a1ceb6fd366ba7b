"""The cloud port, on OpenStack's APIs."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from msgspec import structs

from isotherm.cloud.accounts import log_in_plugin
from isotherm.cloud.endpoints import Microversion, lower, official_type
from isotherm.cloud.extensions import Extensions
from isotherm.cloud.places import Places
from isotherm.cloud.project_connection import ProjectConnection
from isotherm.cloud.public_addresses import PUBLIC_ONLY, AllowedSources
from isotherm.cloud.sessions import (
    CallerSession,
    Keystone,
    ServiceSession,
    Session,
)
from isotherm.cloud.settings import Settings
from isotherm.cloud.signatures import SignatureCache, as_identity_reads
from isotherm.cloud.single_flight import SingleFlight
from isotherm.cloud.stack_domain import IdentityStackDomain, domain_admin
from isotherm.cloud.standing_trusts import TRUSTS, how_to_give_one, standing_trust
from isotherm.cloud.tokens import TokenCache
from isotherm.cloud.transport import Counter, Transport
from isotherm.cloud.trust_marks import SPREADS, TrustMarks
from isotherm.core.clock import Clock
from isotherm.core.errors import Conflict, Denied, Gone, Lost, Refused, RemoteError
from isotherm.core.values import Secret, Value, reveal
from isotherm.kit.cloud_api import CloudApi
from isotherm.kit.connection import Reply, Request
from isotherm.ports.cloud import (
    Caller,
    Cloud,
    NotAuthenticated,
    SignedRequest,
    StackDomain,
    UnknownAccessKey,
)

log = logging.getLogger(__name__)

ASK_AGAIN_AFTER = 60.0
"""Seconds after which a service that did not tell its microversions is asked again."""

_NO_DOMAIN = (
    "Users of stacks need a domain: set [DEFAULT] stack_user_domain_name, stack_domain_admin "
    "and stack_domain_admin_password."
)

_LENT = "lent"
"""Marks the credentials of a delegation that is not this stack's to end."""


def _count_nothing(service: str, method: str, status: int, seconds: float) -> None:
    pass


class OpenStackCloud(Cloud):
    """See ``Cloud``. To be made and used within one event loop; ``count`` is told of every
    request. Other clouds that users name lie on the public internet, or where ``allowed`` says.
    Raises SettingsError for settings that cannot work."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        count: Counter = _count_nothing,
        allowed: AllowedSources = PUBLIC_ONLY,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._marks = TrustMarks(settings.deployment_number)
        self._transport = Transport(settings, clock, count)
        self._places = Places(settings, clock, count, allowed)
        self._keystone = Keystone(settings)
        own = log_in_plugin(*settings.log_in)[0] if settings.log_in else None
        self._service = ServiceSession(settings, self._keystone, clock, plugin=own)
        self._tokens = TokenCache(settings, clock, self._describe_token)
        self._signatures = SignatureCache(settings, clock, self._check_signature)
        self._delegates: OrderedDict[str, ServiceSession] = OrderedDict()
        self._highest: dict[str, Microversion] = {}
        self._ask_again_at: dict[str, float] = {}
        self._extensions = Extensions(clock)
        self._discoveries: SingleFlight[str, Microversion] = SingleFlight()
        plugin = domain_admin(settings)
        admin = self._service
        if plugin is not None:
            admin = ServiceSession(settings, self._keystone, clock, plugin=plugin)
        self._domain_admin = admin
        self._stack_domain = IdentityStackDomain(
            settings,
            self._keystone,
            admin,
            self._api(admin),
            reach=lambda plugin: self._api(
                ServiceSession(settings, self._keystone, clock, plugin=plugin)
            ),
        )

    async def authenticate(self, token: str) -> Caller:
        """As in the protocol; RemoteError where identity cannot be asked."""
        return (await self._tokens.look_up(token))[0]

    async def delegate(self, caller: Caller) -> Value:
        """A trust: the service user may do in the project what the caller may; the one by which
        a service of this account has sent the request, where it has. Raises NotAuthenticated,
        RemoteError; Denied also where the token may not be used for it."""
        if caller.trust_id and (lent := await self._lent(caller)) is not None:
            return lent
        try:
            return await self._delegated(caller)
        except Denied:
            if not caller.by_own_key:
                raise
            return await self._given_once(caller)

    async def _delegated(self, caller: Caller) -> Value:
        api = await self.connect_caller(caller)
        wanted = await self._wanted_trust(caller)
        for spread in SPREADS[:-1]:
            with suppress(Conflict):  # another trust has this mark: draw again
                return await self._take_trust(api, wanted, spread)
        return await self._take_trust(api, wanted, SPREADS[-1])

    async def _take_trust(self, api: CloudApi, wanted: Mapping[str, Any], spread: int) -> Value:
        """Raises Conflict where there is another with the mark that was drawn."""
        wanted = {**wanted, "expires_at": self._marks.mark(self._clock.now(), spread)}
        try:
            reply = await api.call("identity", "POST", TRUSTS, {"trust": wanted})
        except Conflict:
            raise
        except (Denied, Refused, Gone, Lost) as error:
            if error.passes and (trust := await _taken_unheard(api, wanted)) is not None:
                return _credentials(trust)
            if isinstance(error, Lost):
                raise
            raise type(error)(
                f"The token may not be used to delegate to the service: {error.message}",
                status=error.status,
                request_id=error.request_id,
            ) from error
        return _credentials(reply["trust"])

    async def delegations(self, before: datetime) -> list[Value]:
        """As in the protocol. Raises RemoteError."""
        trustee, now = await self._service.user_id(), self._clock.now()
        query = urlencode({"trustee_user_id": trustee})
        listed = await self._api(self._service).call("identity", "GET", f"{TRUSTS}?{query}")
        return [
            _credentials(trust)
            for trust in listed["trusts"]
            if (taken := self._marks.taken_at(trust.get("expires_at"), now)) and taken < before
        ]

    async def gives_access(self, credentials: Value) -> bool:
        """As in the protocol."""
        trust_id = _trust_id(credentials)
        api = await self.connect(credentials)
        try:
            await api.call("identity", "GET", f"{TRUSTS}/{trust_id}")
        except (Denied, Gone):
            self._delegates.pop(trust_id, None)
            return False
        return True

    async def revoke(self, credentials: Value) -> None:
        """As in the protocol; fine also where the trustor is gone and the trust worth nothing."""
        trust_id = _trust_id(credentials)
        if reveal(credentials).get(_LENT):
            return
        session = self._delegates.pop(trust_id, None) or self._trust_session(trust_id)
        try:
            await self._api(session).call("identity", "DELETE", f"{TRUSTS}/{trust_id}")
        except Gone:
            pass
        except Denied as error:
            told = str(error).replace(trust_id, "…")
            log.info("A delegation that gives no access is left as it is: %s", told)

    async def connect(self, credentials: Value) -> CloudApi:
        """As in the protocol. Logs in at the first call, which raises Denied where the trust
        is over."""
        trust_id = _trust_id(credentials)
        session = self._delegates.get(trust_id)
        if session is None:
            session = self._delegates[trust_id] = self._trust_session(trust_id)
        self._delegates.move_to_end(trust_id)
        while len(self._delegates) > self._settings.cached_sessions:
            self._delegates.popitem(last=False)
        return self._api(session)

    async def connect_caller(self, caller: Caller) -> CloudApi:
        """As in the protocol. Raises NotAuthenticated, RemoteError."""
        _, access = await self._tokens.look_up(caller.token)
        catalogue = self._keystone.catalogues.of(access)
        return self._api(CallerSession(caller.token, catalogue, self._tokens.forget))

    async def connect_account(self) -> CloudApi:
        """The cloud as the configured account itself sees it: for commands of its owner."""
        return self._api(self._service)

    async def services(self) -> frozenset[str]:
        """As in the protocol; each under all names it is known by. Raises RemoteError."""
        return (await self._service.catalogue()).services

    async def extensions(self, service: str) -> frozenset[str]:
        """As in the protocol."""
        return await self._extensions.of(service, self._api(self._service))

    async def region(self) -> str:
        """The region in use. Raises RemoteError where only the catalogue can tell."""
        return self._settings.region or (await self._service.catalogue()).region

    async def orchestration(self, project_id: str) -> str:
        """As in the protocol."""
        catalogue = await self._service.catalogue()
        url = catalogue.base_url("orchestration")
        return f"{url.removesuffix(catalogue.project_id).rstrip('/')}/{project_id}"

    async def cloudformation(self) -> str:
        """As in the protocol: where the settings say, else the catalogue."""
        if self._settings.cloudformation_url:
            return self._settings.cloudformation_url
        return (await self._service.catalogue()).base_url("cloudformation")

    async def metadata_server(self) -> str:
        """As in the protocol: where the settings say, with the version or without."""
        told = self._settings.metadata_url.rstrip("/")
        if not told:
            return await self.cloudformation()
        return told if told.endswith("/v1") else f"{told}/v1"

    async def authenticate_signed(self, request: SignedRequest) -> Caller:
        """As in the protocol."""
        return await self._signatures.look_up(request)

    def stack_domain(self) -> StackDomain:
        """As in the protocol."""
        if not self._settings.stack_domain.is_there:
            raise Refused(_NO_DOMAIN)
        return self._stack_domain

    async def try_stack_domain(self) -> None:
        """Let the domain's administrator in, and ask whose token that is, as for each request:
        that takes a service account which may know about others. Raises RemoteError."""
        self.stack_domain()
        await self.authenticate(await self._domain_admin.token())

    async def close(self) -> None:
        await self._transport.close()
        await self._places.close()

    def _api(self, session: Session) -> CloudApi:
        return CloudApi(ProjectConnection(session, self._transport, self._negotiate, self._places))

    def _trust_session(self, trust_id: str) -> ServiceSession:
        return ServiceSession(self._settings, self._keystone, self._clock, trust_id=trust_id)

    async def _lent(self, caller: Caller) -> Value | None:
        """The trust that the caller's token is of, if this service may log in with it: it
        belongs to the stack whose resource the request is about, and ends with that."""
        api = await self.connect_caller(caller)
        trust = (await api.call("identity", "GET", f"{TRUSTS}/{caller.trust_id}"))["trust"]
        if trust.get("trustee_user_id") != await self._service.user_id():
            return None
        return {**_credentials(trust), _LENT: True}

    async def _given_once(self, caller: Caller) -> Value:
        """Where identity lets nobody delegate by key pairs. Raises Denied, with the remedy."""
        service, trustee_id = self._api(self._service), await self._service.user_id()
        trust = await standing_trust(service, caller, trustee_id, self._clock.now())
        if trust is None:
            _, access = await self._tokens.look_up(caller.token)
            raise Denied(how_to_give_one(caller, access.role_ids or (), trustee_id))
        return {**_credentials(trust), _LENT: True}

    async def _wanted_trust(self, caller: Caller) -> Mapping[str, Any]:
        return {
            "trustor_user_id": caller.user_id,
            "trustee_user_id": await self._service.user_id(),
            "project_id": caller.project_id,
            "impersonation": True,
            "allow_redelegation": self._settings.allow_redelegation,
            "roles": [{"name": name} for name in self._settings.delegated_roles or caller.roles],
        }

    async def _describe_token(self, token: str) -> Mapping[str, Any]:
        if not (token.isascii() and token.isprintable() and token):
            raise NotAuthenticated("The token is not valid.")
        try:
            body: Mapping[str, Any] = await self._api(self._service).call(
                "identity", "GET", "/auth/tokens", headers={"X-Subject-Token": token}
            )
        except Gone:
            raise NotAuthenticated("The token is not valid.") from None
        return body

    async def _check_signature(self, request: SignedRequest) -> Caller:
        try:
            try:
                reply = await self._send_signed(request)
            except Denied as error:
                # It may be our own token that is refused, and not the signature.
                if error.status != 401 or await self._own_token_is_good():
                    raise
                reply = await self._send_signed(request)
        except Gone:
            raise UnknownAccessKey("There is no such access key.") from None
        except Denied as error:
            if error.status != 401:
                raise
            raise NotAuthenticated("The signature is not valid.") from None
        caller = self._tokens.put(reply.headers["X-Subject-Token"], reply.body)
        narrowed = caller.trust_id or "application_credential" in reply.body["token"]
        return structs.replace(caller, by_own_key=not narrowed)

    async def _send_signed(self, request: SignedRequest) -> Reply:
        body = {"credentials": as_identity_reads(request)}
        asked = Request("identity", "POST", "/ec2tokens", body, keeps_token=True)
        return await self._api(self._service).connection.send(asked)

    async def _own_token_is_good(self) -> bool:
        """Whether the service's token is; if it was not, there is a new one now."""
        try:
            await self._describe_token(await self._service.token())
        except NotAuthenticated:
            return False
        return True

    async def _negotiate(self, service: str, wanted: str) -> str:
        """What is sent where the service cannot be asked is what was wanted."""
        kind = official_type(service)
        if kind not in self._highest and not await self._discover(kind):
            return wanted
        return lower(wanted, self._highest[kind])

    async def _discover(self, kind: str) -> bool:
        """Learn the highest microversion; whether that went well. Failures are remembered
        for a while, so that they do not cost every call."""
        if self._clock.monotonic() < self._ask_again_at.get(kind, 0.0):
            return False
        try:
            self._highest[kind] = await self._discoveries.run(
                kind, lambda: self._highest_microversion(kind)
            )
        except RemoteError as error:
            log.warning("Microversions of %s are not known: %s", kind, error)
            self._ask_again_at[kind] = self._clock.monotonic() + ASK_AGAIN_AFTER
            return False
        return True

    async def _highest_microversion(self, service: str) -> Microversion:
        endpoint = (await self._service.catalogue()).base_url(service)
        return await self._keystone.highest_microversion(self._service.plugin, endpoint)


async def _taken_unheard(api: CloudApi, wanted: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The trust that was asked for, if it is there although the answer did not say so."""
    query = urlencode({"trustor_user_id": wanted["trustor_user_id"]})
    listed = await api.call("identity", "GET", f"{TRUSTS}?{query}")
    mark = wanted["expires_at"]
    return next((each for each in listed["trusts"] if each.get("expires_at") == mark), None)


def _credentials(trust: Mapping[str, Any]) -> dict[str, Value]:
    return {
        "trust_id": Secret(trust["id"]),
        "trustor_user_id": trust["trustor_user_id"],
        "project_id": trust["project_id"],
    }


def _trust_id(credentials: Value) -> str:
    opened = reveal(credentials)
    trust_id = opened.get("trust_id") if isinstance(opened, Mapping) else None
    if not isinstance(trust_id, str) or not trust_id:
        raise Denied("The credentials name no trust.")
    return trust_id
