"""What public images do by themselves: the user that they start as, and the folders that they write.

Sources: the Dockerfiles and entry points of docker-library, treeverse/lakeFS, confluentinc, elastic, trinodb,
apache/flink, apache/doris, apache/dolphinscheduler and hashicorp/vault.
"""

from collections.abc import Mapping

from hmco_charts.lint.programs import vault
from hmco_charts.objects import Container

_USERS: Mapping[str, str] = {
    "postgres": "",
    "mysql": "",
    "mariadb": "",
    "redis": "",
    "valkey": "",
    "zookeeper": "",
    "neo4j": "",
    "rabbitmq": "",
    "mongo": "",
    "memcached": "memcache",
    "lakefs": "lakefs",
    "cp-kafka": "appuser",
    "cp-schema-registry": "appuser",
    "cp-kafka-connect": "appuser",
    "cp-kafka-rest": "appuser",
    "kafka": "appuser",
    "trino": "trino:trino",
    "datahub-gms": "datahub",
    "datahub-frontend-react": "datahub",
    "nginx": "",
    "httpd": "",
    "flink": "",
}
_MAKERS = ("library/", "treeverse/", "confluentinc/", "apache/", "trinodb/", "acryldata/", "hashicorp/")


def user(container: Container) -> str | None:
    """The user that a container's image starts as, as its Dockerfile says; `None` where that is not known.

    Empty stands for root. Rebuilds by others choose users of their own, so only the makers' repositories count.
    """
    repository = container.image.repository.removeprefix("docker.io/")
    if "/" in repository and not repository.startswith(_MAKERS):
        return None
    if vault.images.build(container) is vault.images.Build.ROOT:
        return ""
    return _USERS.get(container.image.base)
