"""Credentials that users keep with identity, above all EC2 key pairs."""

import hashlib
from typing import Any

import msgspec

from isotherm.localcloud.entities import new_hex_id
from isotherm.localcloud.identity.entities import Credential
from isotherm.localcloud.identity.faults import conflict, invalid
from isotherm.localcloud.identity.rendering import MALFORMED
from isotherm.localcloud.identity.state import DEFAULT_DOMAIN, Identity, found

EC2 = "ec2"


class Ec2Blob(msgspec.Struct):
    access: str
    secret: str
    trust_id: str | None = None


def create(
    identity: Identity, user_id: str, *, type_: str, blob: str, project_id: str | None
) -> Credential:
    """Raises Fault 400 for an EC2 credential without keys, 409 for a key that is taken."""
    credential = Credential(type=type_, blob=blob, user_id=user_id, project_id=project_id)
    if type_ == EC2:
        credential.access = _access_of(blob)
        credential.id = id_of(credential.access)
        if credential.id in identity.credentials:
            raise conflict("credential", f"Duplicate entry found with ID {credential.id}")
    return identity.credentials.add(credential)


def create_ec2(identity: Identity, user_id: str, project_id: str) -> Credential:
    """A new key pair."""
    found(identity.users, user_id)
    found(identity.projects, project_id)
    pair = {"access": new_hex_id(), "secret": new_hex_id(), "trust_id": None}
    blob = msgspec.json.encode(pair).decode()
    return create(identity, user_id, type_=EC2, blob=blob, project_id=project_id)


def first_key(identity: Identity, user_name: str) -> Ec2Blob:
    """The key pair of one of the first users, for its default project; made if there is none."""
    (user,) = identity.users.find(name=user_name, domain_id=DEFAULT_DOMAIN)
    project_id = user.default_project_id
    assert project_id is not None
    own = identity.credentials.find(user_id=user.id)
    keys = [each for each in own if (each.type, each.project_id) == (EC2, project_id)]
    return read_ec2(keys[0] if keys else create_ec2(identity, user.id, project_id))


def id_of(access: str) -> str:
    """EC2 credentials are found by their access key."""
    return hashlib.sha256(access.encode()).hexdigest()


def read_ec2(credential: Credential) -> Ec2Blob:
    return msgspec.json.decode(credential.blob, type=Ec2Blob)


def _access_of(blob: str) -> str:
    try:
        document: Any = msgspec.json.decode(blob)
    except msgspec.DecodeError as error:
        raise invalid("Invalid blob in credential") from error
    try:
        return msgspec.convert(document, Ec2Blob).access
    except msgspec.ValidationError as error:
        raise invalid(f"Expecting to find blob in credential. {MALFORMED}") from error
