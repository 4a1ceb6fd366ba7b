"""The operator's policy files: read whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import yaml
from oslo_config import cfg
from oslo_policy import policy

from isotherm.core.suggestions import suggest
from isotherm.usecases.policy_rules import BASE, rules

_USUAL_FILE = "policy.yaml"
"""What is read if it is there, where no option names a file."""

Stamp = tuple[tuple[str, int, int], ...]
"""Tells one state of the files from another."""


class PolicyError(Exception):
    """A policy file cannot be used; the text says which, and why."""


class PolicyFiles:
    """Those that the options of ``[oslo_policy]`` name; none of them has to exist."""

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        self._conf = conf

    def stamp(self) -> Stamp:
        """Of the files as they are now."""
        found = [(each, each.stat()) for each in self._files(policy.Enforcer(self._conf))]
        return tuple((str(each), status.st_mtime_ns, status.st_size) for each, status in found)

    def enforcer(self) -> policy.Enforcer:
        """With the default rules, and the files' on top. Raises PolicyError."""
        enforcer = policy.Enforcer(self._conf)
        enforcer.suppress_deprecation_warnings = True
        enforcer.suppress_default_change_warnings = True
        enforcer.register_defaults(_defaults())
        files = list(self._files(enforcer))
        _check_references({file: _rules_in(file) for file in files})
        enforcer.load_rules(force_reload=True)
        try:
            enforcer.check_rules(raise_on_violation=True)
        except policy.InvalidDefinitionError as error:
            named = ", ".join(map(str, files)) or "the rules"
            # The library has the names in its text alone.
            found = re.search(r"\[.*\]", str(error))
            circle = found[0] if found else str(error)
            raise PolicyError(f"{named}: rules that refer to themselves: {circle}") from None
        # It would read changed files by itself, and apply what it understands of them.
        enforcer.use_conf = False
        return enforcer

    def without_effect(self) -> Iterator[str]:
        """What an operator has written and nobody asks: files that are not there, and rules by
        names that no part of the service knows."""
        named = self._conf.oslo_policy.policy_file
        if named != _USUAL_FILE and self._conf.find_file(named) is None:
            yield f"{named} is not there; the default rules hold"
        known = {each.name for each in _defaults()}
        for file in self._files(policy.Enforcer(self._conf)):
            for name in yaml.safe_load(file.read_text(encoding="utf-8")) or ():
                if _is_of_the_service(name) and name not in known:
                    hint = suggest(name, known)
                    yield f"{file}: no rule is called {name}" + (f"; {hint}" if hint else "")

    def _files(self, enforcer: policy.Enforcer) -> Iterator[Path]:
        for name in (enforcer.policy_file, *self._conf.oslo_policy.policy_dirs):
            found = self._conf.find_file(name)
            if found is None:
                continue
            path = Path(found)
            listed = sorted(path.iterdir()) if path.is_dir() else [path]
            yield from (each for each in listed if each.is_file() and each.name[0] != ".")


def _is_of_the_service(name: str) -> bool:
    """Rules without a colon are an operator's own, for others to refer to; rules of types may be
    about types that there are not."""
    return ":" in name and not name.startswith("resource_types:")


def _check_references(files: Mapping[Path, Mapping[str, Any]]) -> None:
    known = {each.name for each in _defaults()}.union(*files.values())
    for file, found in files.items():
        for name, text in found.items():
            for other in re.findall(r"\brule:([^\s()\[\]'\",]+)", str(text)):
                if other not in known:
                    hint = suggest(other, known)
                    raise PolicyError(
                        f"{file}: the rule {name!r} refers to {other!r}, which is not there"
                        + (f"; {hint}" if hint else "")
                    )


def _rules_in(file: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(f"{file} cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PolicyError(f"{file} is no YAML: {' '.join(str(error).split())}") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise PolicyError(f"{file} is no map of rules")
    for name, text in content.items():
        if not _is_understood(text):
            raise PolicyError(f"{file}: the rule {name!r} cannot be understood: {text!r}")
    return {str(name): text for name, text in content.items()}


def _is_understood(text: Any) -> bool:
    """The library takes for "nobody" what it cannot read."""
    if text is not None and not isinstance(text, str | list):
        return False
    if isinstance(text, str) and text.strip() == "!":
        return True
    return str(policy.RuleDefault("tried", cast("str", text)).check) != "!"


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
