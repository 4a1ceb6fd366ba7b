"""Samples of what the key manager keeps."""

from __future__ import annotations

from collections.abc import Mapping

from tests.laws.sweep.samples import Sample, made, ref

SECRETS = {
    name: made("OS::Barbican::Secret", payload=name, payload_content_type="text/plain")
    for name in ("one", "two", "three")
}
KEY = {"type": "key", "algorithm": "aes", "bit_length": 256, "mode": "cbc"}

SAMPLES: Mapping[str, Sample] = {
    "OS::Barbican::Secret": Sample(
        {"payload": "one", "payload_content_type": "text/plain"},
        None,
        {"payload": "two", "payload_content_type": "text/plain", "name": "stack-mine"},
    ),
    "OS::Barbican::GenericContainer": Sample(
        {"secrets": [{"name": "a", "ref": ref("one")}]},
        None,
        {"secrets": [{"name": "a", "ref": ref("two")}, {"name": "b", "ref": ref("one")}]},
        SECRETS,
    ),
    "OS::Barbican::RSAContainer": Sample(
        {"private_key_ref": ref("one"), "public_key_ref": ref("two")},
        None,
        {"private_key_ref": ref("two"), "public_key_ref": ref("one")},
        SECRETS,
    ),
    "OS::Barbican::CertificateContainer": Sample(
        {"certificate_ref": ref("one")},
        None,
        {"certificate_ref": ref("one"), "private_key_ref": ref("two")},
        SECRETS,
    ),
    "OS::Barbican::Order": Sample(KEY, None, {**KEY, "name": "stack-mine"}),
}
