"""The kit that services of the cloud are declared with: fields, lists, lives, dialects."""

from isotherm.localcloud.kinds.dialect import Dialect
from isotherm.localcloud.kinds.fields import (
    ABSENT,
    Field,
    Wish,
    merged,
    moment,
    named,
    said,
    said_only,
    shown,
)
from isotherm.localcloud.kinds.kind import Kind
from isotherm.localcloud.kinds.labels import Metadata
from isotherm.localcloud.kinds.lists import Asked, Listing, Lists, next_url
from isotherm.localcloud.kinds.lives import Life
from isotherm.localcloud.kinds.reading import Schema
from isotherm.localcloud.kinds.ties import Ties
from isotherm.localcloud.kinds.views import BRIEF, CHANGED, FULL, NEW

__all__ = [
    "ABSENT",
    "BRIEF",
    "CHANGED",
    "FULL",
    "NEW",
    "Asked",
    "Dialect",
    "Field",
    "Kind",
    "Life",
    "Listing",
    "Lists",
    "Metadata",
    "Schema",
    "Ties",
    "Wish",
    "merged",
    "moment",
    "named",
    "next_url",
    "said",
    "said_only",
    "shown",
]
