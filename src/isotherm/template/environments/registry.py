"""The resource registry: which type stands for which, which steps wait or are forbidden."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from isotherm.core.suggestions import suggest
from isotherm.template.document import Findings, Path

HOOKS = ("pre-create", "pre-update", "pre-delete", "post-create", "post-update", "post-delete")
RESTRICTIONS = ("update", "replace")
_SECTION = "resource_registry"


class Types(Protocol):
    """Which types there are."""

    def lookup(self, type_name: str) -> object | None:
        """Something about the type; None where there is none of this name."""
        ...


@dataclass(frozen=True)
class ResourceRegistry:
    """``types`` maps type names (``*`` at the end stands for the rest) to types, files or URLs;
    an empty target is no mapping, and hides one of an environment below.

    ``resources`` holds by resource name (wildcards allowed) what is special about
    it: ``hooks``, ``restricted_actions``, types, and the same for nested resources.
    """

    types: Mapping[str, str] = field(default_factory=dict)
    resources: Mapping[str, Any] = field(default_factory=dict)
    base_url: str = ""
    removed: frozenset[str] = frozenset()
    """Names whose mapping an environment below is to lose."""
    wrapped: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Names that mean themselves again, inside of the templates that stand for them."""

    def resolve(self, type_name: str, resource: str = "", types: Types | None = None) -> str:
        """What stands for ``type_name``; itself if nothing does.

        Where it is known which ``types`` there are, a mapping that leads to none of them counts
        for nothing: the next one holds, a wildcard say, and in the end the type itself.
        """
        if not self.types and resource not in self.resources:
            return type_name
        found = None
        if types is not None:
            found = self._offered(type_name, resource, types, set())
        return found or self._last(type_name, resource)

    def _offered(self, type_name: str, resource: str, types: Types, asked: set[str]) -> str | None:
        """Where the first mapping leads that leads anywhere. A wildcard that feeds itself makes
        ever new names, so no more are ``asked`` for than there are mappings."""
        asked.add(type_name)
        for target in self._targets(type_name, resource):
            if target in asked or len(asked) > self._mappings(resource):
                continue
            if (found := self._offered(target, resource, types, asked)) is not None:
                return found
        offered = is_template(type_name) or types.lookup(type_name) is not None
        return type_name if offered else None

    def _last(self, type_name: str, resource: str) -> str:
        """Where mappings lead until a name maps to nothing, or to one that came before."""
        seen = {type_name}
        for _ in range(self._mappings(resource)):
            target = next(self._targets(type_name, resource), None)
            if target is None or target in seen:
                break
            seen.add(target)
            type_name = target
        return type_name

    def _mappings(self, resource: str) -> int:
        return len(self.types) + len(self.resources.get(resource) or ())

    def _targets(self, type_name: str, resource: str) -> Iterator[str]:
        """What a type is mapped to, for the resource itself first."""
        # Wildcards for resources hold for hooks and restrictions, never for types.
        special = self.resources.get(resource)
        if isinstance(special, Mapping):
            yield from _targets_in(special, type_name)
        yield from map(self._placed, _targets_in(self.types, type_name))

    def _about(self, resource: str) -> Iterator[Mapping[str, Any]]:
        for pattern, special in self.resources.items():
            if isinstance(special, Mapping) and fnmatch.fnmatchcase(resource, pattern):
                yield special

    def hooks(self, resource: str) -> frozenset[str]:
        """Where steps of a resource wait until somebody lets them go on."""
        return frozenset(_words(self._about(resource), "hooks"))

    def restricted_actions(self, resource: str) -> frozenset[str]:
        return frozenset(_words(self._about(resource), "restricted_actions"))

    def nested(self, resource: str, template: str = "") -> ResourceRegistry:
        """The registry inside the template behind a resource: what is said below its name.

        A type for which ``template`` stands means itself again, so that a template
        can wrap the very type that it replaces.
        """
        inside: dict[str, Any] = {}
        for special in self._about(resource):
            inside |= {key: each for key, each in special.items() if isinstance(each, Mapping)}
        types = dict(self.types)
        wrapped = {
            name: types.pop(name)
            for name, target in self.types.items()
            if template and self._placed(target) == template
        }
        wrapped = {**self.wrapped, **wrapped}
        return ResourceRegistry(types, inside, self.base_url, self.removed, wrapped)

    def about(self, name: str) -> str:
        """What to say of a name that stands for nothing although a mapping has it."""
        if self.types.get(name) == name:
            return "it is mapped to itself"
        if name in self.wrapped:
            template = self.wrapped[name]
            return f"inside of {template}, which stands for it, it means itself: no recursion"
        return ""

    def _placed(self, target: str) -> str:
        if self.base_url and is_template(target) and "://" not in target:
            return f"{self.base_url.rstrip('/')}/{target}"
        return target

    def overlaid(self, newer: ResourceRegistry) -> ResourceRegistry:
        """This registry with another on top."""
        kept = {name: each for name, each in self.types.items() if name not in newer.removed}
        return ResourceRegistry(
            {**kept, **newer.types},
            {**self.resources, **newer.resources},
            newer.base_url or self.base_url,
            (self.removed - newer.types.keys()) | newer.removed,
        )

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = dict(self.types)
        if self.base_url:
            data["base_url"] = self.base_url
        return {**data, "resources": {name: each for name, each in self.resources.items() if each}}


