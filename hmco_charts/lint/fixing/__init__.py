"""Mends findings: tries fixes on a copy of the input, and keeps those after which a second run finds nothing worse."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hmco_charts.errors import ConfigurationError, Location
from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.fix import Fix, Move
from hmco_charts.lint.fixing.edited import Editable, overlap
from hmco_charts.lint.fixing.mirror import Mirror, mirrored
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.lint.result import Result
from hmco_charts.lint.run import lint

__all__ = ["Change", "Mended", "fix", "write"]

_BOM = b"\xef\xbb\xbf"
_Mending = tuple[Finding, Fix]
_Kind = tuple[str, Severity, ObjectName]


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after."""

    file: Path
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mended:
    """What fixes do.

    Attributes:
        changes: The files that they change; nothing is written yet.
        fixes: What each does, by the rule's id, in the order in which they were tried.
        unproven: Findings whose fix would leave the fault, or bring another.
        left: Findings that have a fix which was not asked for.
    """

    changes: tuple[Change, ...]
    fixes: tuple[tuple[str, str], ...]
    unproven: int
    left: int


def fix(paths: Iterable[str | Path], *, unsafe: bool = False, **settings: Any) -> Mended:
    """Find out how findings can be mended; the files themselves are not touched.

    Args:
        paths: As for `lint`; what lies in archives, registries and standard input has no fixes.
        unsafe: Whether to use fixes that need a decision, too.
        **settings: As for `lint`.

    Raises:
        ConfigurationError: As for `lint`.
    """
    with mirrored([str(path) for path in paths]) as mirror:
        return _Trial(mirror, settings, unsafe=unsafe).run()


def write(changes: Iterable[Change]) -> None:
    """Write changed files: each as a whole, and none where one of them cannot be written.

    Raises:
        ConfigurationError: A file has changed meanwhile, or cannot be written.
    """
    told, done = list(changes), []
    try:
        for each in told:
            with _writing(each):
                _prepare(each)
        for each in told:
            with _writing(each):
                _draft(each).replace(each.file.resolve())
            done.append(each)
    except ConfigurationError:
        write(Change(each.file, each.after, each.before) for each in done)
        raise
    finally:
        for each in told:
            _draft(each).unlink(missing_ok=True)


@contextmanager
def _writing(change: Change) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        raise ConfigurationError(what, at=Location(str(change.file))) from None


def _draft(change: Change) -> Path:
    file = change.file.resolve()
    return file.with_name(f".{file.name}.hmco-charts")


def _prepare(change: Change) -> None:
    if change.file.read_bytes() != change.before:
        raise ConfigurationError("changed while it was being mended", at=Location(str(change.file)))
    draft = _draft(change)
    draft.write_bytes(change.after)
    draft.chmod(change.file.stat().st_mode)


