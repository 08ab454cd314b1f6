"""Folders whose kustomization names the objects and what is done to them."""

from pathlib import Path

import pytest
import yaml

from hmco_charts.objects import Inputs, Release, kustomize, read
from tests.objects.conftest import config

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      serviceAccountName: web
      containers:
        - name: web
          image: example/web:1
          envFrom:
            - configMapRef: {name: settings}
            - secretRef: {name: outside}
"""


@pytest.fixture
def without_kustomize(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kustomize, "installed", lambda: None)


def only(inputs: Inputs) -> Release:
    (release,) = inputs.releases
    return release


def names(release: Release) -> list[str]:
    return [f"{each.kind}/{each.namespace}/{each.name}" for each in release.objects]


def unread(inputs: Inputs) -> list[tuple[str, str]]:
    return [(str(each.at), each.reason) for each in inputs.unread]


def test_resources_are_files_and_folders_and_nothing_is_read_twice(write) -> None:
    folder = write(
        {
            "kustomization.yaml": "resources: [a.yaml, base]\n",
            "a.yaml": config("a"),
            "base/kustomization.yml": "resources: [b.yaml]\n",
            "base/b.yaml": config("b"),
            "other.yaml": config("other"),
        }
    )
    inputs = read([str(folder)])
    assert names(only(inputs)) == ["ConfigMap//a", "ConfigMap//b", "ConfigMap//other"]
    assert (inputs.unread, inputs.foreign) == ([], 0)
    (found,) = [each for each in only(inputs).objects if each.name == "b"]
    assert found.span(("data", "level")).file == f"{folder}/base/b.yaml"


def test_the_kustomization_file_stands_for_its_folder(write) -> None:
    folder = write({"kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": config("a"), "b.yaml": config("b")})
    assert names(only(read([f"{folder}/kustomization.yaml"]))) == ["ConfigMap//a"]


GENERATORS = """\
configMapGenerator:
  - name: settings
    literals:
      - URL=postgres://app:tr0ub4dor@db/app
      - 'QUOTED="a b"'
    files:
      - app.conf
      - renamed.txt=text.txt
    envs: [app.env]
secretGenerator:
  - name: keys
    type: kubernetes.io/tls
    literals: [key=value]
    files: [key.bin]
