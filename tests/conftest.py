"""Settings that all tests share."""

from hypothesis import settings

# Machines under load are slow now and then: that alone is no failure.
settings.register_profile("isotherm", deadline=None, print_blob=True)
settings.load_profile("isotherm")
