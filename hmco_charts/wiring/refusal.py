"""Why a platform cannot be."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from hmco_charts.values import Fault


class Refusal(Exception):  # noqa: N818 - not a fault of the program; it is told as a ValuesError
    """What speaks against a platform.

    Attributes:
        faults: The faults, by their place in the platform's file.
    """

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*(fault.what for fault in faults))
        self.faults = faults


def about(system: str, what: str, remedy: str) -> Fault:
    """A fault of a system as a whole."""
    return Fault(("systems", system), what, remedy, is_about_key=True)


class Objections:
    """Refusals of many parts, told together."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep a refusal for later."""
        try:
            yield
        except Refusal as refusal:
            self._faults += refusal.faults

    def close(self, more: Iterable[Fault] = ()) -> None:
        """Tell what was gathered, and more.

        Raises:
            Refusal: There is something.
        """
        if told := dict.fromkeys((*self._faults, *more)):
            raise Refusal(*told)
