"""Types that threads of the store read are learnt before these begin."""

from __future__ import annotations

from typing import TypeVar

import msgspec

S = TypeVar("S", bound=msgspec.Struct)


def learnt(kind: type[S]) -> type[S]:
    """The kind itself, once msgspec knows it; to be called when a module is imported.

    msgspec learns a type when it first reads one, and shows it to other threads when it is
    half done: where two read it for the first time at once, the process ends by a segmentation
    fault.
    """
    msgspec.json.Decoder(kind)
    return kind
