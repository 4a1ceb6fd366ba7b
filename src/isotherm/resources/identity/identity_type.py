"""What all types of the identity service have in common."""

from isotherm import kit
from isotherm.kit import P


class IdentityType(kit.UndatedType[P]):
    """What only administrators can make; its names are unique, most of them in a domain."""
