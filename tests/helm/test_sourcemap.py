"""Where the lines of a manifest come from."""

import re
import shutil
from pathlib import Path

import pytest

from hmco_charts.helm import Engine, sourcemap
from hmco_charts.helm.sourcemap import Manifests, MappedManifest, Origin
from tests.helm.conftest import METADATA, SUBCHART, WriteChart

HELPERS = """\
{{- define "name" -}}
vault
{{- end }}
{{- define "labels" }}
app: {{ include "name" . }}
chart: demo
{{- end }}
"""
TEMPLATE = """\
{{- /* don't
mark me */ -}}
kind: ConfigMap
metadata:
  name: {{ include "name" . }}-x
  labels:
    {{- include "labels" . | nindent 4 }}
    tier: {{ .Values.tier }} # c
{{- if eq (include "name" .) "vault" }}
  is: vault
{{- else }}
  is: not
{{- end }}
data:
  v.hcl: |
    storage "postgresql" {
      connection_string = "x"
    }
  text: |
{{ .Values.text | indent 4 }}
  sum: {{ include "labels" . | sha256sum }}
---
items:
{{- range .Values.items }}
{{ .key }}: item
  val: 1
  {{- toYaml .more | nindent 2 }}
{{- end }}
end: 1"""
VALUES = """\
tier: front
text: |-
  one
  two
items: [{key: a, more: {p: 1}}, {key: b, more: {p: 2}}]
"""
# The rendered line, the file and line it came from, and whether that is proven.
EXPECTED = [
    ("kind: ConfigMap", "a.yaml", 3, True),
    ("metadata:", "a.yaml", 4, True),
    ("  name: vault-x", "a.yaml", 5, True),
    ("  labels:", "a.yaml", 6, True),
    ("    ", "a.yaml", 6, True),
    ("    app: vault", "_helpers.tpl", 5, True),
    ("    chart: demo", "_helpers.tpl", 6, True),
    ("    tier: front # c", "a.yaml", 8, True),
    ("  is: vault", "a.yaml", 10, True),
    ("data:", "a.yaml", 14, True),
    ("  v.hcl: |", "a.yaml", 15, True),
    ('    storage "postgresql" {', "a.yaml", 16, True),
    ('      connection_string = "x"', "a.yaml", 17, True),
    ("    }", "a.yaml", 18, True),
    ("  text: |", "a.yaml", 19, True),
    ("    one", "a.yaml", 20, True),
    ("    two", "a.yaml", 20, True),
    ("  sum: 9b5c3c5a", "a.yaml", 21, True),
    ("---", "a.yaml", 22, True),
    ("items:", "a.yaml", 23, True),
    ("a: item", "a.yaml", 25, True),
    ("  val: 1", "a.yaml", 26, True),
    ("  p: 1", "a.yaml", 27, True),
    ("b: item", "a.yaml", 25, True),
    ("  val: 1", "a.yaml", 26, True),
    ("  p: 2", "a.yaml", 27, True),
    ("end: 1", "a.yaml", 29, True),
]


@pytest.fixture
def chart(write_chart: WriteChart) -> Path:
    return write_chart({"values.yaml": VALUES, "templates/_helpers.tpl": HELPERS, "templates/a.yaml": TEMPLATE})


class Mapped:
    """A manifest and its origins."""

    def __init__(self, text: str, manifest: MappedManifest) -> None:
        self.text = text
        self.lines = text.split("\n")
        self._manifest = manifest

    def origin(self, line: int, column: int | None = None) -> Origin:
        """That of one character; of the line's first that is no space."""
        text = self.lines[line - 1]
        at = column or len(text) - len(text.lstrip()) + 1
        return self._manifest.origin(line, at, line, at + 1)


def traced(helm: Engine, chart: Path) -> dict[str, Mapped]:
    texts = helm.render(chart)
    (found,) = sourcemap.trace(helm, chart, [Manifests({}, texts)])
    return {name: Mapped(text, found[name]) for name, text in texts.items()}


def mapped(helm: Engine, chart: Path, name: str = "demo/templates/a.yaml") -> Mapped:
    return traced(helm, chart)[name]


def origins(template: Mapped) -> list[tuple[str, str, int, bool]]:
    lines = [re.sub(r"sum: (.{8}).*", r"sum: \1", line) for line in template.lines]
    found = [template.origin(number) for number in range(1, len(lines) + 1)]
    return [(line, at.file.rpartition("/")[2], at.line, at.is_proven) for line, at in zip(lines, found, strict=True)]


