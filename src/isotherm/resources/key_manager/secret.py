"""OS::Barbican::Secret, Order and …Container: what the key manager keeps, and what it makes."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import P, Properties, attr, prop, register, supported
from isotherm.kit.services.key_manager import CONTAINER, ORDER, SECRET


class KeyType(kit.EntityType[P]):
    """Objects are known by their URLs. A create tells nothing but that, and an object never changes."""

    always_completes = True
    status_field = "status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})
    created_field = "created"


async def payload_of(ctx: kit.Context[Any], secret: str) -> kit.Value:
    """What a secret holds: as text, or base64 where it is none; None where it holds nothing."""
    shown = await ctx.api.show(SECRET, secret)
    content_type = (shown.get("content_types") or {}).get("default")
    if content_type is None:
        return None
    path = f"/secrets/{secret.rpartition('/')[2]}/payload"
    held = await ctx.api.call("key-manager", "GET", path, headers={"Accept": str(content_type)})
    if isinstance(held, str):
        return held
    try:
        return bytes(held).decode()
    except UnicodeDecodeError:
        return base64.b64encode(held).decode()


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


KEY, PAIR, CERTIFICATE = "key", "asymmetric", "certificate"
_OF_KEYS = ("payload_content_type", "expiration", "algorithm", "bit_length", "mode", "pass_phrase")
_OF_CERTIFICATES = ("request_type", "subject_dn", "source_container_ref", "ca_id", "profile", "request_data")


def _wish(doc: str, /, **more: Any) -> Any:
    """A property of orders of certain types only."""
    return prop(doc, since="5.0.0", **more)


class OrderProperties(Properties):
    name: str | None = prop("Name; by default one is made up.", sends="meta.name")
    payload_content_type: str | None = prop("Kind of payload.", sends="meta.payload_content_type")
    expiration: str | None = prop(
        "When the secret ends, as ISO 8601.", exists="expiration", sends="meta.expiration", reads=None
    )
    algorithm: str | None = prop("Algorithm that the key is for.", sends="meta.algorithm")
    bit_length: int | None = prop("Length of the key in bits.", sends="meta.bit_length")
    mode: str | None = prop("Mode of the algorithm.", sends="meta.mode")
    type: str = _wish("What is ordered.", allowed=(KEY, PAIR, CERTIFICATE))
    request_type: str | None = _wish(
        "How a certificate is asked for.", allowed=("stored-key", "simple-cmc", "custom"), sends="meta.request_type"
    )
    subject_dn: str | None = _wish("Whom the certificate is for.", sends="meta.subject_dn")
    source_container_ref: str | None = _wish(
        "Container with the keys of a certificate.", exists="barbican.container", sends="meta.container_ref"
    )
    ca_id: str | None = _wish("Who is to sign the certificate.", sends="meta.ca_id")
    profile: str | None = _wish("The signer's profile.", sends="meta.profile")
    request_data: str | None = _wish("The request, in its own format.", sends="meta.request_data")
    pass_phrase: str | None = _wish(
        "Pass phrase of the private key.", secret=True, sends="meta.pass_phrase", reads=None
    )


@register("OS::Barbican::Order", support=supported("2014.2"))
class Order(KeyType[OrderProperties]):
    """A key, a pair of keys or a certificate that the key manager makes. What it has made stays when
    the order goes: data may be encrypted with it."""

    entity = ORDER
    name_field = ""
    needs = (("profile", "ca_id"),)
    where = (
        kit.Where("type", (KEY, PAIR), needs=("algorithm", "bit_length"), bars=_OF_CERTIFICATES),
        kit.Where("type", (KEY,), bars=("pass_phrase",)),
        kit.Where("type", (CERTIFICATE,), bars=_OF_KEYS),
    )
    attributes = (
        attr("status", doc="Status of the order."),
        attr("order_ref", doc="Reference of the order."),
        attr("secret_ref", doc="Reference of the key."),
        *(
            attr(name, doc=doc, since="5.0.0", fetched=name != "container_ref", secret=name == "private_key")
            for name, doc in (
                ("container_ref", "Reference of the container with what was made."),
                ("public_key", "The public key."),
                ("private_key", "The private key."),
                ("certificate", "The certificate."),
                ("intermediates", "Certificates between it and the root."),
            )
        ),
    )

    def create_body(self, ctx: kit.Context[OrderProperties]) -> kit.Fields:
        body = dict(super().create_body(ctx))
        return {**body, "meta": {"name": ctx.physical_name, **body.get("meta", {})}}

    async def find(self, ctx: kit.Context[OrderProperties]) -> kit.Candidates:
        """Orders have their names inside, and are not listed by them."""
        name = self.create_body(ctx)["meta"]["name"]
        orders = await ctx.api.list(ORDER)
        return [self.candidate(each) for each in orders if each.get("meta", {}).get("name") == name]

    def failure_reason(self, remote: kit.Remote) -> str:
        return f"{remote.get('error_reason') or 'Unknown'} (status code {remote.get('error_status_code')})"

    async def fetch(self, ctx: kit.Context[OrderProperties], attribute: str) -> kit.Value:
        order = await ctx.api.show(ORDER, ctx.physical_id)
        if not order.get("container_ref"):
            return None
        container = await ctx.api.show(CONTAINER, order["container_ref"])
        held = {each.get("name"): each["secret_ref"] for each in container.get("secret_refs") or ()}
        return await payload_of(ctx, held[attribute]) if attribute in held else None


_REF = "_ref"


def _secret(doc: str) -> Any:
    return prop(f"{doc}: reference of a secret.", exists="barbican.secret", sends=None)


def _by_name(_: kit.Context[Any], remote: kit.Remote) -> kit.Value:
    return {each.get("name") or "": each["secret_ref"] for each in remote.get("secret_refs") or ()}


class Named(Properties):
    name: str | None = prop("Name; by default one is made up.")


class ContainerType(KeyType[P]):
    """Properties ``…_ref`` are references of secrets: their names in the container are the rest."""

    entity = CONTAINER
    kind: ClassVar[str]
    attributes = (
        attr("status", doc="Status of the container."),
        attr("container_ref", doc="Reference of the container."),
        attr("secret_refs", dict, "References of the secrets, by name.", reads=_by_name),
        attr("consumers", list, "Who has said that it uses the container."),
    )

    def problems(self, properties: kit.Values) -> kit.Problems:
        seen: list[kit.Value] = []
        for path, reference in self.references(properties):
            if reference in seen:
                yield path, "names a secret that is in the container already"
            elif reference is not None:
                seen.append(reference)

    def references(self, properties: kit.Values) -> Iterable[tuple[str, kit.Value]]:
        """The references that are given, with their paths."""
        for name in self._held():
            yield name, properties.get(name)

    def _held(self) -> list[str]:
        return [name for name in self.Properties.fields if name.endswith(_REF)]

    def create_body(self, ctx: kit.Context[P]) -> kit.Fields:
        given = ctx.props.given()
        held = [name for name in self._held() if given.get(name)]
        refs = [{"name": name.removesuffix(_REF), "secret_ref": given[name]} for name in held]
        return {"type": self.kind, "secret_refs": refs, **super().create_body(ctx)}

    def live(self, remote: kit.Remote) -> kit.Values:
        held = {each.get("name"): each["secret_ref"] for each in remote.get("secret_refs") or ()}
        shown = {name: held[inside] for name in self._held() if (inside := name.removesuffix(_REF)) in held}
        return {**super().live(remote), **shown}


class SecretReference(Properties):
    name: str = prop("Name of the secret in the container.")
    ref: str = prop("Reference of the secret.", exists="barbican.secret", sends="secret_ref")


class GenericContainerProperties(Named):
    secrets: list[SecretReference] | None = prop("What is in it.", sends="secret_refs")


@register("OS::Barbican::GenericContainer", support=supported("6.0.0"))
class GenericContainer(ContainerType[GenericContainerProperties]):
    """Any secrets."""

    kind = "generic"

    def references(self, properties: kit.Values) -> Iterable[tuple[str, kit.Value]]:
        secrets = properties.get("secrets")
        for at, each in enumerate(secrets if isinstance(secrets, list) else ()):
            if isinstance(each, Mapping):
                yield f"secrets.{at}.ref", each.get("ref")


class RSAContainerProperties(Named):
    private_key_ref: str | None = _secret("Private key")
    private_key_passphrase_ref: str | None = _secret("Pass phrase of the private key")
    public_key_ref: str | None = _secret("Public key")


@register("OS::Barbican::RSAContainer", support=supported("6.0.0"))
class RSAContainer(ContainerType[RSAContainerProperties]):
    """A pair of RSA keys."""

    kind = "rsa"


class CertificateContainerProperties(Named):
    certificate_ref: str | None = _secret("Certificate")
    private_key_ref: str | None = _secret("Private key")
    private_key_passphrase_ref: str | None = _secret("Pass phrase of the private key")
    intermediates_ref: str | None = _secret("Certificates between it and the root")


@register("OS::Barbican::CertificateContainer", support=supported("6.0.0"))
class CertificateContainer(ContainerType[CertificateContainerProperties]):
    """A certificate and what belongs to it."""

    kind = "certificate"
