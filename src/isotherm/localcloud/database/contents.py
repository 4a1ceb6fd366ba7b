"""What is in an instance: databases, and users who may use them."""

from typing import Any

from isotherm.localcloud.database.dialect import PREFIX
from isotherm.localcloud.database.instances import INSTANCES
from isotherm.localcloud.database.state import Databases, Instance
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.routing import Routes

routes = Routes[Databases](PREFIX)
_DATABASES, _USERS = "/instances/{id}/databases", "/instances/{id}/users"


def _ready(databases: Databases, call: Call) -> Instance:
    instance = INSTANCES.of(databases, call)
    INSTANCES.require_status(instance, "update")
    return instance


@routes.get(_DATABASES, "database.list")
def list_databases(databases: Databases, call: Call) -> object:
    names = [{"name": each["name"]} for each in _ready(databases, call).databases]
    return {"databases": names}


@routes.post(_DATABASES, "database.create", status=202)
def create_databases(databases: Databases, call: Call) -> None:
    instance, wanted = _ready(databases, call), call.json.get("databases") or []
    _refuse_twins([each["name"] for each in instance.databases], wanted, "Database")
    instance.databases = [*instance.databases, *wanted]
    databases.instances.save(instance)


@routes.delete(f"{_DATABASES}/{{name}}", "database.delete", status=202)
def delete_database(databases: Databases, call: Call) -> None:
    instance, name = _ready(databases, call), call.params["name"]
    kept = [each for each in instance.databases if each["name"] != name]
    if len(kept) == len(instance.databases):
        raise Fault(404, f"The requested database {name} does not exist.")
    instance.databases = kept
    databases.instances.save(instance)


@routes.get(_USERS, "user.list")
def list_users(databases: Databases, call: Call) -> object:
    return {"users": [_shown(each) for each in _ready(databases, call).users]}


@routes.post(_USERS, "user.create", status=202)
def create_users(databases: Databases, call: Call) -> None:
    instance, wanted = _ready(databases, call), call.json.get("users") or []
    _refuse_twins([each["name"] for each in instance.users], wanted, "User")
    instance.users = [*instance.users, *wanted]
    databases.instances.save(instance)


@routes.get(f"{_USERS}/{{name}}", "user.show")
def show_user(databases: Databases, call: Call) -> object:
    return {"user": _shown(_user(databases, call)[1])}


@routes.put(f"{_USERS}/{{name}}", "user.update", status=202)
def update_user(databases: Databases, call: Call) -> None:
    instance, user = _user(databases, call)
    user.update(call.json.get("user") or {})
    databases.instances.save(instance)


@routes.delete(f"{_USERS}/{{name}}", "user.delete", status=202)
def delete_user(databases: Databases, call: Call) -> None:
    instance, user = _user(databases, call)
    instance.users = [each for each in instance.users if each is not user]
    databases.instances.save(instance)


@routes.put(f"{_USERS}/{{name}}/databases", "user.grant", status=202)
def grant(databases: Databases, call: Call) -> None:
    instance, user = _user(databases, call)
    names = {each["name"] for each in (*user["databases"], *(call.json.get("databases") or ()))}
    user["databases"] = [{"name": name} for name in sorted(names)]
    databases.instances.save(instance)


@routes.delete(f"{_USERS}/{{name}}/databases/{{database}}", "user.revoke", status=202)
def revoke(databases: Databases, call: Call) -> None:
    instance, user = _user(databases, call)
    kept = [each for each in user["databases"] if each["name"] != call.params["database"]]
    if len(kept) == len(user["databases"]):
        raise Fault(404, f"The requested database {call.params['database']} does not exist.")
    user["databases"] = kept
    databases.instances.save(instance)


def _user(databases: Databases, call: Call) -> tuple[Instance, dict[str, Any]]:
    """Raises Fault 404."""
    instance, name = _ready(databases, call), call.params["name"].partition("@")[0]
    for each in instance.users:
        if each["name"] == name:
            each.setdefault("databases", [])
            return instance, each
    raise Fault(404, f"User {name} cannot be found on the instance.")


def _shown(user: dict[str, Any]) -> dict[str, Any]:
    """Never the password."""
    granted = user.get("databases") or []
    return {"name": user["name"], "host": user.get("host", "%"), "databases": granted}


def _refuse_twins(there: list[str], wanted: list[dict[str, Any]], noun: str) -> None:
    for each in wanted:
        if each["name"] in there:
            raise Fault(400, f"{noun} {each['name']} already exists.")