def test_each_line_names_its_template_line_and_whether_it_is_proven(helm: Engine, chart: Path) -> None:
    template = mapped(helm, chart)
    assert template.text == helm.render(chart)["demo/templates/a.yaml"]
    found = origins(template)
    digest = found[17][0]
    assert found == [(digest, *row[1:]) if "sum" in row[0] else row for row in EXPECTED]


def test_an_archive_maps_like_its_folder(helm: Engine, chart: Path, tmp_path: Path) -> None:
    archive = helm.package(chart, tmp_path)
    assert origins(mapped(helm, archive)) == origins(mapped(helm, chart))
    assert mapped(helm, chart).origin(1).file == "templates/a.yaml"
    assert mapped(helm, archive).origin(1).file == "demo/templates/a.yaml"


@pytest.mark.parametrize(
    ("line", "rendered", "column"),
    [
        (13, 7, 7),  # the first character of a literal line, at the same place
        (13, 29, 29),  # and its last
        (7, 5, 1),  # indented by 4 in the manifest
        (6, 10, 6),  # written by the helper's action `{{ include "name" . }}`
        (8, 11, 11),  # the action after `tier: `
        (8, 17, 30),  # text behind an action
        (16, 5, 1),  # a value's text has the place of the action that wrote it
    ],
)
def test_columns_are_those_of_the_template(helm: Engine, chart: Path, line: int, rendered: int, column: int) -> None:
    assert mapped(helm, chart).origin(line, rendered).column == column


def test_a_line_that_is_not_there_is_an_index_error(helm: Engine, chart: Path) -> None:
    with pytest.raises(IndexError):
        mapped(helm, chart).origin(len(EXPECTED) + 1)


@pytest.mark.parametrize("folder", ["sub", "sub-of-another-name"])
def test_a_subchart_with_an_alias_names_its_own_file(helm: Engine, write_chart: WriteChart, folder: str) -> None:
    chart = write_chart(
        {
            "Chart.yaml": METADATA + "dependencies: [{name: sub, version: 0.1.0, alias: other}]\n",
            f"charts/{folder}/Chart.yaml": SUBCHART,
            f"charts/{folder}/templates/a.yaml": "{{ .Chart.Name }}: 0\n\na: 1\n",
        }
    )
    template = mapped(helm, chart, "demo/charts/other/templates/a.yaml")
    assert [template.origin(line).file for line in (1, 3)] == [f"charts/{folder}/templates/a.yaml"] * 2
    assert (template.origin(1).line, template.origin(3).line) == (1, 3)


def test_a_packed_subchart_names_the_file_in_its_archive(helm: Engine, write_chart: WriteChart) -> None:
    sub = write_chart({"Chart.yaml": SUBCHART, "templates/a.yaml": "a: 1\nb: 2\n"}, "sub")
    chart = write_chart({"templates/a.yaml": "c: 3\n", "charts/.keep": ""})
    helm.package(sub, chart / "charts")
    origin = mapped(helm, chart, "demo/charts/sub/templates/a.yaml").origin(2)
    assert (origin.file, origin.line, origin.is_proven) == ("charts/sub-0.1.0.tgz/sub/templates/a.yaml", 2, True)


@pytest.mark.parametrize("text", ["a: 1\r\n{{- if true }}\r\n  b: 2\r\n{{- end }}\r\n", "\ufeffa: 1\n\n  b: 2"])
def test_line_ends_of_windows_and_a_byte_order_mark_change_nothing(
    helm: Engine, write_chart: WriteChart, text: str
) -> None:
    chart = write_chart({"templates/a.yaml": text})
    template = mapped(helm, chart)
    number = next(i for i, line in enumerate(template.text.split("\n"), 1) if "b: 2" in line)
    origin = template.origin(number)
    assert (origin.line, origin.column, origin.is_proven) == (3, 3, True)


def test_a_helper_whose_text_is_cut_is_left_without_marks(helm: Engine, write_chart: WriteChart) -> None:
    helpers = '{{ define "long" }}\naaaa\nbbbb\n{{ end }}'
    chart = write_chart(
        {"templates/_h.tpl": helpers, "templates/a.yaml": 'a: {{ include "long" . | trunc 3 | quote }}\nb: 2\n'}
    )
    template = mapped(helm, chart)
    assert template.text == 'a: "\\naa"\nb: 2\n'
    assert [(template.origin(n).line, template.origin(n).is_proven) for n in (1, 2)] == [(1, True), (2, True)]


