"""The bytes of images: what they are, and parts of them."""

import re
from hashlib import md5, sha512

from isotherm.localcloud.image.entities import Image
from isotherm.localcloud.image.faults import bad_range, invalid

_QCOW2 = b"QFI\xfb"
_QCOW2_SIZE = slice(24, 32)
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(?:\d+|\*)")


def describe(image: Image, content: bytes) -> None:
    """Sizes and digests of the data."""
    image.size = len(content)
    image.virtual_size = _virtual_size(content) or None
    image.checksum = md5(content, usedforsecurity=False).hexdigest()
    image.os_hash_algo = "sha512"
    image.os_hash_value = sha512(content).hexdigest()


def _virtual_size(content: bytes) -> int:
    if content.startswith(_QCOW2):
        return int.from_bytes(content[_QCOW2_SIZE], "big")
    return len(content)


def part_of(size: int, range_: str | None, content_range: str | None) -> tuple[int, int] | None:
    """First and last byte that are asked for, None for all. Raises Fault 400, 416."""
    if range_ is not None:
        return _by_range(size, range_)
    if content_range is None:
        return None
    match = _CONTENT_RANGE.fullmatch(content_range)
    if match is None:
        raise bad_range("Invalid Content-Range header.")
    return _inside(size, int(match[1]), int(match[2]))


def _by_range(size: int, text: str) -> tuple[int, int]:
    if "," in text:
        raise invalid(
            "Requests with multiple ranges are not supported in Glance. "
            "You may make multiple single-range requests instead."
        )
    match = _RANGE.fullmatch(text.strip())
    if match is None or match[0] == "bytes=-":
        raise bad_range("Invalid Range header.")
    if not match[1]:
        return _inside(size, max(size - int(match[2]), 0), size - 1)
    return _inside(size, int(match[1]), int(match[2]) if match[2] else size - 1)


def _inside(size: int, first: int, last: int) -> tuple[int, int]:
    if first >= size:
        raise bad_range(
            "Invalid start position in Range header. "
            f"Start position MUST be in the inclusive range [0, {size - 1}]."
        )
    if last < first:
        raise bad_range("Invalid end position in Range header.")
    return first, min(last, size - 1)
