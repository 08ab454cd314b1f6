"""Vault and OpenBao: which containers run them, with which configuration, and what their images do with it."""

from hmco_charts.lint.programs.vault.advertising import Advertised, advertised
from hmco_charts.lint.programs.vault.configuration import (
    BACKENDS,
    LOCAL_CONFIG,
    STORAGE_BLOCKS,
    boolean,
    chart_of,
    chart_values,
    in_values,
    is_given_in_values,
    is_plain,
    listeners,
    setting,
    storages,
    variables_in_values,
)
from hmco_charts.lint.programs.vault.images import needs_capability
from hmco_charts.lint.programs.vault.invocation import Invocation, invocations
from hmco_charts.lint.programs.vault.listening import Address, Bound, bound
from hmco_charts.lint.programs.vault.loading import SUFFIXES, File, Load
from hmco_charts.lint.programs.vault.locking import Lock, Obstacle, lock, obstacle, unstartable
from hmco_charts.lint.programs.vault.recognition import is_server_configuration, may_be_server_configuration
from hmco_charts.lint.programs.vault.servers import Server, configurations, servers
from hmco_charts.lint.programs.vault.storage import Storage, ha_storage, is_shared, storage
from hmco_charts.lint.programs.vault.unlocking import unlock

__all__ = [
    "BACKENDS",
    "LOCAL_CONFIG",
    "STORAGE_BLOCKS",
    "SUFFIXES",
    "Address",
    "Advertised",
    "Bound",
    "File",
    "Invocation",
    "Load",
    "Lock",
    "Obstacle",
    "Server",
    "Storage",
    "advertised",
    "boolean",
    "bound",
    "chart_of",
    "chart_values",
    "configurations",
    "ha_storage",
    "in_values",
    "invocations",
    "is_given_in_values",
    "is_plain",
    "is_server_configuration",
    "is_shared",
    "listeners",
    "lock",
    "may_be_server_configuration",
    "needs_capability",
    "obstacle",
    "servers",
    "setting",
    "storage",
    "storages",
    "unlock",
    "unstartable",
    "variables_in_values",
]
