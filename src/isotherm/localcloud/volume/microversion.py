"""Block storage's microversions."""

from isotherm.localcloud.microversions import Microversions

MAX = 71
VERSIONS = Microversions(("volume", "block-storage"), 3, 0, MAX)
minor_of = VERSIONS.minor_of