class _Trial:
    def __init__(self, mirror: Mirror, settings: Mapping[str, Any], *, unsafe: bool) -> None:
        self._mirror = mirror
        self._settings = mirror.settings(settings)
        self._unsafe = unsafe
        self._before: dict[str, bytes] = {}
        self._fixes: list[tuple[str, str]] = []
        self._refused: set[tuple[str, str]] = set()
        self._state = self._lint()

    def run(self) -> Mended:
        while chosen := self._chosen():
            self._keep(chosen)
        changes = (Change(Path(self._mirror.name(file)), *self._both(file)) for file in sorted(self._before))
        return Mended(
            changes=tuple(each for each in changes if each.before != each.after),
            fixes=tuple(self._fixes),
            unproven=len(self._refused),
            left=sum(bool(each.fixes) and not self._candidates(each) for each in self._state.findings),
        )

    def _both(self, file: str) -> tuple[bytes, bytes]:
        return self._before[file], Path(file).read_bytes()

    def _lint(self) -> Result:
        return lint(self._mirror.paths, **self._settings)

    def _candidates(self, finding: Finding) -> list[Fix]:
        """The fixes that may be tried, the best first."""
        return [each for each in finding.fixes if (each.is_safe or self._unsafe) and self._is_mine(each)]

    def _is_mine(self, each: Fix) -> bool:
        """Whether all that a fix changes is text among what the user named."""
        return all(self._mirror.holds(edit.span.file) and _is_text(edit.span.file) for edit in each.edits)

    def _chosen(self) -> list[_Mending]:
        """One fix for each finding, as far as they do not touch one another; the next round takes the others."""
        chosen: list[_Mending] = []
        for finding in self._state.findings:
            left = [
                each for each in self._candidates(finding) if (finding.fingerprint, each.title) not in self._refused
            ]
            if left and not any(_touch(left[0], other) for _, other in chosen):
                chosen.append((finding, left[0]))
        return chosen

    def _keep(self, chosen: Sequence[_Mending]) -> None:
        """Keep these fixes, or those of them that hold by themselves."""
        copies = {edit.span.file: Path(edit.span.file).read_bytes() for _, each in chosen for edit in each.edits}
        self._write(_edited(chosen))
        after = self._lint()
        if _is_proven(chosen, self._state, after):
            self._before = copies | self._before
            self._state = after
            self._fixes += [(finding.rule, each.title) for finding, each in chosen]
            return
        self._write(copies)
        if len(chosen) == 1:
            [(finding, refused)] = chosen
            self._refused.add((finding.fingerprint, refused.title))
        else:
            self._keep(chosen[: len(chosen) // 2])

    def _write(self, files: Mapping[str, bytes]) -> None:
        for file, data in files.items():
            self._mirror.write(file, data)


def _is_text(file: str) -> bool:
    try:
        Path(file).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _touch(one: Fix, other: Fix) -> bool:
    """Whether two fixes cannot be made at once; where one is the other, the second has nothing left to do."""
    if one.move and other.move and one.move.to == other.move.to:
        return True
    return any(overlap(first.span, second.span) for first in one.edits for second in other.edits)


def _edited(chosen: Sequence[_Mending]) -> dict[str, bytes]:
    edits = [edit for _, each in chosen for edit in each.edits]
    places = [edit.span for edit in edits] + [
        part for edit in edits for part in edit.parts if not isinstance(part, str)
    ]
    data = {span.file: Path(span.file).read_bytes() for span in places}
    texts = {file: Editable(each.decode("utf-8-sig")) for file, each in data.items()}
    changed = {edit.span.file for edit in edits}
    return {
        file: (_BOM if data[file].startswith(_BOM) else b"")
        + texts[file].with_edits([each for each in edits if each.span.file == file], texts).encode()
        for file in changed
    }


def _is_proven(chosen: Sequence[_Mending], before: Result, after: Result) -> bool:
    """Whether what was mended is found no more, and no object has more faults than it had, but for lesser ones.

    What a fix moves brings its faults along: those count where it comes from, and are no new ones where it goes to.
    """
    aimed = [finding for finding, _ in chosen]
    first, second = Counter(map(_name, before.findings)), Counter(map(_name, after.findings))
    if any(second[name] > first[name] - count for name, count in Counter(map(_name, aimed)).items()):
        return False
    held, holds = Counter(map(_kind, before.findings)), Counter(map(_kind, after.findings))
    held.subtract(map(_kind, aimed))
    worst = {finding.rule: finding.severity for finding in aimed}
    new = [kind for kind in holds if holds[kind] > held[kind]]
    moves = [each.move for _, each in chosen if each.move]
    return all(
        (kind[0] in worst and kind[1] < worst[kind[0]]) or any(_came_along(kind, move, held, holds) for move in moves)
        for kind in new
    )


def _came_along(kind: _Kind, move: Move, held: Counter[_Kind], holds: Counter[_Kind]) -> bool:
    """Whether a fault of the object that text was moved to is one that the text had before."""
    rule, severity, found = kind
    if found != move.to:
        return False
    then, now = (sum(each[kind] for kind in each if kind[:2] == (rule, severity)) for each in (held, holds))
    return rule in move.reveals or now <= then


def _name(finding: Finding) -> tuple[str, Severity]:
    return finding.fingerprint, finding.severity


def _kind(finding: Finding) -> _Kind:
    """What makes findings alike after a fix, which may change the names of what they are about."""
    return finding.rule, finding.severity, finding.object
