"""The family API beside the other rules: one fault is one finding, whoever tells it."""

import json
from pathlib import Path

import pytest

from hmco_charts.lint import Confidence, lint
from tests.conformance.test_schemas import CRONTAB, crontab
from tests.lint.test_rules import BAD, NOW, against, cluster, name

OTHERS = [path for path in BAD if not path.parts[-3].startswith("API") and not path.is_dir()]


@pytest.mark.parametrize("path", OTHERS, ids=name)
def test_no_fault_of_another_rule_is_told_again(path: Path) -> None:
    rule = path.parts[-3]
    told = {"cluster": cluster(path), "against": against(path), "now": NOW, "confidence": Confidence.LOW}
    findings = lint([path], select=[rule, "API"], **told).findings
    own = {finding.span for finding in findings if finding.rule == rule}
    assert [each.message for each in findings if each.rule.startswith("API") and each.span in own] == []


def test_a_definition_in_a_chart_judges_the_resources_of_the_chart(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "crds").mkdir()
    (tmp_path / "crds" / "crontab.yaml").write_text(json.dumps(CRONTAB))
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 1.0.0\n")
    (tmp_path / "templates" / "crontab.yaml").write_text(json.dumps(crontab(imge="x"), indent=2))
    (finding,) = lint([tmp_path], select=["API"]).findings
    assert finding.rule == "API002"
    assert finding.message == "spec/imge: unknown field imge: did you mean image?"
    assert (Path(finding.span.file).name, finding.span.line) == ("crontab.yaml", 9)
