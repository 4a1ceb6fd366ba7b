"""How one service says what all services say: prefixes, refusals, lists, what is kept."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.kinds.checks import Check, Misfit
from isotherm.localcloud.kinds.fields import Field, Wish
from isotherm.localcloud.kinds.lists import Lists
from isotherm.localcloud.routing import Routes
from isotherm.localcloud.service import Service

S = TypeVar("S", bound=Service)


class Dialect(Generic[S]):
    """The usual one; a service has a subclass that says what it does otherwise.

    A noun is what messages call a kind of object: `Volume`.
    """

    prefixes: tuple[str, ...] = ()
    """Of the paths of all routes; without one they stand at the mount."""
    words: ClassVar[Mapping[str, tuple[int, str]]] = {
        "missing": (404, "{noun} {entity_id} could not be found."),
        "required": (400, "'{name}' is a required property"),
        "invalid": (400, "Invalid input for field/attribute {name}. Value: {value}. {reason}"),
        "forbidden": (403, "Policy doesn't allow {rule} to be performed."),
        "busy": (409, "{noun} {entity.id} cannot be {verb}d while it is {status}."),
        "over_quota": (403, "Quota exceeded for {limit}: {used} are used."),
    }
    """The refusals below, by the names of their functions: status and text. A service says
    those that are other words only; where they depend on something, it has the function."""
    statuses: ClassVar[Mapping[str, int]] = {"create": 201, "delete": 204}
    """Of the replies to the verbs, where it is not 200."""
    change_method = "PUT"
    wrapped = True
    """Whether an object stands in its body below the name of its kind."""
    lists = Lists()

    def routes(self) -> Routes[S]:
        """What the routes of a kind are gathered in: with the service's prefixes."""
        return Routes[S](*self.prefixes)

    def minor_of(self, call: Call) -> int:
        """The microversion that is asked for."""
        return 0

    def body(self, call: Call, key: str) -> Any:
        """What the request says, below `key` where bodies are wrapped. Raises Fault 400."""
        if not self.wrapped:
            return call.json
        if key not in call.json:
            raise self.required(key, key)
        return call.json[key]

    def settled(self, caller: Caller, wish: Wish, verb: str) -> Wish:
        """What holds of everything that is said: whose the object is to be, for instance."""
        return wish

    def sees(self, call: Call, project_id: str | None) -> bool:
        """Whether a list shows the project's objects."""
        return call.caller.sees(project_id)

    def checked(self, name: str, value: object, check: Check) -> Any:
        """One value of a request, an action's argument say. Raises Fault 400."""
        try:
            return check(value)
        except ValueError as error:
            raise self.misfit(name, value, error) from error

    # Refusals.

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        known: dict[str, tuple[int, str]] = {}
        for each in reversed(cls.__mro__):
            known |= vars(each).get("words", {})
        cls.words = known

    def refusal(self, function: str, /, **facts: object) -> Fault:
        status, text = self.words[function]
        return Fault(status, text.format(**facts))

    def missing(self, noun: str, entity_id: str) -> Fault:
        return self.refusal("missing", noun=noun, entity_id=entity_id)

    def required(self, where: str, name: str, said: object = None) -> Fault:
        """`said` is the object that lacks it; None where the whole body does."""
        return self.refusal("required", name=name)

    def invalid(self, name: str, value: object, reason: ValueError) -> Fault:
        return self.refusal("invalid", name=name, value=value, reason=reason)

    def misfit(self, name: str, value: object, reason: ValueError) -> Fault:
        """As `invalid`, for the part of a value that is wrong where only a part is."""
        if isinstance(reason, Misfit):
            return self.invalid(reason.part, reason.value, reason)
        return self.invalid(name, value, reason)

    def no_object(self, where: str, value: object) -> Fault:
        return self.invalid(where, value, ValueError(f"{value!r} is not of type 'object'"))

    def unknown(self, where: str, names: list[str], value: object) -> Fault | None:
        """None: what nobody knows is ignored."""
        reason = f"Additional properties are not allowed ({names[0]!r} was unexpected)"
        return self.invalid(where, value, ValueError(reason))

    def unsettable(self, where: str, name: str, verb: str, said: object) -> Fault | None:
        """A field that is known, but may not be said now."""
        return self.unknown(where, [name], said)

    def nothing(self, where: str) -> Fault | None:
        """A change that says nothing."""
        return None

    def forbidden(self, rule: str) -> Fault:
        return self.refusal("forbidden", rule=rule)

    def reserved(self, field: Field, given: object, verb: str, where: str) -> Fault | None:
        """A field that only administrators set. None: it may be said all the same."""
        return self.forbidden(f"{verb}_{where}:{field.name}")

    def busy(self, noun: str, entity: Entity, verb: str, statuses: tuple[str, ...]) -> Fault:
        """What can only be done in other statuses than the object's."""
        status = getattr(entity, "status", "busy")
        return self.refusal("busy", noun=noun, entity=entity, verb=verb, status=status)

    def no_metadata(self, noun: str, entity: Entity, key: str) -> Fault:
        return Fault(404, f"{noun} {entity.id} has no metadata with key {key}.")

    def over_quota(self, noun: str, limit: str, used: int) -> Fault:
        return self.refusal("over_quota", noun=noun, limit=limit, used=used)

    def bad_patch(self, reason: str) -> Fault:
        return Fault(400, f"Invalid JSON patch: {reason}")

    # Replying.

    def answer(self, call: Call, entity: Entity, view: str, body: object) -> object:
        """The reply that shows an object: a body, or a Reply with headers, `Location` say."""
        return body

    # What is kept of every object.

    def ownership(self, service: S, caller: Caller, type_: type[Entity]) -> dict[str, Any]:
        """The fields of a new object that its maker and the clock give."""
        known = {
            "project_id": caller.project_id,
            "user_id": caller.user_id,
            "created_at": service.now(),
        }
        return {name: v for name, v in known.items() if name in type_.__struct_fields__}

    def touch(self, service: S, entity: Entity) -> None:
        """The object changes now."""
        if hasattr(entity, "updated_at"):
            entity.updated_at = service.now()
