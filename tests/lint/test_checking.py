"""Rules applied by several processes: each test is a process of its own, as pytest's may not be forked."""

import json
import subprocess
import sys
from typing import Any

_RELEASE = """
import json, os
from hmco_charts.lint.checking import check
from hmco_charts.lint.registry import find
from hmco_charts.lint.rule import Rule
from hmco_charts.lint.threshold import Threshold
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import KubernetesObject
from hmco_charts.yamlio import read

texts = "---".join(f"\\nkind: ConfigMap\\nmetadata: {{name: c{at}}}\\n" for at in range(2000))
release = Release(tuple(KubernetesObject(each.value, each) for each in read(texts, "many.yaml")))
main = os.getpid()
arrivals = {"here": os.pipe(), "elsewhere": os.pipe()}

def met():
    # where this is, once the other process is at work too
    here, there = ("here", "elsewhere") if os.getpid() == main else ("elsewhere", "here")
    os.write(arrivals[here][1], b"x")
    os.read(arrivals[there][0], 1)
    return here

class First(Rule):
    id, name, title, why, remedy = "AAA001", "first", "t", "w", "r"
    def check(self, release):
        yield self.finding("here" if os.getpid() == main else "elsewhere", on=release.objects[7])

class Second(First):
    id, name = "BBB001", "second"

class Meeting(First):
    def check(self, release):
        yield self.finding(met(), on=release.objects[7])

class OtherMeeting(Meeting):
    id, name = "BBB001", "other"

class Fatal(First):
    id, name = "CCC001", "fatal"
    def check(self, release):
        if os.getpid() != main:
            os._exit(1)
        yield from super().check(release)

def told(*rules, jobs):
    found = check(release, rules, Threshold(), lambda: None, jobs)
    places = {rule: [(each.message, each.span.line) for each in found.findings[rule]] for rule in found.seconds}
    print(json.dumps(places))
"""


def _told(call: str) -> dict[str, Any]:
    command = [sys.executable, "-W", "error", "-c", f"{_RELEASE}\n{call}"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)


def test_processes_share_the_rules_and_give_the_places_that_are_shown() -> None:
    found = _told("told(Meeting(), OtherMeeting(), jobs=2)")
    assert sorted(found) == ["AAA001", "BBB001"]
    assert sorted([*found["AAA001"], *found["BBB001"]]) == [["elsewhere", 23], ["here", 23]]


def test_one_job_is_this_process_alone() -> None:
    assert _told("told(First(), Second(), jobs=1)") == {"AAA001": [["here", 23]], "BBB001": [["here", 23]]}


def test_rules_of_a_process_that_dies_are_applied_all_the_same() -> None:
    found = _told("told(First(), Fatal(), jobs=2)")
    assert (found["AAA001"][0][1], found["CCC001"]) == (23, [["here", 23]])


def test_rules_of_a_family_stay_together() -> None:
    found = _told("Second.id = 'AAA002'\ntold(First(), Second(), jobs=2)")
    assert found["AAA001"] == found["AAA002"]
