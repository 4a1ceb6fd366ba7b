"""What passes between the service and a process that runs queries: JSON with its length ahead.

Nothing but data comes back from such a process, whatever it was brought to do.
"""

from __future__ import annotations

import json
import struct
from typing import Any

LENGTH = struct.Struct(">I")
MOST_BYTES = 64 * 2**20


def packed(message: Any) -> bytes:
    """Raises ValueError for what is too big, or nothing that JSON can say."""
    try:
        content = json.dumps(message).encode()
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if len(content) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES} bytes")
    return LENGTH.pack(len(content)) + content


def unpacked(content: bytes) -> Any:
    """Raises ValueError."""
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None