resources: [web.yaml]
"""


def test_generated_objects_lead_to_what_they_are_made_from(write) -> None:
    folder = write(
        {
            "kustomization.yaml": GENERATORS,
            "web.yaml": DEPLOYMENT,
            "app.conf": "a = 1\npassword = tr0ub4dor\n",
            "text.txt": "text",
            "app.env": "# comment\n\n  LEVEL=info=all\nEMPTY\n",
            "key.bin": b"\xff\xfe\xfd",
        }
    )
    release = only(read([str(folder)]))
    settings, keys = release.of_kind("ConfigMap", "Secret")
    assert settings.manifest["data"] == {
        "LEVEL": "info=all",
        "EMPTY": "",
        "URL": "postgres://app:tr0ub4dor@db/app",
        "QUOTED": "a b",
        "app.conf": "a = 1\npassword = tr0ub4dor\n",
        "renamed.txt": "text",
    }
    assert keys.manifest["stringData"] == {"key": "value"}
    assert (keys.manifest["data"], keys.manifest["type"]) == ({"key.bin": "//79"}, "kubernetes.io/tls")
    places = {}
    for text in release.file_texts(settings):
        for piece in ("tr0ub4dor", "info", "a b"):
            if piece in text.value:
                start = text.value.index(piece)
                span = text.span(start, start + len(piece))
                source = Path(span.file).read_text().splitlines()[span.line - 1]
                assert source[span.column - 1 : span.end_column - 1] == piece
                places[text.name] = f"{Path(span.file).name}:{span.line}"
    assert places == {
        "URL": "kustomization.yaml:4",
        "QUOTED": "kustomization.yaml:5",
        "app.conf": "app.conf:2",
        "LEVEL": "app.env:3",
    }
    assert settings.span().line == 2
    (container,) = release.containers
    assert {variable.name for variable in release.environment(container)} >= {"URL", "LEVEL"}


def test_a_generator_of_an_overlay_is_merged_into_that_of_its_base(write) -> None:
    folder = write(
        {
            "base/kustomization.yaml": "configMapGenerator: [{name: a, literals: [x=1, y=1]}]\n",
            "kustomization.yaml": (
                "resources: [base]\nconfigMapGenerator: [{name: a, behavior: merge, literals: [y=2]}]\n"
            ),
        }
    )
    (found,) = only(read([str(folder)])).objects
    assert found.manifest["data"] == {"x": "1", "y": "2"}
    assert found.span(("data", "x")).file == f"{folder}/base/kustomization.yaml"
    assert found.span(("data", "y")).file == f"{folder}/kustomization.yaml"


TRANSFORMED = """\
namespace: shop
namePrefix: prod-
nameSuffix: -v2
commonLabels: {team: a}
labels: [{pairs: {only: metadata}}]
commonAnnotations: {note: x}
resources: [web.yaml, settings.yaml, role.yaml]
"""
ROLE = """\
kind: ServiceAccount
metadata: {name: web}
---
kind: ClusterRoleBinding
metadata: {name: web}
roleRef: {kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: web}]
---
kind: Service
metadata: {name: web}
spec: {selector: {app: web}}
"""


def test_namespace_names_and_labels_are_given_to_all(write) -> None:
    folder = write(
        {
            "kustomization.yaml": TRANSFORMED,
            "web.yaml": DEPLOYMENT,
            "settings.yaml": config("settings"),
            "role.yaml": ROLE,
        }
    )
    release = only(read([str(folder)]))
    assert names(release) == [
        "Deployment/shop/prod-web-v2",
        "ConfigMap/shop/prod-settings-v2",
        "ServiceAccount/shop/prod-web-v2",
        "ClusterRoleBinding//prod-web-v2",
        "Service/shop/prod-web-v2",
    ]
    web, settings, _, binding, service = release.objects
    pod = web.manifest["spec"]["template"]
    assert pod["spec"]["serviceAccountName"] == "prod-web-v2"
    assert [each for source in pod["spec"]["containers"][0]["envFrom"] for each in source.values()] == [
        {"name": "prod-settings-v2"},
        {"name": "outside"},
    ]
    assert (binding.manifest["roleRef"]["name"], binding.manifest["subjects"][0]["name"]) == ("view", "prod-web-v2")
    assert web.labels == {"team": "a", "only": "metadata"}
    assert pod["metadata"] == {"labels": {"app": "web", "team": "a"}, "annotations": {"note": "x"}}
    assert web.manifest["spec"]["selector"]["matchLabels"] == {"app": "web", "team": "a"}
    assert service.manifest["spec"]["selector"] == {"app": "web", "team": "a"}
    assert release.behind(service) == list(release.pods)
    assert settings.span(("data", "level")).line == 6


def test_overlays_of_one_base_are_a_release_each(write) -> None:
    folder = write(
        {
            "base/kustomization.yaml": "resources: [a.yaml]\n",
            "base/a.yaml": config("a"),
            "dev/kustomization.yaml": "resources: [../base]\nnamespace: dev\n",
            "prod/kustomization.yaml": "resources: [../base]\nnamespace: prod\n",
            "plain.yaml": config("plain"),
        }
    )
    found = {release.label: names(release) for release in read([str(folder)]).releases}
    assert found == {
        "": ["ConfigMap//plain"],
        f"{folder}/dev": ["ConfigMap/dev/a"],
        f"{folder}/prod": ["ConfigMap/prod/a"],
    }


PATCHED = """\
resources: [web.yaml, a.yaml]
images: [{name: example/web, newTag: "2"}]
patches:
  - path: patch.yaml
