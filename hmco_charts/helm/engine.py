"""The engine: Helm's operations, run by a worker process."""

import atexit
import os
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Any

from hmco_charts.errors import ChartError
from hmco_charts.helm import failure, folder
from hmco_charts.helm.chart import ChartInfo, Dependency, LintMessage, Rendered, Severity
from hmco_charts.helm.process import Worker

if TYPE_CHECKING:
    from typing import Self

SECONDS = 30.0
NETWORK_SECONDS = 300.0
MEMORY = 1 << 30


class Engine:
    """Helm in a worker process, which starts with the first call and again after it died.

    Every method raises `ChartError` with the place in the chart where Helm refused, and its subclass
    `LimitExceededError` for a chart that hit a limit. Methods may be called from any thread; they take turns.

    Args:
        seconds: Time that one call may take; calls that use the network have 300 seconds.
        memory: Bytes that the worker may write to. 1 GiB is twelve times what large charts were seen to use.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._lock = RLock()
        self._worker: Worker | None = None

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the worker ahead of the first call, which then waits for less."""
        with self._lock:
            self._running()

    def close(self) -> None:
        """End the worker; the next call starts another."""
        with self._lock:
            if self._worker:
                self._worker.stop()
                self._worker = None

    def render(
        self,
        chart: Path,
        values: Mapping[str, Any] | None = None,
        *,
        name: str = "release-name",
        namespace: str = "default",
        kube_version: str | None = None,
        api_versions: Sequence[str] = (),
        is_upgrade: bool = False,
        is_partial: bool = False,
    ) -> dict[str, str]:
        """The chart's manifests by template path, as `helm template` makes them.

        Hooks, tests, NOTES.txt and templates that came out empty are among them, subcharts' too; what stands
        in `crds/` is not (see `load`). The text is not checked to be YAML. `lookup` finds nothing, and names
        are not resolved. Values are read as from a file: a whole number of a million or more is a float to
        the template, unlike the same number given to `helm --set`.

        Args:
            chart: Folder or archive.
            values: Values over the chart's own.
            name: Name of the release.
            namespace: Namespace of the release.
            kube_version: `.Capabilities.KubeVersion`, such as `1.31.2`, to which the chart's kubeVersion is held.
            api_versions: API versions beside those of Kubernetes itself, such as `monitoring.coreos.com/v1`.
            is_upgrade: Whether `.Release.IsUpgrade` is set rather than `.Release.IsInstall`.
            is_partial: Whether dependencies that are not in `charts/` are left out; Helm would refuse the chart.

        Raises:
            SchemaViolationError: values.schema.json refuses the values.
            ChartError: The chart cannot be loaded or rendered.
            ConfigurationError: `kube_version` is no version.
        """
        options = _options(name, namespace, kube_version, api_versions, is_upgrade=is_upgrade, is_partial=is_partial)
        manifests: dict[str, str] = self._on_chart("render", chart, values=dict(values or {}), options=options)
        return manifests

    def render_files(self, name: str, files: Mapping[str, bytes], **options: Any) -> dict[str, str]:
        """The manifests that a chart's own values give, without the chart being written anywhere.

        Args:
            name: The chart's name; places in errors begin with it.
            files: Its files by path. Its own `.helmignore` leaves none of them out.
            options: As for `render`.

        Raises:
            ChartError: The chart cannot be loaded or rendered.
        """
        contents = {path: content.decode("latin-1") for path, content in files.items()}
        reply = self._ask("render_files", name, chart=name, contents=contents, options=_options(**options))
        manifests: dict[str, str] = _result(reply, name)
        return manifests

    def render_each(
        self, chart: Path, scenarios: Sequence[Mapping[str, Any]], *, seconds: float = SECONDS / 2, **options: Any
    ) -> list[Rendered | ChartError]:
        """What comes of the values of each scenario; the chart is loaded, and its schema read, once.

        Args:
            chart: Folder or archive.
            scenarios: Values over the chart's own.
            seconds: No scenario is begun after them, so the result may have fewer elements.
            options: As for `render`, and `is_partial`: whether dependencies that are not in `charts/` are left out.

        Raises:
            ChartError: The chart cannot be loaded, or all scenarios together took longer than one call may.
        """
        told = [dict(values) for values in scenarios]
        outcomes = self._on_chart("render_each", chart, scenarios=told, options=_options(**options), allowed=seconds)
        return [_rendered(outcome, str(chart)) for outcome in outcomes]

    def render_marked(
        self,
        chart: Path,
        scenarios: Sequence[Mapping[str, Any]],
        *,
        style: str,
        templates: Collection[str],
        used: str,
        seconds: float,
        **options: Any,
    ) -> dict[str, Any]:
        """What `sourcemap.trace` is made of; see `operations.render_marked`."""
        told: dict[str, Any] = {"style": style, "templates": [*templates], "used": used, "allowed": seconds}
        values = [dict(each) for each in scenarios]
        result: dict[str, Any] = self._on_chart(
            "render_marked", chart, scenarios=values, options=_options(**options), **told
        )
        return result

    def render_changed(
        self,
        chart: Path,
        scenarios: Sequence[Mapping[str, Any]],
        *,
        templates: Collection[str] = (),
        seconds: float,
        **options: Any,
    ) -> list[dict[str, str] | None]:
        """Manifests with values to which the chart's schema may object, `None` where there are none.

        Args:
            chart: Folder or archive.
            scenarios: Values over the chart's own.
            templates: The manifests that are asked for; the templates that have no part in them are left out.
            seconds: No scenario is begun after them, so the result may have fewer elements.
            options: As for `render`.
        """
        told: dict[str, Any] = {"templates": [*templates], "allowed": seconds}
        values = [dict(each) for each in scenarios]
        manifests: list[dict[str, str] | None] = self._on_chart(
            "render_changed", chart, scenarios=values, options=_options(**options), **told
        )
        return manifests

    def render_edited(
        self,
        chart: Path,
        values: Mapping[str, Any],
        *,
        templates: Collection[str],
        edits: Sequence[tuple[str, str]],
        seconds: float,
        **options: Any,
    ) -> dict[str, Any]:
        """What `inclusion.search` is made of; see `operations.render_edited`."""
        told: dict[str, Any] = {"templates": [*templates], "edits": [*edits], "allowed": seconds}
        found: dict[str, Any] = self._on_chart(
            "render_edited", chart, values=dict(values), options=_options(**options), **told
        )
        return found

    def load(self, chart: Path) -> ChartInfo:
        """The parts of a chart folder or archive."""
        parts = self._on_chart("load", chart)
        return ChartInfo(**{**parts, "dependencies": tuple(parts["dependencies"])})

    def merge_values(self, chart: Path, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The values that a release would use: the chart's and its subcharts' defaults under the given."""
        merged: dict[str, Any] = self._on_chart("merge_values", chart, values=dict(values or {}))
        return merged

    def validate(self, chart: Path, values: Mapping[str, Any] | None = None) -> None:
        """Check the merged values with the schemas of the chart and its subcharts.

        Raises:
            SchemaViolationError: With each violation.
        """
        self._on_chart("validate", chart, values=dict(values or {}))

    def lint(
        self, chart: Path, values: Mapping[str, Any] | None = None, *, kube_version: str | None = None
    ) -> list[LintMessage]:
        """What `helm lint` says about a chart, in Helm's order."""
        options = {"kube_version": kube_version} if kube_version else {}
        messages = self._on_chart("lint", chart, values=dict(values or {}), options=options)
        return [_lint_message(message, str(chart)) for message in messages]

    def dependencies(self, chart: Path) -> list[Dependency]:
        """The dependencies that Chart.yaml declares, each with Helm's word for its state."""
        return [Dependency(**dependency) for dependency in self._on_chart("dependencies", chart)]

    def build_dependencies(self, chart: Path, *, plain_http: bool = False) -> None:
        """Fill the chart's `charts/` with what Chart.lock names, or Chart.yaml where there is no lock."""
        self._on_chart("build_dependencies", chart, seconds=NETWORK_SECONDS, plain_http=plain_http)

    def package(self, chart: Path, destination: Path) -> Path:
        """The path of an archive of the chart folder, written into the destination folder."""
        return Path(self._on_chart("package", chart, destination=str(destination.absolute())))

    def parse_set(self, expression: str) -> dict[str, Any]:
        """The values that a `--set` expression means, such as `a.b=1,c={x,y}`.

        Raises:
            ConfigurationError: It is no such expression.
        """
        reply = self._ask("parse_set", expression, expression=expression)
        if "error" in reply or (expression.strip() and not reply["result"]):
            raise failure.of_expression(reply.get("error", "this sets no value"))
        values: dict[str, Any] = reply["result"]
        return values

    def values_from_yaml(self, text: str, file: str = "<text>") -> dict[str, Any]:
        """The values of a YAML document exactly as Helm and Kubernetes read it; of several, the first.

        Raises:
            DocumentError: It is no YAML, or no mapping.
        """
        reply = self._ask("values_from_yaml", file, text=text)
        if "error" in reply:
            raise failure.of_document(reply["error"], file)
        values: dict[str, Any] = reply["result"]
        return values

    def _on_chart(self, operation: str, chart: Path, *, seconds: float | None = None, **arguments: Any) -> Any:
        """The result of an operation on a chart that may be read."""
        folder.check(chart)
        return _result(self._ask(operation, str(chart), seconds, chart=str(chart.absolute()), **arguments), str(chart))

    def _ask(self, operation: str, subject: str, seconds: float | None = None, **arguments: Any) -> dict[str, Any]:
        """The worker's answer about a subject, which is to blame should the worker die."""
        limit = seconds or self._seconds
        with self._lock:
            worker = self._running()
            reply = worker.ask({"operation": operation, "arguments": arguments, "seconds": limit})
            if reply is None:
                self._worker = None
                raise failure.of_death(worker.death(), subject, seconds=limit, memory=self._memory)
            return reply

    def _running(self) -> Worker:
        if not self._worker or not self._worker.is_alive:
            self.close()
            self._worker = Worker(self._memory)
        return self._worker


def engine() -> Engine:
    """The engine that the whole process shares; its worker ends with the process."""
    return _shared(os.getpid())


@lru_cache(maxsize=1)
def _shared(_pid: int) -> Engine:
    """One engine for a process; a forked child must not read its parent's answers."""
    shared = Engine()
    atexit.register(shared.close)
    return shared


def _result(reply: dict[str, Any], chart: str) -> Any:
    if "error" not in reply:
        return reply["result"]
    if reply["kind"] == "HelmInvalidArgError":
        raise failure.of_option(reply["error"])
    raise failure.of_chart(reply["kind"], reply["error"], chart)


def _options(
    name: str = "release-name",
    namespace: str = "default",
    kube_version: str | None = None,
    api_versions: Sequence[str] = (),
    *,
    is_upgrade: bool = False,
    is_partial: bool = False,
) -> dict[str, Any]:
    options: dict[str, Any] = {"name": name, "namespace": namespace, "is_upgrade": is_upgrade}
    if is_partial:
        options["is_partial"] = True
    if kube_version:
        options["kube_version"] = kube_version
    return options | ({"api_versions": list(api_versions)} if api_versions else {})


def _rendered(outcome: dict[str, Any], chart: str) -> Rendered | ChartError:
    if "error" in outcome:
        return failure.of_chart(outcome["kind"], outcome["error"], chart)
    return Rendered(outcome["manifests"], outcome["values"])


def _lint_message(message: dict[str, Any], chart: str) -> LintMessage:
    at, text = failure.lint_place(message["path"], message["error"], chart)
    return LintMessage(Severity(message["severity"]), at, text)
