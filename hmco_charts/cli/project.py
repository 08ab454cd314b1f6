"""What a project tells, as commands ask for it."""

from pathlib import Path

from hmco_charts import configuration
from hmco_charts.configuration import Configuration


def project(file: Path | None, *, no_config: bool) -> Configuration:
    """The settings of a file, or else of the one here or above; none where they are not wanted."""
    return configuration.read(None if no_config else file or configuration.find(Path()))
