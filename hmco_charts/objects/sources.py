"""Finds what the given paths hold: manifests and charts, and what of them could not be read."""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hmco_charts.errors import HmcoChartsError, Location
from hmco_charts.helm import engine
from hmco_charts.inputs import release_set
from hmco_charts.inputs.paths import Paths, chart_of, found, is_archive
from hmco_charts.inputs.sharing import shared
from hmco_charts.objects import comparison, helmfile, kustomization, values_from
from hmco_charts.objects.charts import ChartOptions, read_chart
from hmco_charts.objects.embedded import Values
from hmco_charts.objects.kubernetes import KubernetesObject
from hmco_charts.objects.manifest_file import NAME_MANIFESTS, ManifestFile, read_file
from hmco_charts.objects.manifests import Found, Unread
from hmco_charts.objects.release import Release

Progress = Callable[[int, int], None]
"""Is told how many steps are done, and how many there are."""


def unseen(done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(slots=True)
class Inputs:
    """What was read.

    Attributes:
        releases: The sets of objects that live together: all manifests, and each scenario of each chart.
        unread: What could not be analysed.
        capped: What was left out of a chart because it has too many scenarios.
        foreign: How many documents were no Kubernetes objects.
        by_label: The release of each scenario by the chart's name, empty for manifests, and the scenario's.
        texts: What was read that does not lie on disk, by the name that places have for it.
    """

    releases: list[Release] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    capped: list[Unread] = field(default_factory=list)
    foreign: int = 0
    by_label: dict[tuple[str, str], Release] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict, repr=False)

    def text(self, file: str) -> str | None:
        """The text of a file that was read from standard input or out of a chart; `None` where it was not kept."""
        charts = {id(release.chart.files): release.chart.files for release in self.releases if release.chart}
        told = (chart.text(file) for chart in charts.values())
        return self.texts.get(file) or next((text for text in told if text is not None), None)

    def add(self, releases: Iterable[Release], by_label: Mapping[str, Release]) -> None:
        """Add the releases of manifests or a chart; by label also those that equal one of them."""
        self.releases.extend(releases)
        for label, release in by_label.items():
            self.by_label[release.chart.name if release.chart else "", label] = release


def expect(paths: Iterable[str]) -> None:
    """Start Helm ahead of `read`, which waits for it, if paths are charts or folders of charts."""
    if any(is_archive(path) or chart_of(Path(path)) or _has_charts(Path(path)) for path in paths):
        engine().start()


def _has_charts(folder: Path) -> bool:
    return (folder / release_set.INDEX).is_file() or any(folder.glob("*/Chart.yaml"))


def read(
    paths: Iterable[str],
    options: ChartOptions | None = None,
    *,
    against: str | None = None,
    exclude: Sequence[str] = (),
    jobs: int | None = None,
    progress: Progress = unseen,
) -> Inputs:
    """Read manifests, folders, charts, chart archives, `oci://` references and `-` for standard input.

    Args:
        paths: What to read. A file of a chart stands for its chart.
        options: How charts are rendered.
        against: What is installed before; each release's `previous` is that of the same scenario there.
        exclude: Absolute patterns of files and folders that folders are searched without.
        jobs: How many processes share the reading of many files; one for each processor if not given.
        progress: Is told how many files and charts are read, and of how many.
    """
    told = options or ChartOptions()
    inputs = _Reader(told, exclude, jobs).read(paths, progress)
    if against is not None:
        before = _Reader(told, (), jobs).read([against])
        inputs.unread.extend(before.unread)
        inputs.releases = comparison.joined(inputs.releases, before.by_label)
    return inputs


