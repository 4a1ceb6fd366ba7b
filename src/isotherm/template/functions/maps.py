"""map_merge, map_replace: maps made from maps."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from isotherm.core.values import Value, key_text
from isotherm.template.expressions import EvaluationError
from isotherm.template.functions.calls import Computed
from isotherm.template.functions.registry import function, hot


@function("map_merge", hot("2016-04-08"))
class MapMerge(Computed):
    """Maps as one; later ones win, null counts as an empty map."""

    __slots__ = ()
    syntax = "map_merge: [MAP, …]"

    def apply(self, argument: Value) -> Value:
        if argument == "":
            return {}
        if not isinstance(argument, list):
            raise self.wrong_form()
        merged: dict[str, Value] = {}
        for index, each in enumerate(argument):
            if each is None:
                continue
            if not isinstance(each, Mapping):
                raise EvaluationError(f"only maps can be merged, not {each!r}", at=(index,))
            merged.update(each)
        return merged


@function("map_replace", hot("2016-10-14"))
class MapReplace(Computed):
    """A map with other keys or values."""

    __slots__ = ()
    syntax = "map_replace: [MAP, {keys: {OLD: NEW, …}, values: {OLD: NEW, …}}]"

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, list) or len(argument) != 2:
            raise self.wrong_form()
        source, rules = map(self._map, argument)
        if not rules.keys() <= {"keys", "values"}:
            raise self.wrong_form()
        keys, values = self._map(rules.get("keys")), self._map(rules.get("values"))
        result: dict[str, Value] = {}
        for key, value in source.items():
            new = keys.get(key)
            if new is None:
                new = key
            if not isinstance(new, (str, int, float)):
                raise self.wrong_form()
            if new != key and new in source:
                raise EvaluationError(f"the new key {new!r} is in the map already")
            replaceable = isinstance(value, Hashable) and value is not None
            result[key_text(new)] = values.get(value, value) if replaceable else value
        return result

    def _map(self, value: Value) -> Mapping[str, Value]:
        """``value`` as a map, null as an empty one."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self.wrong_form()
        return value
