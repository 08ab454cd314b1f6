"""Vault and OpenBao: which containers run them, with which configuration, and what their images do with it."""

from hmco_charts.lint.programs.vault.configuration import (
    BACKENDS,
    STORAGE_BLOCKS,
    chart_values,
    is_server_configuration,
    listeners,
    setting,
    storages,
)
from hmco_charts.lint.programs.vault.invocation import Invocation, invocations
from hmco_charts.lint.programs.vault.listening import Address, Bound, bound
from hmco_charts.lint.programs.vault.loading import LOCAL_CONFIG, SUFFIXES, File, Load
from hmco_charts.lint.programs.vault.servers import Server, servers

__all__ = [
    "BACKENDS",
    "LOCAL_CONFIG",
    "STORAGE_BLOCKS",
    "SUFFIXES",
    "Address",
    "Bound",
    "File",
    "Invocation",
    "Load",
    "Server",
    "bound",
    "chart_values",
    "invocations",
    "is_server_configuration",
    "listeners",
    "servers",
    "setting",
    "storages",
]
