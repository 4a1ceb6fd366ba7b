"""OS::Barbican::Secret: what goes together."""

from isotherm.kit import load_registry

TYPE = load_registry()["OS::Barbican::Secret"]


def test_a_binary_payload_says_how_it_is_written() -> None:
    given = {"payload": "aGk=", "payload_content_type": "application/octet-stream"}
    assert [where for where, _ in TYPE.validate(given)] == ["payload_content_encoding"]
    assert not list(TYPE.validate({**given, "payload_content_encoding": "base64"}))
