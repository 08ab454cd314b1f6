"""FLK004: words in FLINK_PROPERTIES that the image joins."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import flink
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class FlinkProperties(Rule):
    """Reports values of several words in FLINK_PROPERTIES."""

    id = "FLK004"
    name = "flink-properties"
    title = "Words in FLINK_PROPERTIES that the image joins"
    why = (
        "The image's entry point takes all white space out of each line of FLINK_PROPERTIES: `env.java.opts.all:"
        " -Da=1 -Db=2` becomes one option `-Da=1-Db=2`, and nothing says so."
    )
    remedy = "Write the setting into `config.yaml`."
    source = "https://github.com/apache/flink-docker/blob/master/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The settings in the variable of every process; a comment behind a value is none."""
        for process in flink.processes(release):
            for setting in process.settings.values():
                words = setting.value.partition(" #")[0].split()
                if setting.is_of_variable and len(words) > 1:
                    yield self.finding(
                        f"{setting.name} in {flink.PROPERTIES} becomes `{''.join(words)}`.",
                        on=setting.object,
                        span=setting.place,
                        locator=setting.locator,
                        subject=f"{process.name}#{setting.name}",
                    )
