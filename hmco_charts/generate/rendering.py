"""Jinja templates and typed values made into a chart."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.bccache import Bucket
from pydantic import ValidationError
from pydantic_core import to_json

from hmco_charts import resources, yamlio
from hmco_charts.configuration import Maintainer
from hmco_charts.generate.completion import completion
from hmco_charts.generate.defaults import values_yaml
from hmco_charts.generate.images import images
from hmco_charts.generate.metadata import chart_yaml
from hmco_charts.generate.setting import Setting, settings
from hmco_charts.generate.source import SUFFIX, of_jinja
from hmco_charts.generate.table import values_table
from hmco_charts.generate.tree import ChartTree
from hmco_charts.values import ChartType, read, schema
from hmco_charts.values import chart as chart_named
from hmco_charts.values.types import ChartValues

_COMMON = "_lib/chart"
_SCENARIOS = "ci/"


def render(
    chart: str | ChartType,
    *,
    files: Sequence[Path | str] = (),
    sets: Sequence[str] = (),
    profile: str | None = None,
    values: ChartValues | None = None,
    maintainers: Sequence[Maintainer] = (),
    is_complete: bool = True,
) -> ChartTree:
    """An ordinary Helm chart with these values as its defaults; the same input gives the same bytes.

    Args:
        chart: A chart of ours, by name or by type.
        files: Values files, later ones win.
        sets: `--set` expressions, later ones win.
        profile: Name of a profile; `None` means the chart's default one.
        values: Typed values, instead of `files`, `sets` and `profile`.
        maintainers: Who looks after the chart.
        is_complete: Whether Chart.yaml names the images, for which Helm must render the chart once.

    Raises:
        ValuesError: The chart does not accept the values; one error per fault.
        ConfigurationError: There is no such chart or profile, or an expression is malformed.
        ChartError: A template of ours is broken, or Helm cannot render the chart with these values.
    """
    kind = chart_named(chart) if isinstance(chart, str) else chart
    told = values if values is not None else read(kind, files, sets, profile)
    listed = list(settings(told))
    made, sources = _templates(kind, told, listed)
    made |= {
        "values.yaml": values_yaml(listed).encode(),
        "values.schema.json": to_json(schema(kind.model), indent=2) + b"\n",
    }
    changelog = made.get("CHANGELOG.md", b"").decode()
    made["Chart.yaml"] = chart_yaml(kind, maintainers, changelog, ()).encode()
    if is_complete:
        named = images(ChartTree(kind.name, made, sources))
        made["Chart.yaml"] = chart_yaml(kind, maintainers, changelog, named).encode()
    return ChartTree(kind.name, made, sources)


def _templates(
    chart: ChartType, values: ChartValues, listed: Sequence[Setting]
) -> tuple[dict[str, bytes], dict[str, Path]]:
    """The chart's files, and what each is made of; where the chart has none of a name that all charts have, theirs."""
    library = resources.directory("chart_templates")
    environment = _environment(chart.templates, library)
    shapes = sorted({setting.path[-1] for setting in listed if setting.is_shape})
    environment.globals |= {"chart": chart, "values": values, "values_table": values_table(listed), "shapes": shapes}
    environment.globals["completion"] = completion(values)
    document = values.document()
    made: dict[str, bytes] = {}
    sources: dict[str, Path] = {}
    for root, prefix in ((library / _COMMON, f"{_COMMON}/"), (chart.templates, "")):
        for name in _emitted(root):
            is_template = name.endswith(SUFFIX)
            content = _rendered(environment, prefix + name, root / name) if is_template else (root / name).read_bytes()
            if not name.startswith(_SCENARIOS) or _is_possible(chart, document, content.decode()):
                made[name.removesuffix(SUFFIX)] = content
                sources[name.removesuffix(SUFFIX)] = root / name
    return made, sources


def _is_possible(chart: ChartType, document: dict[str, Any], scenario: str) -> bool:
    """Whether a scenario of `ci/` can be had over these values; a profile may contradict it."""
    for told in yamlio.read(scenario):
        document = yamlio.merge(document, told.value)
    try:
        chart.model.model_validate(document)
    except ValidationError:
        return False
    return True


def _environment(*folders: Path) -> Environment:
    return Environment(  # noqa: S701 - it writes YAML and Markdown, not HTML
        loader=FileSystemLoader(folders),
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_compiled(),
    )


class _Compiled(BytecodeCache):
    """The code of templates by name and text: what all charts share takes longer to compile than to render."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled() -> _Compiled:
    return _Compiled()


def _rendered(environment: Environment, name: str, file: Path) -> bytes:
    try:
        return environment.get_template(name).render().encode()
    except (TemplateError, TypeError) as error:
        raise of_jinja(error, file) from error


def _emitted(root: Path) -> Iterator[str]:
    """Files that become part of the chart: no profiles, no Jinja macros (`_*.j2`), but Helm's `_*.tpl`."""
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        is_macro = path.name.startswith("_") and ".tpl" not in path.suffixes
        if path.is_file() and not is_macro and PurePosixPath(name).parts[0] != "profiles":
            yield name
