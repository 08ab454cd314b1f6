"""PGS003: PostgreSQL's data directly in a volume's root."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import postgresql
from hmco_charts.lint.programs.databases import Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import items, mapping, text


class PostgresqlDataInRoot(Rule):
    """Reports claims that are mounted on the data folder itself."""

    id = "PGS003"
    name = "postgresql-data-in-root"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    title = "PostgreSQL's data in the root of a volume"
    why = (
        "A new file system often holds `lost+found`: initdb refuses a folder that is not empty ('It contains a"
        " lost+found directory'). The volume's group also gets rights on its root, and the server refuses a data folder"
        " that others may write ('has invalid permissions')."
    )
    remedy = "Set PGDATA to a folder below the mount, such as /var/lib/postgresql/data/pgdata, or mount with subPath."
    source = "https://github.com/docker-library/docs/blob/master/postgres/content.md#pgdata"

    def check(self, release: Release) -> Iterator[Finding]:
        """The mounts of claims on the data folder of every server."""
        for server in postgresql.servers(release):
            folder = postgresql.data_folder(release, server)
            claims = set(_claims(server))
            for index, mount in enumerate(server.container.mounts):
                is_root = folder and text(mount.get("mountPath")).rstrip("/") == folder
                if is_root and text(mount.get("name")) in claims and not {"subPath", "subPathExpr"} & mount.keys():
                    yield self.finding(
                        f"The volume is mounted on the data folder {folder} itself.",
                        on=server.pod.object,
                        span=server.container.span("volumeMounts", index, "mountPath"),
                        locator=server.container.locator,
                        subject=f"{server.container.locator}#{folder}",
                    )


def _claims(server: Server) -> Iterator[str]:
    for volume in server.pod.volumes:
        if "persistentVolumeClaim" in volume:
            yield text(volume.get("name"))
    for template in items(server.pod.object.at(("spec", "volumeClaimTemplates"))):
        yield text(mapping(mapping(template).get("metadata")).get("name"))
