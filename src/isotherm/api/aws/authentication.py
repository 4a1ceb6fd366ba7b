"""Who sends a request of a client of AWS: a signature tells, or a token as elsewhere."""

from __future__ import annotations

from isotherm.api.aws.faults import (
    IncompleteSignature,
    InvalidClientTokenId,
    OptInRequired,
    RequestExpired,
    SignatureDoesNotMatch,
    Throttling,
)
from isotherm.api.aws.signatures import Sent, is_old, read_signature
from isotherm.ports.cloud import (
    Caller,
    NotAuthenticated,
    TooManyWrongSignatures,
    UnknownAccessKey,
)
from isotherm.usecases.services import Services


async def authenticate(services: Services, sent: Sent) -> Caller:
    """Raises AwsFault, and RemoteError where identity does not answer."""
    caller = await _caller(services, sent)
    if not caller.project_id:
        raise OptInRequired("What was signed with, or the token, is of no project.")
    return caller


async def _caller(services: Services, sent: Sent) -> Caller:
    try:
        if token := sent.headers.get("x-auth-token"):
            return await services.cloud.authenticate(token)
        signed = read_signature(sent, services.clock.now())
        if signed is None:
            raise IncompleteSignature("The request has neither a signature nor a token.")
        return await services.cloud.authenticate_signed(signed)
    except UnknownAccessKey:
        raise InvalidClientTokenId("There is no such access key.") from None
    except TooManyWrongSignatures:
        raise Throttling("Too many wrong signatures came with this access key.") from None
    except NotAuthenticated:
        if token:
            raise InvalidClientTokenId("The token is not valid.") from None
        if is_old(sent, services.clock.now()):
            raise RequestExpired(
                "Identity takes no address that was signed longer ago than its [credential]"
                " auth_ttl says, which is 15 minutes by default; or the signature is wrong."
            ) from None
        raise SignatureDoesNotMatch("The signature is not valid.") from None