def is_template(type_name: str) -> bool:
    """Whether a type is a file or URL of a template rather than a name."""
    return type_name.endswith((".yaml", ".yml", ".json", ".template"))


def _targets_in(types: Mapping[str, Any], name: str) -> Iterator[str]:
    """Targets of the exact name, then of wildcards, the longest first."""
    targets = {key: each for key, each in types.items() if isinstance(each, str) and each}
    if name in targets:
        yield targets[name]
    wild = [each for each in targets if each.endswith("*") and name.startswith(each[:-1])]
    for pattern in sorted(wild, key=len, reverse=True):
        target = targets[pattern]
        # OS::Quantum* → OS::Neutron* keeps what the star stood for.
        yield target[:-1] + name[len(pattern) - 1 :] if target.endswith("*") else target


def _words(about: Iterator[Mapping[str, Any]], key: str) -> Iterator[str]:
    for special in about:
        words = special.get(key) or ()
        yield from [words] if isinstance(words, str) else words


def read_registry(data: Mapping[str, Any], findings: Findings) -> ResourceRegistry:
    """The registry of an environment, with findings where it is not one."""
    types: dict[str, str] = {}
    resources: Mapping[str, Any] = {}
    base_url = ""
    removed: set[str] = set()
    for name, target in data.items():
        if name == "resources":
            resources = target if isinstance(target, dict) else {}
            if target is not None and not isinstance(target, dict):
                findings.add((_SECTION, name), "resources must be a map")
        elif name == "base_url":
            base_url = target if isinstance(target, str) else ""
            if not isinstance(target, str | None):
                findings.add((_SECTION, name), "base_url must be text", slip=target == {})
        elif target is None:
            removed.add(name)
        elif isinstance(target, str):
            types[name] = target
        else:
            findings.add((_SECTION, name), "a type maps to a type, a file or a URL")
    for name, special in resources.items():
        _check_special((_SECTION, "resources", name), special, findings)
    return ResourceRegistry(types, resources, base_url, frozenset(removed))


def _check_special(path: Path, special: Any, findings: Findings) -> None:
    if special is None:
        return
    if not isinstance(special, dict):
        findings.add(path, "what is said about a resource must be a map")
        return
    for key, value in special.items():
        if key == "hooks":
            _check_words((*path, key), value, HOOKS, findings)
        elif key == "restricted_actions":
            _check_words((*path, key), value, RESTRICTIONS, findings)
        elif isinstance(value, dict):
            _check_special((*path, key), value, findings)
        elif not isinstance(value, str | None):
            findings.add((*path, key), "a type maps to a type, a file or a URL")


def _check_words(path: Path, value: Any, known: tuple[str, ...], findings: Findings) -> None:
    if value is None:
        return
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list):
        text = f"{value!r} is not one of {', '.join(known)}"
        findings.add(path, text, error="InvalidBreakPointHook")
        return
    for index, word in enumerate(words):
        if word not in known:
            text = f"{word!r} is not one of {', '.join(known)}"
            at = (*path, index) if isinstance(value, list) else path
            hint = suggest(str(word), known)
            findings.add(at, text, hint=hint, error="InvalidBreakPointHook")
