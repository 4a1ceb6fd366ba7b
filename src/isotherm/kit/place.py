"""Where a request goes, if not to the cloud and region that a stack lies in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Another ``region`` of the same cloud or, with an ``account``, another cloud.

    ``account`` is the id of a secret of the key manager that holds the credentials there.
    ``ca_cert`` are the certificates (PEM) that the place's own are checked against, by default
    those that the service knows; ``insecure``: they are not checked at all.
    """

    region: str = ""
    account: str = ""
    ca_cert: str = ""
    insecure: bool = False


HERE = Place()
