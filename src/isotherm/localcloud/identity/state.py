"""Identity: people, projects, what they may do, and where services are."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from isotherm.localcloud.entities import Collection
from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.identity.catalogue import Catalogue
from isotherm.localcloud.identity.entities import (
    SYSTEM,
    ApplicationCredential,
    Assignment,
    Credential,
    Domain,
    Group,
    IdentityEntity,
    Project,
    Role,
    Token,
    Trust,
    User,
)
from isotherm.localcloud.identity.faults import not_found
from isotherm.localcloud.identity.secrets import hash_password, new_secret
from isotherm.localcloud.service import CatalogEntry, Frame, Service, Transitions

E = TypeVar("E", bound=IdentityEntity)

DEFAULT_DOMAIN = "default"
FIRST_USERS = {"admin": "admin", "demo": "demo", "isotherm": "service"}
"""Who is there from the start, each with the project of its own."""
_PASSWORDS = "identity.passwords"
TOKEN_LIFETIME = 24 * 3600.0


class Identity(Service):
    service_type = "identity"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.domains = self.collection("domain", Domain, index=("name",))
        self.projects = self.collection("project", Project, index=("name", "domain_id"))
        self.users = self.collection("user", User, index=("name", "domain_id"))
        self.groups = self.collection("group", Group, index=("name", "domain_id"))
        self.roles = self.collection("role", Role, index=("name",))
        self.assignments = self.collection(
            "assignment", Assignment, index=("actor_id", "target_id", "role_id"), listed=False
        )
        self.tokens = self.collection("token", Token, index=("user_id",), listed=False)
        self.trusts = self.collection("trust", Trust, index=("trustor_user_id", "trustee_user_id"))
        self.application_credentials = self.collection(
            "application_credential", ApplicationCredential, index=("user_id", "name")
        )
        self.credentials = self.collection("credential", Credential, index=("user_id", "access"))
        self.catalogue = Catalogue(self)
        self.seed_passwords: dict[str, str] = {}
        self._callers: dict[str, Caller] = {}

    # What the frame asks.

    def keep_seed_passwords(self, given: dict[str, str]) -> None:
        """Take the given passwords of the first users, else those from before, else new ones."""
        stored = self.frame.journal.load_setting(_PASSWORDS)
        before = msgspec.json.decode(stored, type=dict[str, str]) if stored else {}
        generated = {name: new_secret() for name in FIRST_USERS}
        self.seed_passwords = {**generated, **before, **given}
        self.frame.journal.put_setting(_PASSWORDS, msgspec.json.encode(self.seed_passwords))
        for name, password in given.items():
            if before.get(name) not in (None, password):
                for user in self.users.find(name=name, domain_id=DEFAULT_DOMAIN):
                    user.password_hash = hash_password(password)
                    self.users.save(user)

    def publish(self, entries: Sequence[CatalogEntry]) -> None:
        self.catalogue.publish(entries)

    def caller_of(self, token_id: str) -> Caller | None:
        """Who holds the token; None when it is unknown, expired, revoked or void."""
        token = self.tokens.get(token_id)
        if token is None or token.expires_at <= self.now():
            return None
        caller = self._callers.get(token_id)
        if caller is None:
            caller = self._resolve(token)
            if caller is not None:
                self._callers[token_id] = caller
        return caller

    def project_name(self, project_id: str) -> str | None:
        project = self.projects.get(project_id)
        return None if project is None else project.name

    def project_id(self, name: str) -> str:
        for project in self.projects.find(name=name, domain_id=DEFAULT_DOMAIN):
            return project.id
        raise KeyError(name)

    # Rights.

    def forget_callers(self) -> None:
        """Call after any change of people, projects, roles, trusts: rights are judged anew."""
        self._callers.clear()

    def roles_on(self, user_id: str, target_id: str) -> list[Role]:
        """Roles of the user on a project, domain or the system, implied ones included."""
        actors = [user_id, *(group.id for group in self.groups if user_id in group.user_ids)]
        found: dict[str, None] = {}
        for target, inherited in self._targets(target_id):
            for actor in actors:
                for assignment in self.assignments.find(actor_id=actor, target_id=target):
                    if assignment.inherited == inherited:
                        found[assignment.role_id] = None
        return self.implied(list(found))

    def _targets(self, target_id: str) -> list[tuple[str, bool]]:
        """The target itself, and what it inherits from."""
        targets = [(target_id, False)]
        project = self.projects.get(target_id)
        while project is not None:
            targets.append((project.parent_id, True))
            project = self.projects.get(project.parent_id)
        return targets

    def implied(self, role_ids: Sequence[str]) -> list[Role]:
        """The roles and all that they imply."""
        found: dict[str, Role] = {}
        waiting = list(role_ids)
        while waiting:
            role = self.roles.get(waiting.pop())
            if role is not None and role.id not in found:
                found[role.id] = role
                waiting.extend(role.implies)
        return list(found.values())

    def roles_of(self, token: Token) -> list[Role]:
        """The roles that the token carries now."""
        target = SYSTEM if token.system else token.project_id or token.domain_id
        if target is None:
            return []
        trust = self.trusts.get(token.trust_id) if token.trust_id else None
        holder = trust.trustor_user_id if trust else token.user_id
        held = self.roles_on(holder, target)
        allowed = self._delegated(token)
        return held if allowed is None else [role for role in held if role.id in allowed]

    def _delegated(self, token: Token) -> set[str] | None:
        """The roles that a trust or an application credential is limited to."""
        if token.trust_id is not None:
            trust = self.trusts.get(token.trust_id)
            return {role.id for role in self.implied(trust.role_ids)} if trust else set()
        if token.application_credential_id is not None:
            credential = self.application_credentials.get(token.application_credential_id)
            return {role.id for role in self.implied(credential.role_ids)} if credential else set()
        return None

    def _resolve(self, token: Token) -> Caller | None:
        user = self.users.get(token.user_id)
        if user is None or not user.enabled or not self.is_live(token):
            return None
        project = self.projects.get(token.project_id) if token.project_id else None
        roles = frozenset(role.name.lower() for role in self.roles_of(token))
        scoped = token.system or token.project_id or token.domain_id
        if scoped and not roles:
            return None
        credential_id = token.application_credential_id
        credential = self.application_credentials.get(credential_id) if credential_id else None
        return Caller(
            token_id=token.id,
            user_id=user.id,
            user_name=user.name,
            roles=roles,
            project_id=project.id if project else None,
            project_name=project.name if project else None,
            project_domain_id=project.domain_id if project else None,
            domain_id=token.domain_id,
            system=token.system,
            trust_id=token.trust_id,
            application_credential_id=credential_id,
            unrestricted=credential.unrestricted if credential else True,
        )

    def is_live(self, token: Token) -> bool:
        """Whether what the token stands on still exists and is enabled."""
        if token.project_id:
            project = self.projects.get(token.project_id)
            if project is None or not project.enabled or not self.is_enabled(project.domain_id):
                return False
        if token.domain_id and not self.is_enabled(token.domain_id):
            return False
        if token.trust_id and token.trust_id not in self.trusts:
            return False
        credential_id = token.application_credential_id
        return credential_id is None or credential_id in self.application_credentials

    def is_enabled(self, domain_id: str) -> bool:
        domain = self.domains.get(domain_id)
        return domain is not None and domain.enabled


def found(made: Collection[E], entity_id: str) -> E:
    """Raises Fault 404."""
    entity = made.get(entity_id)
    if entity is None:
        raise not_found(made.kind, entity_id)
    return entity


transitions = Transitions[Identity]()


@transitions.on("token.expire")
def expire(identity: Identity, token: Token, args: dict[str, object]) -> None:
    identity.tokens.remove(token.id)
    identity.forget_callers()
