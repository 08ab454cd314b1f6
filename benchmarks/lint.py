"""`python -m benchmarks lint`: cold and from the cache, against peers, and by the number of objects.

The objects are those of the golden renderings, each copy of the set in a namespace of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks import CHARTS, OURS
from benchmarks.corpus import corpus, documents
from benchmarks.timing import Row, alone, compared, find

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
SIZES = {1_000: 56, 9_000: 500, 30_000: 1_667}
COMPARED = 9_000
PEERS = {"kube-linter": "lint", "kube-score": "score"}


def small(folder: Path) -> Path:
    """A chart of two objects."""
    for name, text in SMALL.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def rows(scratch: Path) -> Iterator[Row]:
    """Small charts cold and from the cache; manifests against peers, and by their number."""
    charts = {"a chart of two objects": small(scratch / "small"), "charts/vault": CHARTS / "vault"}
    for name, chart in charts.items():
        yield alone(f"lint of {name}, cold", [OURS, "lint", "--no-cache", str(chart)])
        yield alone(f"lint of {name}, from the cache", [OURS, "lint", str(chart)])
    found = documents()

    def spaced(text: str, number: int) -> str:
        return re.sub(r"(?m)^  namespace: .*$", f"  namespace: team-{number // len(found)}", text)

    for objects, files in SIZES.items():
        folder = corpus(scratch / f"lint-{objects}", found, spaced, objects, files)
        what = f"lint of {objects} objects in {files} files"
        ours = [OURS, "lint", "--no-cache", "--no-config", "--format", "concise", str(folder)]
        row = alone(what, ours)
        yield replace(row, note=f"{row.ours.wall / objects * 1e6:.0f} µs an object")
        if objects == COMPARED:
            given = sorted(map(str, folder.iterdir()))
            there = ((peer, word, find(peer)) for peer, word in PEERS.items())
            yield from (compared(what, ours, peer, [path, word, *given], 3) for peer, word, path in there if path)
