"""A kind of object, declared: its routes follow from that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from msgspec.structs import replace

from isotherm.localcloud.entities import Collection, Entity
from isotherm.localcloud.exchange import Call, Caller
from isotherm.localcloud.kinds.dialect import Dialect
from isotherm.localcloud.kinds.fields import Field, Wish, declared
from isotherm.localcloud.kinds.lists import Asked, Listing
from isotherm.localcloud.kinds.lives import Life
from isotherm.localcloud.kinds.reading import Schema, said_by_patch
from isotherm.localcloud.kinds.ties import Ties
from isotherm.localcloud.kinds.views import BRIEF, CHANGED, FULL, NEW, Views
from isotherm.localcloud.quotas import Quotas
from isotherm.localcloud.routing import Routes
from isotherm.localcloud.service import Service, Transitions

S = TypeVar("S", bound=Service)
E = TypeVar("E", bound=Entity)
Shown = dict[str, Any]
Act = Callable[[S, Call, E, Any], object]

VERBS = ("create", "list", "show", "update", "delete")


@dataclass(kw_only=True, eq=False)
class Kind(Generic[S, E]):
    """`name` is the kind's in bodies, operations (`<name>.create`) and transitions, and that of
    its collection; `noun` is what messages call it.

    Business rules are functions, and raise Fault: `check` refuses what is said of an object that
    is there already, or of a new one (None), `create` makes it of a wish (and stores it),
    `change` changes it, `delete` refuses or prepares its end, `more` is what is shown beside the
    fields, `visible` says who sees it, `find_as` finds it by something else than its id. What
    they leave out is done as declared; `ties` says what it has to do with other objects.

    `brief`: `GET path` shows the brief view, `GET path/detail` the full one. `admins` names for
    each verb that only administrators may use the rule that forbids it; `options` are those of
    the verbs' routes, `views` how the replies to create, list and update show the object. `also`
    are fields of requests that no entity has; None takes one out.

    `parent`: objects live below one of another kind, which the path names as `{<parent>_id}` and
    the entity's field of that name holds. `limit` is the quota that counts them.
    """

    dialect: Dialect[S]
    name: str
    entity: type[E]
    noun: str = ""
    plural: str = ""
    path: str = ""
    key: str = ""
    verbs: tuple[str, ...] = VERBS
    brief: bool = False
    also: Mapping[str, Field | None] = field(default_factory=dict)
    admins: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)
    parent: "Kind[S, Any] | None" = None
    limit: str = ""
    life: Life[S, E] = field(default_factory=Life)
    listing: Listing[S, E] = field(default_factory=Listing)
    ties: Ties[E] = field(default_factory=Ties)
    check: Callable[[S, Call, Wish, E | None], None] | None = None
    create: Callable[[S, Call, Wish], E] | None = None
    change: Callable[[S, Call, E, Wish], None] | None = None
    delete: Callable[[S, Call, E], None] | None = None
    more: Callable[[S, Call, E, str], Shown] | None = None
    visible: Callable[[S, Caller, E], bool] | None = None
    find_as: Callable[[S, Caller, str], E | None] | None = None
    routes: Routes[S] = field(init=False)
    transitions: Transitions[S] = field(init=False, default_factory=Transitions)

    def __post_init__(self) -> None:
        self.noun = self.noun or self.name.replace("_", " ").capitalize()
        self.plural = self.plural or f"{self.name}s"
        self.path = self.path or f"/{self.plural}"
        self.key = self.key or self.name
        self.one = f"{self.path}/{{id}}"
        self.above = f"{self.parent.name}_id" if self.parent else ""
        self.fields = declared(self.entity, self.also)
        self._views = Views(self.fields)
        self._owned = "project_id" in self.entity.__struct_fields__
        self.schema = Schema(self.dialect, self.key, self.fields)
        self.routes = self.dialect.routes()
        for verb in self.verbs:
            getattr(self, f"_route_{verb}")()
        if self.life.creating or self.life.updating or self.life.deleting:
            self._live()

    # Finding and keeping.

    def made(self, service: S) -> Collection[E]:
        return service.collections[self.name]

    def sees(self, service: S, caller: Caller, entity: E) -> bool:
        if self.visible is not None:
            return self.visible(service, caller, entity)
        return not self._owned or caller.sees(getattr(entity, "project_id"))  # noqa: B009

    def find(self, service: S, caller: Caller, entity_id: str) -> E:
        """Raises Fault 404 where there is none that the caller sees."""
        by_id = self.made(service).get
        found = self.find_as(service, caller, entity_id) if self.find_as else by_id(entity_id)
        if found is None or not self.sees(service, caller, found):
            raise self.dialect.missing(self.noun, entity_id)
        return found

    def of(self, service: S, call: Call) -> E:
        """The object that the path names as `id`. Raises Fault 404."""
        found = self.find(service, call.caller, call.params["id"])
        if self.parent and getattr(found, self.above) != self.parent_of(service, call).id:
            raise self.dialect.missing(self.noun, found.id)
        return found

    def parent_of(self, service: S, call: Call) -> Any:
        """The object that this one lives below, as the path names it. Raises Fault 404."""
        assert self.parent is not None
        return self.parent.find(service, call.caller, call.params[self.above])

    def of_own(self, service: S, call: Call, verb: str) -> E:
        """The object that the path names, to be changed or deleted. Raises Fault."""
        return self.of(service, call)

    def add(self, service: S, caller: Caller, wish: Wish, **more: Any) -> E:
        """A new object of the wish and `more`, stored. Raises Fault where it is another's."""
        return self.made(service).add(self.new(service, caller, wish, **more))

    def new(self, service: S, caller: Caller, wish: Wish, **more: Any) -> E:
        owned = self.dialect.ownership(service, caller, self.entity)
        entity = self.entity(**{**owned, **self.stored(wish), **more})
        self.ties.refuse_taken(self.made(service), entity)
        return entity

    def stored(self, wish: Wish) -> Wish:
        """The part of the wish that the object keeps."""
        return {name: v for name, v in wish.items() if name in self.entity.__struct_fields__}

    def touch(self, service: S, entity: E) -> E:
        """Store it as changed now."""
        self.dialect.touch(service, entity)
        return self.made(service).save(entity)

    def assign(self, service: S, entity: E, wish: Wish) -> E:
        """Store what the wish says. Raises Fault where that is another object's."""
        known = self.stored(wish)
        if self.ties.unique:
            self.ties.refuse_taken(self.made(service), replace(entity, **known), entity)
        for name, value in known.items():
            setattr(entity, name, value)
        return self.touch(service, entity)

    # Reading.

    def read(self, call: Call, verb: str) -> Wish:
        """What the body says of an object to `create` or `update`. Raises Fault 400, 403."""
        return self.wish(call, self.dialect.body(call, self.key), verb)

    def read_change(self, service: S, call: Call) -> Wish:
        """What the body or a JSON patch says of an object to update. Raises Fault 400, 403, 404."""
        if call.body.lstrip()[:1] != b"[":
            return self.read(call, "update")
        there = self.of(service, call)
        return self.wish(call, said_by_patch(self.dialect, call.document, there), "update")

    def wish(self, call: Call, said: Any, verb: str) -> Wish:
        return self.schema.read(call.caller, said, verb, self.dialect.minor_of(call))

    # Showing.

    def show(self, service: S, call: Call, entity: E, view: str = FULL) -> Shown:
        minor, is_admin = self.dialect.minor_of(call), call.caller.is_admin
        shown = self._views.show(entity, view, minor, is_admin=is_admin)
        if self.more is not None:
            shown |= self.more(service, call, entity, view)
        return shown

    def reply(self, service: S, call: Call, entity: E, view: str = FULL) -> object:
        shown = self.show(service, call, entity, view)
        body = {self.key: shown} if self.dialect.wrapped else shown
        return self.dialect.answer(call, entity, view, body)

    def list_seen(self, service: S, call: Call, view: str = FULL) -> object:
        """The body of a list of all that the caller sees. Raises Fault 400."""
        caller, listed, owned = call.caller, self.dialect.sees, self._owned
        seen = [
            each
            for each in self._below(service, call)
            if self.sees(service, caller, each)
            and (not owned or listed(call, getattr(each, "project_id", None)))
        ]
        return self.list_these(service, call, seen, view)

    def _below(self, service: S, call: Call) -> list[E]:
        """All that there are, or those below the parent that the path names."""
        if self.parent is None:
            return list(self.made(service))
        parent = self.parent_of(service, call)
        return [each for each in self.made(service) if getattr(each, self.above) == parent.id]

    def list_these(self, service: S, call: Call, found: list[E], view: str = FULL) -> object:
        matchers, fields = self.listing.matchers, self.fields

        def value(entity: E, name: str) -> object:
            if name in fields and hasattr(entity, fields[name].attribute):
                return fields[name].value(entity)
            if hasattr(entity, name):
                return getattr(entity, name)
            return self.show(service, call, entity).get(name)

        return self.dialect.lists.answer(
            Asked(
                call=call,
                noun=self.noun,
                plural=self.plural,
                fields=fields,
                listing=self.listing,
                found=found,
                value=value,
                matches=lambda entity, name, text: matchers[name](service, entity, text),
                show=lambda entity: self.show(service, call, entity, view),
            )
        )

    # The verbs.

    def require(self, call: Call, verb: str) -> None:
        """Raises Fault 403 for whoever may not use the verb."""
        rule = self.admins.get(verb)
        if rule is not None and not call.caller.is_admin:
            raise self.dialect.forbidden(rule)

    def require_status(self, entity: E, verb: str) -> None:
        allowed = self.life.allowed(verb)
        if allowed and self.life.status(entity) not in allowed:
            raise self.dialect.busy(self.noun, entity, verb, allowed)

    def require_room(self, service: S, call: Call, wish: Wish) -> None:
        """Raises Fault where the quota of the new object's project is used up."""
        project_id = wish.get("project_id") or call.caller.project_id
        quotas: Quotas | None = getattr(service, "quotas", None)
        if not self.limit or quotas is None or project_id is None:
            return
        used = self.made(service).count("project_id", project_id)
        if quotas.exceeded(project_id, {self.limit: used}, {self.limit: 1}):
            raise self.dialect.over_quota(self.noun, self.limit, used)

    def require_named(self, service: S, call: Call, wish: Wish, entity: E | None = None) -> None:
        """Raises Fault where what the wish names is missing, or for what `check` refuses."""
        self.ties.find_named(wish, lambda kind, said: kind.find(service, call.caller, said))
        if self.check is not None:
            self.check(service, call, wish, entity)

    def begin(self, service: S, call: Call, entity: E, verb: str) -> bool:
        """Let the verb last; without a status for that it is done already. Whether it lasts."""
        life = self.life
        during = life.during(verb)
        if not during:
            return False
        takes = service.frame.timings.of(call.operation, 0.0)
        rule = call.fault_rule
        if life.passing and takes <= 0 and (rule is None or rule.state is None):
            return False
        ready = life.status(entity) if life.passing else life.ready
        setattr(entity, life.attribute, during)
        self.made(service).save(entity) if verb == "create" else self.touch(service, entity)
        if verb == "delete":
            service.advance(call, f"{self.name}.remove", entity)
        else:
            service.advance(call, f"{self.name}.complete", entity, status=ready)
        return True

    def _options(self, verb: str) -> dict[str, Any]:
        status = self.dialect.statuses.get(verb, 200)
        return {"status": status, **self.options.get(verb, {})}

    def _route_create(self) -> None:
        @self.routes.post(self.path, f"{self.name}.create", **self._options("create"))
        def create(service: S, call: Call) -> object:
            self.require(call, "create")
            wish = self.read(call, "create")
            if self.parent is not None:
                wish[self.above] = self.parent_of(service, call).id
            self.require_room(service, call, wish)
            self.require_named(service, call, wish)
            if self.create is not None:
                entity = self.create(service, call, wish)
            else:
                entity = self.add(service, call.caller, wish)
            self.begin(service, call, entity, "create")
            return self.reply(service, call, entity, self.views.get("create", NEW))

    def _route_list(self) -> None:
        options = self._options("list")
        short = self.views.get("list", BRIEF if self.brief else FULL)

        @self.routes.get(self.path, f"{self.name}.list", **options)
        def list_all(service: S, call: Call) -> object:
            self.require(call, "list")
            return self.list_seen(service, call, short)

        if not self.brief:
            return

        @self.routes.get(f"{self.path}/detail", f"{self.name}.list", **options)
        def list_in_detail(service: S, call: Call) -> object:
            self.require(call, "list")
            return self.list_seen(service, call)

    def _route_show(self) -> None:
        @self.routes.get(self.one, f"{self.name}.show", **self._options("show"))
        def show(service: S, call: Call) -> object:
            self.require(call, "show")
            return self.reply(service, call, self.of(service, call))

    def _route_update(self) -> None:
        patched = self.dialect.change_method == "PATCH"

        @(self.routes.patch if patched else self.routes.put)(
            self.one, f"{self.name}.update", **self._options("update")
        )
        def update(service: S, call: Call) -> object:
            self.require(call, "update")
            wish = self.read_change(service, call)
            entity = self.of_own(service, call, "update")
            self.require_status(entity, "update")
            self.require_named(service, call, wish, entity)
            if self.change is not None:
                self.change(service, call, entity, wish)
            else:
                self.assign(service, entity, wish)
            self.begin(service, call, entity, "update")
            return self.reply(service, call, entity, self.views.get("update", CHANGED))

    def _route_delete(self) -> None:
        @self.routes.delete(self.one, f"{self.name}.delete", **self._options("delete"))
        def delete(service: S, call: Call) -> None:
            self.require(call, "delete")
            self.end(service, call, self.of_own(service, call, "delete"))

    def end(self, service: S, call: Call, entity: E) -> None:
        """Delete it: at once, or after the time that takes. Raises Fault."""
        self.require_status(entity, "delete")
        self.ties.refuse_used(service, entity)
        if self.delete is not None:
            self.delete(service, call, entity)
        self.ties.take_along(service, entity)
        service.cancel(entity)
        if not self.begin(service, call, entity, "delete"):
            (self.life.removed or self.forget)(service, entity)

    def forget(self, service: S, entity: E) -> None:
        self.made(service).remove(entity.id)

    def action(
        self, name: str, operation: str, *, rule: str = "", **options: Any
    ) -> Callable[[Act[S, E]], Act[S, E]]:
        """A POST to `<path>/{id}/action` with the action's name as the body's key.

        The function gets the object and what stands below that key. `rule`: only
        administrators may.
        """

        def register(act: Act[S, E]) -> Act[S, E]:
            @self.routes.action(f"{self.one}/action", name, f"{self.name}.{operation}", **options)
            def handle(service: S, call: Call) -> object:
                if rule and not call.caller.is_admin:
                    raise self.dialect.forbidden(rule)
                return act(service, call, self.of(service, call), call.json[name])

            return act

        return register

    def _live(self) -> None:
        # A status that only passes is no change of the object.
        def keep(service: S, entity: E) -> None:
            self.made(service).save(entity) if self.life.passing else self.touch(service, entity)

        def complete(service: S, entity: E, args: dict[str, Any]) -> None:
            setattr(entity, self.life.attribute, args.get("status", self.life.ready))
            if self.life.completed is not None:
                self.life.completed(service, entity, args)
            keep(service, entity)

        def fail(service: S, entity: E, args: dict[str, Any]) -> None:
            failing = self.life.failing
            status = failing(service, entity, args) if failing else args["state"]
            setattr(entity, self.life.attribute, status)
            keep(service, entity)

        def remove(service: S, entity: E, args: dict[str, Any]) -> None:
            (self.life.removed or self.forget)(service, entity)

        for verb, apply in (("complete", complete), ("fail", fail), ("remove", remove)):
            self.transitions.on(f"{self.name}.{verb}")(apply)
