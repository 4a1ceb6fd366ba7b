"""Who may: administrators everything, owners what is their own."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.identity.faults import forbidden


def require_admin(call: Call, rule: str) -> None:
    """Raises Fault 403 that names the rule."""
    if not call.caller.is_admin:
        raise forbidden(f"identity:{rule}")


def require_owner(call: Call, user_id: str, rule: str) -> None:
    if not call.caller.is_admin and call.caller.user_id != user_id:
        raise forbidden(f"identity:{rule}")


def refuse_restricted(call: Call, doing: str) -> None:
    """Restricted application credentials cannot make others of their kind."""
    if not call.caller.unrestricted:
        using = "Using method 'application_credential' is not allowed for managing"
        raise forbidden(f"{using} {doing}")
