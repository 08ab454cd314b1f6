"""Values of charts of database servers that others share: who owns a database, and who else may use it."""

from typing import Annotated, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.kubernetes import Resources
from hmco_charts.values.postgresql_client import SqlName
from hmco_charts.values.text import OrEmpty
from hmco_charts.values.types import SMALL, NamedPassword
from hmco_charts.values.workload import Task

ConnectionLimit = Annotated[int, Field(ge=-1, le=10_000)]


class Owner(Values):
    """The role that owns a database and may create what it wants in it."""

    name: OrEmpty[SqlName] = Field("", description="Name; empty means the database's.")
    password: NamedPassword = Field(description="Its password; a changed one is set at the next upgrade.")
    connection_limit: ConnectionLimit = Field(-1, description="Connections at most; -1 means no limit.")


class Grant(Values):
    """A further role of a database."""

    privileges: Literal["read", "write"] = Field("read", description="What it may do to rows; it creates nothing.")
    password: NamedPassword = Field(description="Its password; a changed one is set at the next upgrade.")
    connection_limit: ConnectionLimit = Field(-1, description="Connections at most; -1 means no limit.")


class Provisioning(Task):
    """The Job that makes roles and databases, at each upgrade again."""

    resources: Resources = Field(SMALL, description="Requests and limits.")
