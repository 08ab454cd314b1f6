"""Apache ZooKeeper: its servers, their configuration, and the probes that ask them.

Sources: 31z4/zookeeper-docker `docker-entrypoint.sh`; apache/zookeeper `QuorumPeerConfig`, `FourLetterCommands` and the
Administrator's Guide; 3.8.0 and 3.9.4 were run.
"""

from hmco_charts.lint.programs.zookeeper.probes import Question, questions
from hmco_charts.lint.programs.zookeeper.server import Key, Member, Server, servers
from hmco_charts.lint.programs.zookeeper.settings import known

__all__ = ["Key", "Member", "Question", "Server", "known", "questions", "servers"]
