"""A chart for the tests of the machinery; its ConfigMap holds every value, so nothing that leaks stays hidden."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from hmco_charts.values import ChartType, Values
from hmco_charts.values.kubernetes import ExtraEnvVar, ExtraVolume, Resources
from hmco_charts.values.text import AbsolutePath, ListOf, Text
from hmco_charts.values.types import ChartValues, Choice, ConnectionUrl, Image, Scheduling, Tls


class Disk(Values):
    """A disk."""

    path: AbsolutePath = Field("/data", description="Folder.")


class Database(Values):
    """A database."""

    url: ConnectionUrl = Field(ConnectionUrl(), description="Where its URL is.")


class Storage(Choice):
    """Where the data are."""

    needed: ClassVar = {"database": ("url.name",)}

    type: Literal["disk", "database"] = Field("disk", description="Which of them.")
    disk: Disk = Field(Disk(), description="Used where type is disk.")
    database: Database = Field(Database(), description="Used where type is database.")


class Server(Scheduling):
    """The server."""

    replicas: Annotated[int, Field(ge=1, le=9)] = Field(1, description="Pods.")
    image: Image = Field(Image(repository="example/toy"), description="Image.")
    user: Annotated[int, Field(ge=1)] | None = Field(1000, description="User id; null lets the cluster choose.")
    resources: Resources = Field(Resources(requests={"cpu": "100m", "memory": "64Mi"}), description="Resources.")
    extra_args: ListOf[Text] = Field((), description="Arguments.")
    extra_env_vars: ListOf[ExtraEnvVar] = Field((), description="Environment.")
    extra_volumes: ListOf[ExtraVolume] = Field((), description="Volumes.")


class Toy(ChartValues):
    """A toy."""

    server: Server = Field(Server(), description="The server.")
    storage: Storage = Field(Storage(), description="Where the data are.")
    tls: Tls = Field(Tls(), description="Certificate.")


TOY = ChartType(
    name="toy",
    model=Toy,
    version="1.2.0",
    app_version="3.4",
    description="A toy.",
    default_profile="dev",
    category="security",
    folder=Path(__file__).with_name("toy"),
)
