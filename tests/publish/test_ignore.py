import tarfile

import helm_python
import pytest

from hmco_charts.errors import ChartError
from hmco_charts.publish import archive, ignore
from tests.publish.conftest import write_chart

FILES = (
    "a.txt",
    "b.md",
    "doc/a.txt",
    "doc/deep/a.txt",
    "doc/b.md",
    "templates/.hidden",
    "templates/deep/.hidden",
    "x-1.yaml",
    "x]y",
    "star*",
    ".git/config",
)
RULES = (
    "*.txt",
    "/a.txt",
    "doc/",
    "doc",
    "doc/*.txt",
    "/doc/*",
    "*\n!Chart.yaml",
    "/*\n!/Chart.yaml\n!/doc",
    "!*.md\n*.md",
    "x-[0-9].yaml",
    "x-[^2].yaml",
    r"x\]y",
    r"star\*",
    "[x]?1.*",
    "a?txt",
    "# comment\n\n  b.md  ",
    "\ufeffb.md",
    ".git/",
    "/",
    "a.txt/",
    ".helmignore",
    "[a-b].*",
    "deep",
)


@pytest.mark.parametrize("rules", RULES)
def test_the_archive_holds_the_files_that_helm_packs(tmp_path, rules):
    chart = write_chart(tmp_path / "vault", **dict.fromkeys(FILES, "x"), **{".helmignore": rules})
    try:
        packed = helm_python.package(chart, destination=tmp_path / "out")
    except helm_python.HelmError:
        packed = None
    ours = {f"vault/{path}" for path in archive.read(chart)}
    if packed is None:
        assert "vault/Chart.yaml" not in ours
        return
    with tarfile.open(next((tmp_path / "out").glob("*.tgz"))) as tar:
        assert ours == set(tar.getnames())


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("ok\na/**/b", ".helmignore:2: '**' is not known to Helm\n  Name each level: a/*/b."),
        ("[a", ".helmignore:1: '[a' is no pattern\n  Close the '[' or double the '\\'."),
        ("a\\", ".helmignore:1: 'a\\\\' is no pattern\n  Close the '[' or double the '\\'."),
    ],
)
def test_a_rule_that_helm_refuses_is_refused_with_its_line(rules, message):
    with pytest.raises(ChartError) as error:
        ignore.read(rules)
    assert str(error.value) == message
