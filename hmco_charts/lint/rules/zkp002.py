"""ZKP002: questions of probes that ZooKeeper does not answer, and a list that answers all."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import zookeeper
from hmco_charts.lint.programs.zookeeper import Question, Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.yamlio import Span

_KEY, _VARIABLE = "4lw.commands.whitelist", "ZOO_4LW_COMMANDS_WHITELIST"
_USUAL = "srvr"
_OPEN = (_VARIABLE, "ZOO_CFG_EXTRA")


class ZookeeperFourLetterWords(Rule):
    """Reports probes by a word that the server refuses, and servers that refuse none."""

    id = "ZKP002"
    name = "zookeeper-four-letter-words"
    profile = "min"
    title = "A probe by a word that ZooKeeper does not answer"
    why = (
        "Only `srvr` is answered unless `4lw.commands.whitelist` says more: to any other word the server says that it"
        " 'is not executed because it is not in the whitelist', so that the probe fails for ever, or never if it only"
        " looks for an answer. `*` answers words that list all clients and cost much, to everybody."
    )
    remedy = "Set `4lw.commands.whitelist=ruok,srvr` (ZOO_4LW_COMMANDS_WHITELIST) with what the probes ask."
    source = "https://zookeeper.apache.org/doc/r3.9.4/zookeeperAdmin.html#sc_4lw"

    def check(self, release: Release) -> Iterator[Finding]:
        """The questions of the probes of every server against its list."""
        for server in zookeeper.servers(release):
            told = server.told(_KEY, _VARIABLE)
            if told and told[0] == "*":
                yield self._open(server, told[1])
            elif told or _is_usual(server):
                words = [word.strip() for word in (told[0] if told else _USUAL).split(",")]
                for question in zookeeper.questions(server):
                    if question.word not in (*words, "status") and not any("$" in word for word in words):
                        yield self._refused(server, question)

    def _open(self, server: Server, place: Span) -> Finding:
        return self.finding(
            "The server answers every word to everybody, also those that list clients and settings.",
            on=server.keys[_KEY].text.object if _KEY in server.keys else server.container.pod.object,
            span=place,
            locator=server.container.locator,
            subject=f"{server.container.locator}#{_KEY}",
            severity=Severity.WARNING,
        )

    def _refused(self, server: Server, question: Question) -> Finding:
        return self.finding(
            f"{question.probe} asks `{question.word}`, which is not in the server's whitelist.",
            on=server.container.pod.object,
            span=server.container.span(question.probe, "exec", "command"),
            locator=f"{server.container.locator}/{question.probe}",
            subject=f"{server.container.locator}#{question.probe}#{question.word}",
        )


def _is_usual(server: Server) -> bool:
    """Whether nothing changes the list: the file is known and says nothing, or the variables are and do not."""
    if server.keys:
        return "4lw" not in server.said
    may_say_more = any(name in _OPEN or "FLAGS" in name for name in server.variables)
    is_made = server.is_official and server.runs_entrypoint and not server.has_file
    return is_made and server.is_complete and not may_say_more
