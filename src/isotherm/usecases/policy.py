"""Who may do what: the rules of oslo.policy, with each decision remembered."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from oslo_config import cfg
from oslo_policy import policy

from isotherm.core.errors import Forbidden
from isotherm.ports.cloud import Caller
from isotherm.usecases.policy_files import PolicyError, PolicyFiles

_log = logging.getLogger(__name__)

_REMEMBERED = 4096
_LOOK_SECONDS = 1.0
"""How often the files are looked at, at most."""
_TYPE_PREFIX = "resource_types:"


class Policy:
    """Decides by default rules and the operator's policy files.

    A decision depends only on the rule and on the caller's roles, project and scope, so
    it is worked out once for each combination. Files that have changed are read again; what
    cannot be used is told of, and the rules of before hold on.
    """

    def __init__(self, conf: cfg.ConfigOpts, now: Callable[[], float] = time.monotonic) -> None:
        """Raises PolicyError."""
        self._files = PolicyFiles(conf)
        self._now = now
        self._stamp = self._files.stamp()
        self._looked_at = now()
        self._use(self._files.enforcer())

    def tell_what_has_no_effect(self) -> None:
        for line in self.without_effect():
            _log.warning("[oslo_policy] policy_file: %s", line)

    def without_effect(self) -> list[str]:
        """What stands in the policy files or names them and decides nothing, a line each."""
        return list(self._files.without_effect())

    def _use(self, enforcer: policy.Enforcer) -> None:
        self._enforcer = enforcer
        self._type_rules = [
            name.removeprefix(_TYPE_PREFIX)
            for name in {**enforcer.registered_rules, **enforcer.rules}
            if name.startswith(_TYPE_PREFIX)
        ]
        self._decided: dict[tuple[Any, ...], bool] = {}

    def _look_for_changes(self) -> None:
        if self._now() - self._looked_at < _LOOK_SECONDS:
            return
        self._looked_at = self._now()
        try:
            stamp = self._files.stamp()
            if stamp == self._stamp:
                return
            self._stamp = stamp
            self._use(self._files.enforcer())
        except (PolicyError, OSError) as error:
            _log.error("%s; the rules of before hold on", error)
        else:
            _log.info("the policy files have changed and were read again")
            self.tell_what_has_no_effect()

    def allows(self, rule: str, caller: Caller, project_id: str) -> bool:
        self._look_for_changes()
        key = (
            rule,
            caller.roles,
            caller.project_id == project_id,
            caller.is_admin,
            caller.system_scope,
            # Rules of operators may name users, projects and domains.
            caller.user_id,
            caller.project_id,
            caller.domain_id,
        )
        decided = self._decided.get(key)
        if decided is None:
            if len(self._decided) >= _REMEMBERED:
                self._decided.clear()
            decided = self._decided[key] = self._ask(rule, caller, project_id)
        return decided

    def require(self, rule: str, caller: Caller, project_id: str = "") -> None:
        """Raises Forbidden."""
        if not self.allows(rule, caller, project_id or caller.project_id):
            raise Forbidden(f"You are not authorized to use {rule}.")

    def is_administrator(self, caller: Caller) -> bool:
        """Whether the things of all projects are the caller's to see and to change."""
        return self.allows("context_is_admin", caller, caller.project_id)

    def allows_type(self, type_name: str, caller: Caller) -> bool:
        """Whether the caller may use a resource type; types without a rule are for all."""
        return all(
            self.allows(_TYPE_PREFIX + pattern, caller, caller.project_id)
            for pattern in self._type_rules
            if fnmatchcase(type_name, pattern)
        )

    def _ask(self, rule: str, caller: Caller, project_id: str) -> bool:
        credentials = {
            "user_id": caller.user_id,
            "project_id": caller.project_id,
            "tenant": caller.project_id,
            "domain_id": caller.domain_id,
            "roles": list(caller.roles),
            "is_admin": caller.is_admin,
            "is_admin_project": True,
            "system_scope": caller.system_scope or None,
        }
        target = {"project_id": project_id, "user_id": caller.user_id}
        try:
            return bool(self._enforcer.enforce(rule, target, credentials))
        except policy.InvalidScope:
            return False
