"""ZKP005: variables of ZooKeeper's image that a mounted file turns off."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import zookeeper
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_FILE = "/conf/zoo.cfg"
_READ_ALWAYS = ("ZOO_MY_ID", "ZOO_CONF_DIR", "ZOO_LOG_DIR", "ZOO_DATA_DIR", "ZOO_DATA_LOG_DIR", "ZOOCFGDIR")


class ZookeeperVariablesUnread(Rule):
    """Reports ZOO_ variables beside a mounted zoo.cfg."""

    id = "ZKP005"
    name = "zookeeper-variables-unread"
    title = "Variables of ZooKeeper that nothing reads"
    why = (
        "The image's start script makes zoo.cfg of its variables only where there is none. With a file of one's own at"
        " that place ZOO_SERVERS, ZOO_AUTOPURGE_PURGEINTERVAL, ZOO_4LW_COMMANDS_WHITELIST and all others do nothing."
    )
    remedy = "Write the setting into zoo.cfg, and take the variable away."
    source = "https://github.com/31z4/zookeeper-docker/blob/master/3.9.4/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of every server whose file is mounted."""
        for server in zookeeper.servers(release):
            is_mounted = any(file.path == _FILE for file in release.files(server.container))
            for variable in server.container.environment if is_mounted and server.is_official else ():
                if variable.name.startswith("ZOO_") and variable.name not in _READ_ALWAYS:
                    yield self.finding(
                        f"{variable.name} does nothing, as {_FILE} is mounted.",
                        on=server.container.pod.object,
                        span=server.container.pod.object.span((*variable.path, "name")),
                        locator=server.container.locator,
                        subject=f"{server.container.locator}#{variable.name}",
                        severity=Severity.WARNING,
                    )
