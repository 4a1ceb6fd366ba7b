"""Image's ways: bodies without names around them, lists of its own."""

from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.image.faults import no_image
from isotherm.localcloud.image.lists import ImageLists
from isotherm.localcloud.image.state import Images
from isotherm.localcloud.kinds import Dialect


class ImageDialect(Dialect[Images]):
    statuses = {"delete": 204}  # noqa: RUF012 -- never changed
    wrapped = False
    lists = ImageLists()
    prefixes = ("/v2",)

    def missing(self, noun: str, entity_id: str) -> Fault:
        return no_image(entity_id)


DIALECT = ImageDialect()
