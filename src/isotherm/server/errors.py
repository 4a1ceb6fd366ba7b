"""What can be wrong with the settings."""


class ConfigurationError(Exception):
    """The settings do not go together, or with what they name; the text says what to change."""
