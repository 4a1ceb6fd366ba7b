"""Who may do what: the rules of oslo.policy, with each decision remembered."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from oslo_config import cfg
from oslo_policy import policy

from isotherm.core.errors import Forbidden
from isotherm.ports.cloud import Caller
from isotherm.usecases.policy_rules import BASE, rules

_REMEMBERED = 4096
_TYPE_PREFIX = "resource_types:"


class Policy:
    """Decides by default rules and the operator's policy file.

    A decision depends only on the rule and on the caller's roles, project and scope, so
    it is worked out once for each combination; an edited policy file takes effect with
    the next process.
    """

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        self._enforcer = policy.Enforcer(conf)
        self._enforcer.suppress_deprecation_warnings = True
        self._enforcer.suppress_default_change_warnings = True
        self._enforcer.register_defaults(_defaults())
        self._enforcer.load_rules()
        self._type_rules = [
            name.removeprefix(_TYPE_PREFIX)
            for name in (*self._enforcer.registered_rules, *self._enforcer.rules)
            if name.startswith(_TYPE_PREFIX)
        ]
        self._decided: dict[tuple[Any, ...], bool] = {}

    def allows(self, rule: str, caller: Caller, project_id: str) -> bool:
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


def _defaults() -> list[policy.RuleDefault]:
    base = [policy.RuleDefault(name, check) for name, check in BASE.items()]
    return base + [_default(name, check, older) for name, check, older in rules()]


def _default(name: str, check: str, older: str | None) -> policy.RuleDefault:
    if older is None:
        return policy.RuleDefault(name, check)
    deprecated = policy.DeprecatedRule(
        name=name,
        check_str=older,
        deprecated_reason="Rules by role and project took its place.",
        deprecated_since="W",
    )
    return policy.RuleDefault(name, check, deprecated_rule=deprecated)
