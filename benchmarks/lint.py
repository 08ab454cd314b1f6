"""`python -m benchmarks.lint`: lint as whole processes, cold and warm, against a peer, and by the number of objects.

Sources of the objects: the manifests of the charts in this repository, under new names.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import compare, find, seconds

SMALL = {
    "Chart.yaml": "apiVersion: v2\nname: small\nversion: 0.1.0\n",
    "values.yaml": "image: docker.io/library/nginx:1.27.1\nreplicaCount: 2\ningress:\n  enabled: false\n",
    "templates/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicaCount }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: {{ .Values.image }}
          ports: [{containerPort: 80, name: http}]
""",
    "templates/service.yaml": """\
apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
""",
}
HERE = Path(__file__).resolve().parents[1]
OURS = str(Path(sys.executable).with_name("hmco-charts"))
SIZES = {1_000: 56, 9_000: 500, 30_000: 1_667}
PEERS = {"kube-linter": "lint", "kube-score": "score"}


def documents() -> list[str]:
    """The manifests of every golden rendering."""
    files = sorted((HERE / "tests" / "golden").rglob("*.yaml"))
    return [each for file in files for each in re.split(r"(?m)^---.*\n", file.read_text()) if "kind:" in each]


def corpus(folder: Path, objects: int, files: int) -> Path:
    """A folder with so many objects, each copy of a set of manifests in a namespace of its own."""
    found = documents()
    texts: list[list[str]] = [[] for _ in range(files)]
    for number in range(objects):
        namespace = f"  namespace: team-{number // len(found)}"
        text = re.sub(r"(?m)^  namespace: .*$", namespace, found[number % len(found)])
        texts[number * files // objects].append(text)
    folder.mkdir()
    for number, parts in enumerate(texts):
        (folder / f"{number:05}.yaml").write_text("---\n".join(parts))
    return folder


def small(folder: Path) -> Path:
    """A chart of two objects."""
    for name, text in SMALL.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def rows(scratch: Path) -> Iterator[str]:
    """The rows of the table: what, ours, the peer's, and the ratio or the cost of an object."""
    for name, chart in {
        "a chart of two objects": small(scratch / "small"),
        "charts/vault": HERE / "charts/vault",
    }.items():
        yield f"| {name}, cold | {_cold([OURS, 'lint', '--no-cache', str(chart)]):.2f} s | | |"
        yield f"| {name}, warm | {_cold([OURS, 'lint', str(chart)]):.2f} s | | |"
    for objects, files in SIZES.items():
        folder = str(corpus(scratch / str(objects), objects, files))
        ours = [OURS, "lint", "--no-cache", "--format", "json", folder]
        took = _cold(ours)
        yield f"| {objects} objects in {files} files | {took:.2f} s | | {took / objects * 1000:.2f} ms an object |"
        for peer, command in PEERS.items():
            if program := find(peer):
                given = sorted(map(str, Path(folder).iterdir()))
                measured = compare(f"{objects} objects / {peer}", ours, [program, command, *given], rounds=3)
                yield f"| {measured.name} | {measured.ours:.2f} s | {measured.peer:.2f} s | {measured.ratio:.2f} |"


def _cold(command: list[str]) -> float:
    """The best of three runs after one that nobody measures."""
    return min([seconds(command) for _ in range(4)][1:])


def main() -> None:
    """Print the table, a row as soon as it is measured."""
    print("| what | ours | peer | ratio |\n|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = scratch
        for row in rows(Path(scratch)):
            print(row, flush=True)


if __name__ == "__main__":
    main()
