"""digest: the hash of a text."""

from __future__ import annotations

import hashlib

from isotherm.core.suggestions import suggest
from isotherm.core.values import Value
from isotherm.template.expressions import EvaluationError
from isotherm.template.functions.calls import Computed
from isotherm.template.functions.registry import function, hot

_ALGORITHMS = frozenset(
    name for name in hashlib.algorithms_available if not name.startswith("shake_")
)


@function("digest", hot("2015-04-30"))
class Digest(Computed):
    """The hash of a text."""

    __slots__ = ()
    syntax = "digest: [ALGORITHM, TEXT]"

    def apply(self, argument: Value) -> Value:
        if (
            not isinstance(argument, list)
            or len(argument) != 2
            or not all(isinstance(each, str) for each in argument)
        ):
            raise self.wrong_form()
        algorithm, text = argument
        if algorithm.lower() not in _ALGORITHMS:
            raise EvaluationError(
                f"there is no digest algorithm {algorithm!r}",
                hint=suggest(algorithm, _ALGORITHMS) or "md5, sha1, sha256, sha512 …",
                at=(0,),
            )
        # Texts beyond Latin-1 have no digest in the reference; they get that of their UTF-8 form.
        latin = all(char <= "\xff" for char in text)
        content = text.encode("latin-1" if latin else "utf-8")
        return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
