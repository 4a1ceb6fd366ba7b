"""Types of plug-ins, so that whatever is wrong with them is told, and harms nobody else."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Iterator
from typing import Any

from isotherm.core.errors import Refused, RemoteError
from isotherm.kit.outcomes import ReplaceInstead
from isotherm.kit.resource_type import AnyType, ResourceType

log = logging.getLogger(__name__)

_MAY_LACK = frozenset({"attribute", "fetch", "read"})
"""Raise LookupError for what there is not."""


class PluginFailed(Refused):
    """A method of a plug-in raised something that it should not have raised."""

    kind = "PluginFailed"


def guarded(resource_type: AnyType) -> AnyType:
    """The same type; what its methods raise without having been asked to becomes PluginFailed."""
    for name in _methods():
        setattr(resource_type, name, _guard(resource_type, name))
    return resource_type


def _methods() -> Iterator[str]:
    for name, value in vars(ResourceType).items():
        if inspect.isfunction(value) and not name.startswith("_") and name != "type_schema":
            yield name


def _guard(resource_type: AnyType, name: str) -> Callable[..., Any]:
    method = getattr(resource_type, name)
    asked = (RemoteError, ReplaceInstead, *((LookupError,) if name in _MAY_LACK else ()))

    def failed(error: Exception) -> PluginFailed:
        log.error("plug-in of %s: %s failed", resource_type.name, name, exc_info=error)
        text = f"{type(error).__name__}: {error}"
        return PluginFailed(f"The plug-in of {resource_type.name} failed in {name}: {text}")

    @functools.wraps(method)
    async def call_async(*arguments: Any, **options: Any) -> Any:
        try:
            return await method(*arguments, **options)
        except asked:
            raise
        except Exception as error:
            raise failed(error) from error

    @functools.wraps(method)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            result = method(*arguments, **options)
            # A generator would fail later, in other hands.
            return list(result) if inspect.isgenerator(result) else result
        except asked:
            raise
        except Exception as error:
            raise failed(error) from error

    return call_async if inspect.iscoroutinefunction(method) else call
