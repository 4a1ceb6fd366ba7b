"""resource_facade: what a nested template sees of the resource that it stands behind."""

from __future__ import annotations

from typing import ClassVar

from isotherm.core.values import Value
from isotherm.template.expressions import Literal, Surroundings
from isotherm.template.functions.calls import Lookup
from isotherm.template.functions.registry import cfn, function, hot


class _Facade(Lookup):
    __slots__ = ()
    parts_known: ClassVar[dict[str, str]] = {}

    def check(self) -> None:
        if isinstance(self.argument, Literal):
            self._part(self.argument.value)

    def read(self, around: Surroundings, argument: Value) -> Value:
        return around.facade(self._part(argument))

    def _part(self, argument: Value) -> str:
        part = self.parts_known.get(argument) if isinstance(argument, str) else None
        if part is None:
            raise self.wrong_form()
        return part


@function("resource_facade", hot())
class ResourceFacade(_Facade):
    """What the resource that a nested template stands behind says."""

    __slots__ = ()
    syntax = "resource_facade: metadata, deletion_policy or update_policy"
    parts_known: ClassVar[dict[str, str]] = {
        "metadata": "metadata",
        "deletion_policy": "deletion_policy",
        "update_policy": "update_policy",
    }


@function("Fn::ResourceFacade", cfn(), hot(before="2014-10-16"))
class FnResourceFacade(_Facade):
    """What the resource that a nested template stands behind says."""

    __slots__ = ()
    syntax = "Fn::ResourceFacade: Metadata, DeletionPolicy or UpdatePolicy"
    parts_known: ClassVar[dict[str, str]] = {
        "Metadata": "metadata",
        "DeletionPolicy": "deletion_policy",
        "UpdatePolicy": "update_policy",
    }
