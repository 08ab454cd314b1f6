"""What is read of files and folders, and that nothing is passed over in silence."""

import gzip
import io
import json
import os
import sys
from pathlib import Path

import pytest

from hmco_charts.inputs import content
from hmco_charts.objects import Inputs, manifests, read
from tests.objects.conftest import config


def names(inputs: Inputs) -> list[str]:
    return [each.name for release in inputs.releases for each in release.objects]


def unread(inputs: Inputs) -> list[tuple[str, str]]:
    return [(str(each.at), each.reason) for each in inputs.unread]


class StandardInput:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize("suffix", [".yaml.gz", ".yml.gz", ".gz", ".yaml"])
def test_a_compressed_manifest_is_read_whatever_its_name(write, suffix: str) -> None:
    path = write({f"a{suffix}": gzip.compress(config("a").encode()) + gzip.compress(b"---\n" + config("b").encode())})
    inputs = read([str(path / f"a{suffix}")])
    assert (names(inputs), inputs.unread) == (["a", "b"], [])
    assert inputs.releases[0].objects[1].span(("data", "level")).line == 13


def test_standard_input_may_be_compressed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StandardInput(gzip.compress(config().encode())))
    inputs = read(["-"])
    assert names(inputs) == ["app"]
    assert inputs.releases[0].objects[0].span().file == "<stdin>"


