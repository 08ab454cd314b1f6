"""The fault of a schema that could not be had."""


class SchemaUnavailableError(Exception):
    """A schema could not be had; its text tells why."""
