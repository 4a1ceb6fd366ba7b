"""OS::Barbican::Secret: a password, a key, a certificate that the key manager keeps."""

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.kit.services.key_manager import SECRET
from isotherm.resources.key_manager.key_type import KeyType, payload_of

TEXT, BINARY = "text/plain", "application/octet-stream"


class SecretProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    payload: str | None = prop("What is to be kept.", secret=True, reads=None)
    secret_type: str = prop(
        "Kind of secret.",
        default="opaque",
        allowed=("symmetric", "public", "private", "certificate", "passphrase", "opaque"),
        since="5.0.0",
    )
    payload_content_type: str | None = prop("Kind of payload.", allowed=(TEXT, BINARY), reads="content_types.default")
    payload_content_encoding: str | None = prop(
        "How the template has a binary payload.", allowed=("base64",), reads=None
    )
    expiration: str | None = prop("When it ends, as ISO 8601.", exists="expiration", reads=None)
    algorithm: str | None = prop("Algorithm that it is for.")
    bit_length: int | None = prop("Length of a key in bits.", ge=0)
    mode: str | None = prop("Mode of the algorithm.")


@register("OS::Barbican::Secret", support=supported("2014.2"))
class Secret(KeyType[SecretProperties]):
    """A password, a key, a certificate that the key manager keeps."""

    entity = SECRET
    needs = (("payload_content_type", "payload"), ("payload_content_encoding", "payload_content_type"))
    where = (kit.Where("payload_content_type", (BINARY,), needs=("payload_content_encoding",)),)
    attributes = (
        attr("status", doc="Status of the secret."),
        attr("decrypted_payload", doc="What is kept.", fetched=True, secret=True),
    )

    def create_body(self, ctx: kit.Context[SecretProperties]) -> kit.Fields:
        body = super().create_body(ctx)
        return {"payload_content_type": TEXT, **body} if "payload" in body else body

    async def fetch(self, ctx: kit.Context[SecretProperties], attribute: str) -> kit.Value:
        return await payload_of(ctx, ctx.physical_id)