@pytest.mark.parametrize("data", [gzip.compress(bytes(2000)), bytes(2000)], ids=["compressed", "plain"])
def test_what_is_too_large_is_refused(write, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(content, "MAX_BYTES", 1000)
    path = write({"a.yaml": data}) / "a.yaml"
    ((at, reason),) = unread(read([str(path)]))
    assert at == str(path)
    assert reason.endswith("larger than 0 MiB")


def test_text_of_two_bytes_a_character_is_read(write) -> None:
    path = write({"a.yaml": config().encode("utf-16")})
    assert names(read([str(path / "a.yaml")])) == ["app"]


def test_a_list_and_json_objects_in_a_row_are_their_members(write) -> None:
    one, two = ({"kind": "ConfigMap", "metadata": {"name": name}} for name in "ab")
    listed = {"kind": "List", "items": [one, two]}
    path = write({"a.json": json.dumps(listed) + "\n" + json.dumps({**one, "metadata": {"name": "c"}})})
    assert names(read([str(path / "a.json")])) == ["a", "b", "c"]


BROKEN = {
    "binary.yaml": (b"\x00\x01\xfe\xff" * 10, "binary.yaml:1", "a binary file"),
    "latin.yaml": (b"kind: ConfigMap\nname: caf\xe9\n", "latin.yaml:2", "not UTF-8 text"),
    "broken.yaml.gz": (gzip.compress(config().encode())[:-12], "broken.yaml.gz", "a broken gzip file"),
    "text.yaml": (b"- kind\n", "text.yaml:1:1", "not a Kubernetes object"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("is_given", [True, False])
def test_a_file_that_is_no_manifest_is_told(write, name: str, is_given: bool) -> None:
    data, at, reason = BROKEN[name]
    folder = write({name: data, "good.yaml": config()})
    paths = [str(folder / name), str(folder / "good.yaml")] if is_given else [str(folder)]
    inputs = read(paths)
    assert (names(inputs), unread(inputs)) == (["app"], [(f"{folder}/{at}", reason)])


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    (tmp_path / "self.yaml").symlink_to("self.yaml")
    told = {Path(at).name: reason for at, reason in unread(read([str(tmp_path)]))}
    assert told == {
        "pipe.yaml": "not a regular file",
        "gone.yaml": "No such file or directory",
        "self.yaml": "Too many levels of symbolic links",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_what_may_not_be_read_is_told(write) -> None:
    folder = write({"a.yaml": config(), "closed/b.yaml": config("b")})
    (folder / "a.yaml").chmod(0)
    (folder / "closed").chmod(0)
    assert [reason for _, reason in unread(read([str(folder)]))] == ["Permission denied", "Permission denied"]


EMPTY = ["", "\n \n", "# nothing\n---\n", "~\n", "---\n...\n", "\ufeff", "kind: List\nitems: []\n"]


@pytest.mark.parametrize("text", EMPTY)
def test_a_named_file_without_an_object_is_told(write, text: str) -> None:
    path = write({"a.yaml": text, "b.yaml": config()}) / "a.yaml"
    inputs = read([str(path), str(path.with_name("b.yaml"))])
    assert (names(inputs), unread(inputs)) == (["app"], [(str(path), "this file holds no object")])


def test_standard_input_without_an_object_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StandardInput(b"\n"))
    assert unread(read(["-"])) == [("<stdin>", "standard input holds no object")]


def test_an_empty_file_in_a_folder_with_others_is_no_fault(write) -> None:
    folder = write({"a.yaml": "", "b.yaml": config()})
    assert read([str(folder)]).unread == []


@pytest.mark.parametrize(
    "files", [{}, {"a.yaml": ""}, {"sub/a.txt": "x"}, {"ci.yaml": "on: push\n"}, {".hidden/a.yaml": config()}]
)
def test_a_named_folder_without_manifests_is_told(write, files) -> None:
    folder = write({"good/a.yaml": config(), "bad/.keep": "", **{f"bad/{name}": text for name, text in files.items()}})
    told = [(f"{folder}/bad", "this folder holds no manifest and no chart")]
    assert unread(read([f"{folder}/bad", f"{folder}/good"])) == told


def test_a_folder_that_is_named_twice_or_holds_links_alone_is_no_empty_one(write) -> None:
    folder = write({"base/a.yaml": config(), "links/.keep": ""})
    (folder / "twin").symlink_to("base")
    (folder / "links" / "a.yaml").symlink_to("../base/a.yaml")
    assert read([f"{folder}/base", f"{folder}/twin", f"{folder}/base/../base"]).unread == []
    assert read([f"{folder}/links"]).unread == []


CLAIMS = {
    "apiVersion: v1\nmetadata: {name: a}\n": ("1:1", "an object without a kind"),
    "apiVersion: v1\nkind: [ConfigMap]\n": ("1:1", "an object without a kind"),
    "kind: List\nitems: {a: b}\n": ("1:1", "the items of this list are no list"),
    "kind: List\nitems:\n- kind: ConfigMap\n- 5\n": ("4:3", "not a Kubernetes object"),
    "kind: List\nitems:\n-\n- kind: ConfigMap\n": ("3:2", "not a Kubernetes object"),
    "kind: List\nitems:\n- {kind: List, items: [{a: b}]}\n": ("3:24", "an object without a kind"),
}


@pytest.mark.parametrize("text", CLAIMS)
def test_what_claims_to_be_an_object_and_is_none_is_told(write, text: str) -> None:
    path = write({"a.yaml": text}) / "a.yaml"
    place, reason = CLAIMS[text]
    assert unread(read([str(path)])) == [(f"{path}:{place}", reason)]


def test_very_many_that_are_no_objects_are_counted(write) -> None:
    path = write({"a.yaml": "kind: List\nitems:\n" + "- 5\n" * 50}) / "a.yaml"
    *told, last = unread(read([str(path)]))
    assert told == [(f"{path}:{line}:3", "not a Kubernetes object") for line in range(3, 23)]
    assert last == (f"{path}:23:3", "30 more are no objects; this is the first of them")


def test_a_mapping_whose_kind_is_no_text_may_be_values(write) -> None:
    inputs = read([str(write({"a.yaml": "kind: 5\nserver: {}\n"}) / "a.yaml")])
    assert (inputs.foreign, inputs.unread) == (1, [])


def test_links_to_folders_are_followed_and_each_folder_is_read_once(write) -> None:
    folder = write({"base/a.yaml": config("a"), "other/b.yaml": config("b")})
    (folder / "base" / "up").symlink_to("..")
    (folder / "other" / "twin").symlink_to("../base")
    inputs = read([str(folder)])
    assert (sorted(names(inputs)), inputs.unread) == (["a", "b"], [])


def test_a_link_out_of_the_folder_is_told(write) -> None:
    folder = write({"in/a.yaml": config("a"), "out/b.yaml": config("b")})
    (folder / "in" / "there").symlink_to("../out")
    inputs = read([str(folder / "in")])
    assert names(inputs) == ["a"]
    assert unread(inputs) == [
        (f"{folder}/in/there", "a symbolic link leads out of the folder: what is behind it was not read")
    ]


def test_a_template_outside_of_a_chart_is_told_and_read_as_text(write) -> None:
    template = config(level="{{ .Values.level }}") + "  pw: '{{ x }}'\n---\n" + config("b")
    path = write({"a.yaml": template.replace("{{ .", "{{- .")}) / "a.yaml"
    inputs = read([str(path)])
    (release,) = inputs.releases
    assert [each.at.line for each in inputs.unread] == [6]
    assert [each.name for each in release.objects] == ["b"]
    assert [(each.name, each.value) for each in release.texts] == [
        ("level", "info"),
        ("level", "${- .Values.level }}"),
        ("pw", "${ x }}"),
    ]


TOO_LARGE = "an object of more than 1.5 MiB, which Kubernetes does not store"


@pytest.mark.parametrize("kind", ["ConfigMap", "CustomResource"])
def test_an_object_that_kubernetes_does_not_store_is_told(write, kind: str) -> None:
    lines = f"kind: {kind}\ndata:\n" + "".join(f"  k{n}: {'x' * 1000}\n" for n in range(1600))
    path = write({"a.yaml": f"{config('b')}---\n{lines}"}) / "a.yaml"
    inputs = read([str(path)])
    assert (names(inputs), unread(inputs)) == (["b"], [(f"{path}:8:1", TOO_LARGE)])


def test_a_list_may_be_larger_than_an_object(write) -> None:
    objects = [{"kind": "ConfigMap", "metadata": {"name": name}, "data": {"k": "x" * 2**20}} for name in "ab"]
    objects.append({"kind": "Secret", "data": {"k": "x" * 2**21}})
    path = write({"a.json": json.dumps({"kind": "List", "items": objects})}) / "a.json"
    inputs = read([str(path)])
    assert (names(inputs), [reason for _, reason in unread(inputs)]) == (["a", "b"], [TOO_LARGE])


def test_the_objects_of_a_list_are_counted(write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "MAX_OBJECTS", 2)
    path = write({"a.yaml": "kind: List\nitems:\n" + "- {kind: A, metadata: {name: a}}\n" * 3}) / "a.yaml"
    reason = "more than 2 objects in one document: those behind were not analysed"
    inputs = read([str(path)])
    assert (names(inputs), unread(inputs)) == (["a", "a"], [(f"{path}:1", reason)])