def test_a_template_that_reads_its_own_helpers_as_yaml_is_mapped_without_their_marks(
    helm: Engine, write_chart: WriteChart
) -> None:
    helpers = '{{ define "map" }}\nx: 1\ny: 2\n{{ end }}'
    text = 'a: {{ (fromYaml (include "map" .)).x | required "x is there" }}\nb: 2\n'
    chart = write_chart({"templates/_h.tpl": helpers, "templates/a.yaml": text})
    template = mapped(helm, chart)
    assert template.text == "a: 1\nb: 2\n"
    assert [(template.origin(n).line, template.origin(n).is_proven) for n in (1, 2)] == [(1, True), (2, True)]


def test_characters_like_marks_in_a_template_are_none(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"templates/a.yaml": "a: 1\nicon: \U000f0001\n"})
    template = mapped(helm, chart)
    assert template.text == "a: 1\nicon: \U000f0001\n"
    assert [(template.origin(n).line, template.origin(n).is_proven) for n in (1, 2)] == [(1, True), (2, True)]


def test_characters_like_marks_in_the_values_are_none(helm: Engine, write_chart: WriteChart) -> None:
    values = 'a: "\U000f0000x"\nb: "\U0010fff0x"\n'
    chart = write_chart({"values.yaml": values, "templates/a.yaml": "z: 1\n{{ .Values.a }}\n{{ .Values.b }}\n"})
    template = mapped(helm, chart)
    assert template.text == "z: 1\n\U000f0000x\n\U0010fff0x\n"
    assert [template.origin(number).is_proven for number in (1, 2, 3)] == [True, True, True]


def test_random_values_do_not_disturb_the_other_lines(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"templates/a.yaml": "a: {{ uuidv4 }}\nb: 2\n"})
    template = mapped(helm, chart)
    assert [(template.origin(n).line, template.origin(n).is_proven) for n in (1, 2)] == [(1, True), (2, True)]


def test_every_proven_line_is_the_line_that_says_so(helm: Engine, write_chart: WriteChart) -> None:
    """Each literal line of this chart tells its own file and line."""

    def told(file: str, text: str) -> str:
        lines = text.split("\n")
        return "\n".join(line.replace("HERE", f"{file}:{number}") for number, line in enumerate(lines, 1))

    loop = """\
a: HERE
{{- range $i, $x := until 3 }}
{{- if eq (mod $i 2) 0 }}
b{{ $i }}: HERE
{{ else -}}
c: HERE {{ $x }}
{{ end }}
{{- with $.Values.none }}
d: HERE
{{- end }}
  e:
    - HERE

{{- include "body" $ | nindent 4 }}
{{ include "body" $ | trim | indent 2 -}}
{{ end }}
text: |
  HERE
{{ tpl "f: {{ .Release.Name }}" $ }}
g: HERE
"""
    helpers = (
        '{{- define "body" -}}\n- HERE\n{{ if .Values.none }}- HERE\n{{ else }}- HERE{{ end }}\n- HERE\n{{- end }}'
    )
    files = {"_h.tpl": helpers, "a.yaml": loop, "b.yaml": "# HERE\n" + loop, "NOTES.txt": loop}
    chart = write_chart({f"templates/{name}": told(name, text) for name, text in files.items()})
    told_lines = proven = 0
    for template in traced(helm, chart).values():
        for number, line in enumerate(template.lines, 1):
            origin = template.origin(number)
            said = re.search(r"\b([_\w]+\.\w+):(\d+)", line)
            told_lines += bool(said)
            proven += bool(said) and origin.is_proven
            if said and origin.is_proven:
                assert (origin.file, origin.line) == (f"templates/{said[1]}", int(said[2]))
    assert proven / told_lines > 0.75


def test_the_chart_on_disk_is_untouched(helm: Engine, chart: Path, tmp_path: Path) -> None:
    shutil.copytree(chart, tmp_path / "copy")
    traced(helm, chart).values()
    before = {path.relative_to(tmp_path / "copy"): path for path in (tmp_path / "copy").rglob("*.*")}
    after = {path.relative_to(chart): path for path in chart.rglob("*.*")}
    assert before.keys() == after.keys()
    assert all(before[name].read_bytes() == after[name].read_bytes() for name in before)


def test_a_template_that_helm_ignores_disturbs_nothing(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart(
        {".helmignore": "broken.yaml\n", "templates/broken.yaml": "{{ fail }}", "templates/a.yaml": "a: 1\n"}
    )
    origin = mapped(helm, chart).origin(1)
    assert (origin.file, origin.line, origin.is_proven) == ("templates/a.yaml", 1, True)
