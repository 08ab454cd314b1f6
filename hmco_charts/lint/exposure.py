"""How bad it is that others can read a credential."""

from collections.abc import Iterable

from hmco_charts.credentials import Hit
from hmco_charts.lint.finding import Severity


def severity(hits: Iterable[Hit]) -> Severity:
    """The severity of one credential, by all hits on it.

    What is not sure is told to those who ask for it. A hash must be guessed first; and what a server takes that only
    programs of the same machine reach is of no use elsewhere.
    """
    found = list(hits)
    if all(hit.confidence == "low" for hit in found):
        return Severity.INFO
    is_less = all(hit.is_local or hit.kind == "password-hash" for hit in found)
    return Severity.WARNING if is_less else Severity.ERROR
