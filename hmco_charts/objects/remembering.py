"""What was found out about a release once, and is asked for again by other rules."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from hmco_charts.objects.release import Release

Further = ParamSpec("Further")
Answer = TypeVar("Answer")
Item = TypeVar("Item")


def remembered(
    function: Callable[Concatenate[Release, Further], Answer],
) -> Callable[Concatenate[Release, Further], Answer]:
    """The function, called once for a release and the same further arguments, for as long as the release lives."""
    answers: WeakKeyDictionary[Release, dict[tuple[Any, ...], Answer]] = WeakKeyDictionary()

    @wraps(function)
    def answer(release: Release, /, *args: Further.args, **kwargs: Further.kwargs) -> Answer:
        there = answers.setdefault(release, {})
        key = (*args, *kwargs.items())
        if key not in there:
            there[key] = function(release, *args, **kwargs)
        return there[key]

    return answer


def collected(
    function: Callable[Concatenate[Release, Further], Iterator[Item]],
) -> Callable[Concatenate[Release, Further], tuple[Item, ...]]:
    """Likewise, a function that yields: what it gives is collected once."""

    @remembered
    @wraps(function)
    def collect(release: Release, /, *args: Further.args, **kwargs: Further.kwargs) -> tuple[Item, ...]:
        return tuple(function(release, *args, **kwargs))

    return collect