"""
PATCH = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {more: b}\n"


def test_what_is_not_applied_is_told(write, without_kustomize: None) -> None:
    files = {"kustomization.yaml": PATCHED, "web.yaml": DEPLOYMENT, "a.yaml": config("a"), "patch.yaml": PATCH}
    folder = write(files)
    inputs = read([str(folder)])
    assert names(only(inputs)) == ["Deployment//web", "ConfigMap//a"]
    assert unread(inputs) == [
        (
            f"{folder}/kustomization.yaml:3:1",
            "not applied, since no kustomize is installed: patches, images; the files are analysed as written",
        )
    ]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A kustomize that gives what PATCHED means."""
    asked: list[Path] = []

    def build(command: object, folder: Path) -> str:
        asked.append(folder)
        patched = DEPLOYMENT.replace("web:1", "web:2")
        return f"{config('a')}  more: b\n---\n{patched}"

    monkeypatch.setattr(kustomize, "installed", lambda: ("kustomize", "build"))
    monkeypatch.setattr(kustomize, "build", build)
    return asked


def test_kustomize_builds_what_is_not_applied_here(write, built: list[Path]) -> None:
    files = {"kustomization.yaml": PATCHED, "web.yaml": DEPLOYMENT, "a.yaml": config("a"), "patch.yaml": PATCH}
    folder = write(files)
    inputs = read([str(folder)])
    assert (built, inputs.unread) == ([folder], [])
    config_map, web = only(inputs).objects
    assert config_map.manifest["data"] == {"level": "info", "more": "b"}
    same = web.span(("spec", "template", "spec", "serviceAccountName"))
    assert (same.file, same.line) == (f"{folder}/web.yaml", 12)
    changed = web.span(("spec", "template", "spec", "containers", 0, "image"))
    assert (changed.file, changed.line) == (f"{folder}/kustomization.yaml", 1)


def test_the_hash_of_a_generated_name_is_left_out() -> None:
    text = "name: a-22ckb6hc9h\nother: ba-22ckb6hc9h a-22ckb6hc9hx b.c-22ckb6hc9h"
    expected = "name: a\nother: ba-22ckb6hc9h a-22ckb6hc9hx b.c"
    assert kustomize.without_hashes(text, ["a", "b.c"]) == expected
    assert kustomize.without_hashes(text, []) == text


def test_kustomize_is_not_asked_for_what_needs_another_machine(write, built: list[Path]) -> None:
    remote = "resources:\n  - a.yaml\n  - https://github.com/example/app//deploy?ref=v1\n"
    folder = write({"kustomization.yaml": f"{remote}images: [{{name: a}}]\n", "a.yaml": config("a")})
    inputs = read([str(folder)])
    assert (built, names(only(inputs))) == ([], ["ConfigMap//a"])
    assert [at for at, _ in unread(inputs)] == [f"{folder}/kustomization.yaml:3:5", f"{folder}/kustomization.yaml:4:1"]


def test_a_kustomize_that_fails_is_told(write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "kustomize"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho 'Error: no such patch' >&2\nexit 1\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent), prepend=":")
    folder = write({"app/kustomization.yaml": "resources: [a.yaml]\nimages: [{name: a}]\n", "app/a.yaml": config("a")})
    inputs = read([str(folder / "app")])
    assert names(only(inputs)) == ["ConfigMap//a"]
    assert [reason for _, reason in unread(inputs)] == ["kustomize cannot build this: no such patch"]


