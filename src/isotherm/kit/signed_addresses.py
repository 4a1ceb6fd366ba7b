"""Addresses that may be called without a token: a signature in them says for what.

AWS signature version 2, as the agents of AWS and of OpenStack know it. The key belongs to one
resource alone and lasts as long as it does, and so does the address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from isotherm.core.values import Secret, Value

SIGNATURE = "Signature"
ACCESS = "AWSAccessKeyId"
ABOUT = "About"
"""What the signal is about: one that is about something else counts as none."""
_KEY = "key"


class Purpose(Enum):
    """What a signed address is for: its part of the path, and the verb that it is called with."""

    WAIT_CONDITION = ("waitcondition", "PUT")
    SIGNAL = ("signal", "POST")

    @property
    def path(self) -> str:
        return self.value[0]

    @property
    def verb(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An EC2 key pair: the id by which it is known, and the secret that signs."""

    access: str
    secret: str = field(repr=False)

    @classmethod
    def invent(cls) -> KeyPair:
        return cls(secrets.token_hex(16), secrets.token_hex(16))

    @classmethod
    def of(cls, data: Mapping[str, Value]) -> KeyPair | None:
        """The pair that the private data of a resource hold, if there is one."""
        kept = data.get(_KEY)
        if not isinstance(kept, Mapping):
            return None
        secret = kept["secret"]
        return cls(kept["access"], secret.reveal() if isinstance(secret, Secret) else secret)

    @property
    def data(self) -> dict[str, Any]:
        """As private data of a resource hold it."""
        return {_KEY: {"access": self.access, "secret": Secret(self.secret)}}


def signed_address(
    base: str,
    arn: str,
    pair: KeyPair,
    purpose: Purpose,
    *,
    at: datetime | None = None,
    about: str = "",
) -> str:
    """``base`` is where the API is; ``at`` and ``about`` stand in the address of those that want to
    know."""
    url = f"{base.rstrip('/')}/{purpose.path}/{quote(arn, safe='/')}"
    parameters = {
        "SignatureMethod": "HmacSHA256",
        "SignatureVersion": "2",
        ACCESS: pair.access,
        **({"Timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ")} if at else {}),
        **({ABOUT: about} if about else {}),
    }
    signature = _signature(pair, purpose.verb, url, parameters)
    return f"{url}?{urlencode({**parameters, SIGNATURE: signature})}"


def is_signed(
    pair: KeyPair, purpose: Purpose, urls: Iterable[str], parameters: Mapping[str, str]
) -> bool:
    """Whether one of the ``urls``, which all lead to the same resource, was signed so: what
    stands in front of the service may have changed host and path on the way."""
    given = parameters.get(SIGNATURE, "")
    signed = {name: value for name, value in parameters.items() if name != SIGNATURE}
    if signed.get(ACCESS) != pair.access:
        return False
    return any(
        hmac.compare_digest(_signature(pair, purpose.verb, url, signed).encode(), given.encode())
        for url in urls
    )


def _signature(pair: KeyPair, verb: str, url: str, parameters: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(
        f"{quote(name, safe='-_.~')}={quote(parameters[name], safe='-_.~')}"
        for name in sorted(parameters)
    )
    text = "\n".join((verb, parts.netloc, parts.path, query))
    digest = hmac.new(pair.secret.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
