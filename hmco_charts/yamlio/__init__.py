"""YAML and JSON read exactly as Kubernetes reads them, with the place of every value on demand."""

from hmco_charts.yamlio.document import Document, Path
from hmco_charts.yamlio.duplicate import Duplicate, duplicates
from hmco_charts.yamlio.merging import merge
from hmco_charts.yamlio.position import Span
from hmco_charts.yamlio.reader import documents, read

__all__ = ["Document", "Duplicate", "Path", "Span", "documents", "duplicates", "merge", "read"]