def test_the_reason_of_kubectl_stands_between_brackets(write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "kustomize"
    tool.parent.mkdir()
    tool.write_text(
        "#!/bin/sh\nprintf 'E1 \"command failed\" err=<\\n\\tname: a\\n\\t`: must be told\\n >\\n' >&2\nexit 1\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent), prepend=":")
    folder = write({"app/kustomization.yaml": "images: [{name: a}]\n"})
    assert [reason for _, reason in unread(read([str(folder / "app")]))] == [
        "kustomize cannot build this: must be told"
    ]


def test_values_for_charts_are_read_where_they_stand(write, without_kustomize: None) -> None:
    charts = """\
helmCharts:
  - name: vault
    valuesInline:
      server: {logLevel: debug}
  - name: grafana
    valuesFile: grafana.yaml
    additionalValuesFiles: [more.yaml, gone.yaml]
"""
    files = {"kustomization.yaml": charts, "grafana.yaml": "replicas: 1\n", "more.yaml": "persistence: {}\n"}
    folder = write(files)
    inputs = read([str(folder)])
    assert [(each.chart, each.manifest) for each in only(inputs).values] == [
        ("vault", {"server": {"logLevel": "debug"}}),
        ("grafana", {"replicas": 1}),
        ("grafana", {"persistence": {}}),
    ]
    inline, first, _ = only(inputs).values
    assert (inline.span(("server", "logLevel")).line, first.span(("replicas",)).file) == (4, f"{folder}/grafana.yaml")


FAULTS = {
    "gone": ("resources: [gone.yaml]\n", "gone.yaml", "No such file or directory"),
    "no kustomization": ("resources: [empty]\n", "empty", "this folder has no kustomization.yaml"),
    "circle": ("resources: [../app]\n", "kustomization.yaml:1:13", "this kustomization is part of itself"),
    "outside": (
        "resources: [../out.yaml]\n",
        "kustomization.yaml:1:13",
        "kustomize reads no file outside of its folder",
    ),
    "no name": ("resources: [{}]\n", "kustomization.yaml:1:13", "this is no name of a file or folder"),
    "no file name": ('resources: ["a\\0b"]\n', "kustomization.yaml:1:13", "no such file or folder"),
    "long name": (f"resources: [{'a' * 300}]\n", "kustomization.yaml:1:13", "File name too long"),
    "generator": ("configMapGenerator: [{name: a, files: [gone]}]\n", "gone", "No such file or directory"),
    "nothing": ("# nothing\n", "kustomization.yaml", "this kustomization is no mapping"),
    "a list": ("- a.yaml\n", "kustomization.yaml", "this kustomization is no mapping"),
    "no list": ("resources: a.yaml\n", "kustomization.yaml:1:12", "`resources` is no list"),
    "no generators": ("secretGenerator: {name: a}\n", "kustomization.yaml:1:18", "`secretGenerator` is no list"),
    "too many aliases": (
        f"a: &a [{','.join('x' * 500)}]\nb: &b [{','.join(['*a'] * 500)}]\nresources: [*b]\n",
        "kustomization.yaml:2:380",
        "not readable as YAML: aliases expand to more than Kubernetes reads",
    ),
    "too deep": (f"resources: {'[' * 300}\n", "kustomization.yaml:1:267", None),
    "not YAML": ("resources: [\n", "kustomization.yaml:2:1", None),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_read_is_told(write, name: str) -> None:
    text, at, reason = FAULTS[name]
    folder = write({"app/kustomization.yaml": text, "app/empty/a.txt": "", "out.yaml": config()}) / "app"
    ((place, told),) = unread(read([str(folder)]))
    assert place == f"{folder}/{at}"
    assert reason in (told, None)


def test_kustomizations_in_a_circle_are_read(write) -> None:
    folder = write(
        {
            "a/kustomization.yaml": "resources: [../b, a.yaml]\n",
            "a/a.yaml": config("a"),
            "b/kustomization.yaml": "resources: [../a, b.yaml]\n",
            "b/b.yaml": config("b"),
        }
    )
    inputs = read([str(folder)])
    assert sorted(names(only(inputs))) == ["ConfigMap//a", "ConfigMap//b"]
    assert [reason for _, reason in unread(inputs)] == ["this kustomization is part of itself"]


def test_the_kustomization_of_flux_is_an_object(write) -> None:
    flux = {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": "apps"}}
    folder = write({"kustomization.yaml": yaml.safe_dump(flux)})
    assert names(only(read([str(folder)]))) == ["Kustomization//apps"]


def test_a_name_that_no_file_can_have_is_left_alone(write, without_kustomize: None) -> None:
    folder = write({"kustomization.yaml": f"helmCharts:\n  - name: x\n    valuesFile: {'a' * 300}\n"})
    assert [each.manifest for release in read([str(folder)]).releases for each in release.values] == []
