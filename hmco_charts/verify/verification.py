"""A run of all checks, and how it is told."""

import json
from dataclasses import asdict, dataclass

from hmco_charts.verify.checks import CHECKS
from hmco_charts.verify.problem import Problem
from hmco_charts.verify.state import State


@dataclass(frozen=True, slots=True)
class Verification:
    """What the checks found.

    Attributes:
        problems: What they found.
        pods: How many pods shall run.
        running: How many of them run.
    """

    problems: tuple[Problem, ...]
    pods: int
    running: int

    @property
    def exit_code(self) -> int:
        """1 where something is wrong, else 0."""
        return int(any(each.severity == "error" for each in self.problems))

    def text(self) -> str:
        """For people: two lines for each problem, and the number of pods."""
        lines = [
            f"{each.severity}[{each.check}] {each.object}: {each.message}\n  {each.remedy}" for each in self.problems
        ]
        return "\n".join([*lines, f"{self.running} of {self.pods} pods run; {self._count()}"]) + "\n"

    def json(self) -> str:
        """For programs."""
        told = {"pods": self.pods, "running": self.running, "problems": [asdict(each) for each in self.problems]}
        return json.dumps(told, indent=2) + "\n"

    def _count(self) -> str:
        wrong = sum(each.severity == "error" for each in self.problems)
        return f"{wrong} problem{'s' * (wrong != 1)}" if wrong else "no problem"


def verify(state: State) -> Verification:
    """What is wrong with a cluster."""
    problems = tuple(problem for check in CHECKS for problem in check.problems(state))
    pods = list(state.pods)
    return Verification(problems, len(pods), sum(each.status.get("phase") == "Running" for each in pods))
