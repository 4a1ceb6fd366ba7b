"""OS::Barbican::…Container: secrets that belong together, known by their names in it."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import P, Properties, attr, prop, register, supported
from isotherm.kit.services.key_manager import CONTAINER
from isotherm.resources.key_manager.secret import KeyType

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
