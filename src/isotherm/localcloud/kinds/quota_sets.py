"""Limits of projects as clients read and set them: a set of numbers per project."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds.checks import Check, integer
from isotherm.localcloud.kinds.dialect import Dialect
from isotherm.localcloud.quotas import UNLIMITED, Quotas
from isotherm.localcloud.service import Service

S = TypeVar("S", bound=Service)


class QuotaSets(Generic[S]):
    """The routes of a service's quotas; a subclass says what is otherwise.

    Below `path`: a project's limits, `/<defaults>` of all, `/<detail>` with what is used. The
    service has its `Quotas` as `quotas`. `flags` are no limits, but may stand among them; with
    `force` a limit may be less than what is used already.
    """

    path = "/os-quota-sets"
    key = "quota_set"
    defaults = "defaults"
    details: ClassVar[tuple[str, ...]] = ("detail",)
    flags: ClassVar[tuple[str, ...]] = ("force",)
    admins: ClassVar[Mapping[str, str]] = {}
    delete_status = 200
    used_name = "in_use"
    check: Check = staticmethod(integer(UNLIMITED, 2**31 - 1))

    def __init__(self, dialect: Dialect[S], name: str = "quota") -> None:
        self.dialect, self.routes = dialect, dialect.routes()
        one, routes = f"{self.path}/{{target}}", self.routes
        routes.get(one, f"{name}.show")(self._show)
        routes.get(f"{one}/{self.defaults}", f"{name}.show_defaults")(self._show_defaults)
        for word in self.details:
            routes.get(f"{one}/{word}", f"{name}.show_details")(self._show_details)
        routes.put(one, f"{name}.update")(self._update)
        routes.delete(one, f"{name}.delete", status=self.delete_status)(self._delete)

    # What a service says.

    def quotas(self, service: S) -> Quotas:
        found: Quotas = getattr(service, "quotas")  # noqa: B009 -- not every service has them
        return found

    def limits(self, service: S, project_id: str) -> dict[str, int]:
        return self.quotas(service).limits(project_id)

    def default_limits(self, service: S) -> dict[str, int]:
        return self.quotas(service).defaults

    def used(self, service: S, project_id: str) -> Mapping[str, int]:
        return {}

    def known(self, service: S, call: Call) -> Iterable[str]:
        """Those that the request may set."""
        return self.default_limits(service)

    def require(self, service: S, call: Call, project_id: str, verb: str) -> None:
        """Raises Fault 403 for whoever may not `show`, `update` or `delete` the limits."""
        if verb == "show" and call.caller.sees(project_id):
            return
        if not call.caller.is_admin:
            raise self.dialect.forbidden(self.admins.get(verb, verb))

    def shown(
        self, service: S, call: Call, values: Mapping[str, Any], project_id: str | None
    ) -> object:
        """The body of a reply; without the project it is that of a change."""
        return {self.key: values}

    def unknown(self, names: list[str], said: object) -> Fault:
        refusal = self.dialect.unknown(self.key, names, said)
        return refusal or Fault(400, f"Bad key(s) in quota set: {', '.join(names)}")

    def too_low(self, name: str, limit: int, used: int) -> Fault:
        return Fault(
            400,
            f"Quota limit {limit} for {name} must be greater than or equal to already used {used}",
        )

    def absent(self, project_id: str) -> Fault | None:
        """Where a project whose limits were never set has none to delete. None: so be it."""
        return None

    # The routes.

    def _show(self, service: S, call: Call) -> object:
        project_id = call.params["target"]
        self.require(service, call, project_id, "show")
        return self.shown(service, call, self.limits(service, project_id), project_id)

    def _show_defaults(self, service: S, call: Call) -> object:
        self.require(service, call, call.params["target"], "show")
        return self.shown(service, call, self.default_limits(service), call.params["target"])

    def _show_details(self, service: S, call: Call) -> object:
        project_id = call.params["target"]
        self.require(service, call, project_id, "show")
        return self.shown(service, call, self.detailed(service, project_id), project_id)

    def detailed(self, service: S, project_id: str) -> dict[str, dict[str, int]]:
        used = self.used(service, project_id)
        return {
            name: {"limit": limit, self.used_name: used.get(name, 0), "reserved": 0}
            for name, limit in self.limits(service, project_id).items()
        }

    def _update(self, service: S, call: Call) -> object:
        project_id = call.params["target"]
        self.require(service, call, project_id, "update")
        said = self.dialect.body(call, self.key)
        if not isinstance(said, dict):
            raise self.dialect.no_object(self.key, said)
        if not said and (refusal := self.dialect.nothing(self.key)):
            raise refusal
        known = set(self.known(service, call))
        if strange := sorted(name for name in said if name not in known and name not in self.flags):
            raise self.unknown(strange, said)
        wish = {
            name: self.dialect.checked(name, value, self.check)
            for name, value in said.items()
            if name not in self.flags
        }
        if str(said.get("force", "")).lower() not in ("true", "1"):
            self.refuse_too_low(service, project_id, wish)
        self.quotas(service).update(project_id, wish)
        return self.shown(service, call, self.limits(service, project_id), None)

    def refuse_too_low(self, service: S, project_id: str, wish: Mapping[str, int]) -> None:
        used = self.used(service, project_id)
        for name, limit in wish.items():
            if 0 <= limit < used.get(name, 0):
                raise self.too_low(name, limit, used[name])

    def _delete(self, service: S, call: Call) -> None:
        project_id = call.params["target"]
        self.require(service, call, project_id, "delete")
        refusal = self.absent(project_id)
        if refusal is not None and project_id not in self.quotas(service).changed():
            raise refusal
        self.quotas(service).reset(project_id)
