"""Bodies that clients compress: boto3 does where they are long."""

from __future__ import annotations

import zlib

from isotherm.api.aws.faults import InvalidParameterValue
from isotherm.core.errors import RequestLimitExceeded

_GZIP = 16 + zlib.MAX_WBITS


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """What ``Content-Encoding`` says was packed. Raises AwsFault, and RequestLimitExceeded for more
    than ``limit`` bytes, of which no more are unpacked."""
    if encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() != "gzip":
        raise InvalidParameterValue(f"Content-Encoding {encoding[:40]} is not supported: use gzip.")
    unpacking = zlib.decompressobj(_GZIP)
    try:
        found = unpacking.decompress(body, limit + 1)
    except zlib.error:
        raise InvalidParameterValue("The body is not gzip, as its Content-Encoding says.") from None
    if len(found) > limit:
        raise RequestLimitExceeded(
            f"Request limit exceeded: unpacked, the body exceeds {limit} bytes."
        )
    if not unpacking.eof or unpacking.unused_data:
        raise InvalidParameterValue("The body is not one whole piece of gzip.")
    return found
