"""Refusals that tell which part of an object is wrong."""

from isotherm.localcloud.exchange import Fault


class Mistake(Fault):
    """Something wrong in an object: where, what, and by which rule."""

    def __init__(self, path: list[str | int], message: str, **rule: object) -> None:
        super().__init__(400, message, kind="invalid_object")
        self.told = {"path": path, "message": message, **rule}


def bad_type(value: object) -> Mistake:
    message = f"'{value}' is not a valid record type"
    return Mistake(["recordset", "type"], message, validator="value", validator_value=[value])
