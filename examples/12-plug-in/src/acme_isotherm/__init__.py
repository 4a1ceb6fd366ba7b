"""What Acme adds to Isotherm."""

TYPES = {"Acme::AddressPlan": "acme_isotherm.address_plan"}
"""Names of types, each with the module that registers it."""
