"""The alarm service's ways: bare objects and lists, filters as `q.field`, `q.op`, `q.value`."""

from typing import Any, ClassVar

from isotherm.localcloud.alarming.state import Alarming
from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.kinds import Asked, Dialect, Lists


def render(fault: Fault, call: Call) -> Reply:
    code = "Client" if fault.status < 500 else "Server"
    message = {"debuginfo": None, "faultcode": code, "faultstring": fault.message}
    return Reply(fault.status, {"error_message": message}, fault.headers)


class AlarmLists(Lists):
    def filtered(self, asked: Asked[Any]) -> list[Any]:
        fields = [value for name, value in asked.call.query if name == "q.field"]
        values = [value for name, value in asked.call.query if name == "q.value"]
        found = asked.found
        for name, wanted in zip(fields, values, strict=False):
            if name not in asked.listing.filters:
                raise Fault(400, f"unrecognized field in query: {name}")
            found = [each for each in found if self.equal(asked.value(each, name), wanted)]
        return found

    def sorting(self, call: Call) -> list[tuple[str, str]]:
        said = [value for name, value in call.query if name == "sort"]
        return [(key, way) for key, _, way in (each.partition(":") for each in said)]

    def body(
        self, asked: Asked[Any], shown: list[dict[str, Any]], beside: dict[str, Any]
    ) -> object:
        return shown


class AlarmDialect(Dialect[Alarming]):
    wrapped = False
    lists = AlarmLists()
    prefixes = ("/v2",)
    words: ClassVar = {
        "missing": (404, "{noun} {entity_id} not found"),
        "over_quota": (403, "Alarm quota exceeded: {used} are used."),
        "invalid": (400, "Invalid input for field/attribute {name}. Value: '{value}'. {reason}"),
    }

    def unknown(self, where: str, names: list[str], value: object) -> Fault | None:
        strange = [each for each in names if each != "alarm_id"]
        return Fault(400, f"Unknown attribute for argument data: {strange[0]}") if strange else None

    def unsettable(self, where: str, name: str, verb: str, said: object) -> Fault | None:
        """Clients say again what they were shown."""
        return None

    def required(self, where: str, name: str, said: object = None) -> Fault:
        return self.invalid(name, None, ValueError("Mandatory field missing."))


DIALECT = AlarmDialect()
