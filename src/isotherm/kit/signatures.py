"""What methods of types take and give, by short names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from isotherm.core.schema import Sibling
from isotherm.core.values import Value


@dataclass(frozen=True, slots=True)
class Candidate:
    """An object that may be the one an intent speaks of; ``created_at`` as the cloud tells it.

    One that is not ``exclusive`` goes by an id that other resources have too (an
    attachment by its volume's); others are no candidates where a row names them already.
    ``data`` is what a create would have noted of it.
    """

    physical_id: str
    created_at: str = ""
    exclusive: bool = True
    data: Mapping[str, Value] = field(default_factory=dict)


Values = Mapping[str, Value]
"""Properties by name as a template gives them; what is not known yet stands as Unknown."""
Problems = Iterable[tuple[str, str]]
"""Pairs of the path of a property and what is wrong with it."""
Siblings = Sequence[Sibling]
Names = Iterable[str]
Candidates = Sequence[Candidate]