class _Reader:
    def __init__(self, options: ChartOptions, exclude: Sequence[str], jobs: int | None) -> None:
        self._options = options
        self._exclude = exclude
        self._jobs = jobs
        self._paths = Paths()
        self._inputs = Inputs()
        self._found = Found()
        self._fragments: list[KubernetesObject] = []
        self._fruitful: set[str] = set()

    def read(self, paths: Iterable[str], progress: Progress = unseen) -> Inputs:
        self._paths = found(paths, self._exclude)
        self._inputs.unread.extend(Unread.of(fault, "") for fault in self._paths.faults)
        used = self._kustomize() | self._helmfiles()
        files = [file for file in self._paths.files if not used or Path(os.path.realpath(file)) not in used]
        total, steps = len(files) + len(self._paths.charts), itertools.count(1)
        self._manifests(files, lambda: progress(next(steps), total))
        for chart in self._paths.charts:
            self._chart(chart)
            progress(next(steps), total)
        for folder, members in self._paths.sets.items():
            self._release_set(Path(folder), members)
        self._inputs.unread.extend(self._barren())
        self._inputs.unread = list(dict.fromkeys(self._inputs.unread))
        return self._inputs

    def _kustomize(self) -> set[Path]:
        """Read the kustomizations; those that share no file with another live with the manifests. Gives their files."""
        if not self._paths.kustomizations:
            return set()
        found = kustomization.read_all(self._paths.kustomizations)
        for each, is_alone in found.tops:
            built = kustomization.build(each)
            if built.objects or built.values:
                self._fruitful.add(each.folder)
            if is_alone:
                self._found.extend(built)
            else:
                release = self._released(Release(tuple(built.objects), each.folder, (*built.values, *built.inline)))
                self._inputs.add([release], {each.folder: release})
                self._inputs.unread.extend(built.unread)
                self._inputs.foreign += len(built.values)
        return found.files

    def _helmfiles(self) -> set[Path]:
        """Read the helmfiles; their values live with the manifests. Gives their files."""
        if not self._paths.helmfiles:
            return set()
        told = helmfile.read_all(self._paths.helmfiles)
        self._found.extend(told.found)
        self._fruitful.update(self._paths.helmfiles)
        return told.files

    def _manifests(self, files: Sequence[str], step: Callable[[], None]) -> None:
        """Read files of manifests; they live together."""
        for file, read in shared(files, self._file, jobs=self._jobs, step=step).items():
            self._found.extend(read.found)
            self._fragments.extend(read.fragments)
            self._inputs.foreign += read.is_foreign
            if read.text is not None:
                self._inputs.texts["<stdin>"] = read.text
            if read.is_fruitful:
                self._fruitful.add(file)
        self._close_manifests()

    def _file(self, file: str) -> ManifestFile:
        return read_file(file, is_given=self._paths.files[file])

    def _barren(self) -> Iterator[Unread]:
        """The folders that the user named and in which nothing was found."""
        told = (each.at.file for each in self._inputs.unread)
        there = (*self._paths.charts, *self._paths.sets, *self._fruitful, *told)
        fruitful = {Path(spelt) for each in there for spelt in _spellings(each)}
        parents = fruitful.union(*(each.parents for each in fruitful))
        for folder in self._paths.folders:
            if parents.isdisjoint(map(Path, _spellings(folder))):
                yield Unread(Location(folder), "this folder holds no manifest and no chart", NAME_MANIFESTS)

    def _close_manifests(self) -> None:
        found = self._found
        self._inputs.unread.extend(found.unread)
        self._inputs.foreign += len(found.values)
        if found.objects or found.values or found.inline or self._fragments:
            values = (*found.values, *found.inline)
            release = Release(tuple(found.objects), values=values, fragments=tuple(self._fragments))
            release = self._released(release)
            self._inputs.add([release], {"": release})

    def _released(self, release: Release) -> Release:
        """A release with the values that its objects take from other objects."""
        found = list(values_from.values(release))
        self._inputs.unread.extend(each for each in found if isinstance(each, Unread))
        return replace(release, values=(*release.values, *(each for each in found if isinstance(each, Values))))

    def _chart(self, chart: str) -> None:
        try:
            reading = read_chart(chart, self._options)
        except HmcoChartsError as error:
            self._inputs.unread.append(Unread.of(error, chart))
            return
        self._inputs.add(reading.releases, reading.by_label)
        self._inputs.unread.extend(reading.unread)
        self._inputs.capped.extend(reading.capped)

    def _release_set(self, folder: Path, members: Sequence[release_set.Member]) -> None:
        """Read releases that are installed together as one: what refers to what may cross them."""
        parts = [read_file(str(file), is_given=False).found for file in release_set.manifests(folder)]
        objects = [each for part in parts for each in part.objects]
        values = [each for part in parts for each in part.values]
        for release in itertools.chain.from_iterable(map(self._member, members)):
            objects += release.objects
            values += release.values
        self._inputs.unread.extend(each for part in parts for each in part.unread)
        together = Release(tuple(objects), str(folder), tuple(values), release_set.cluster(folder))
        self._inputs.add([together], {str(folder): together})

    def _member(self, member: release_set.Member) -> list[Release]:
        options = replace(self._options, values=member.values, scenarios=None, release=(member.name, member.namespace))
        try:
            reading = read_chart(str(member.chart), options)
        except HmcoChartsError as error:
            self._inputs.unread.append(Unread.of(error, str(member.chart)))
            return []
        self._inputs.unread.extend(reading.unread)
        return reading.releases


def _spellings(path: str) -> tuple[str, str]:
    """A path as it is named, and where links lead to."""
    return os.path.abspath(path), os.path.realpath(path)  # noqa: PTH100 - pathlib does not take `..` out
