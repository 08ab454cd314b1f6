"""CRT001: a Certificate that cert-manager refuses."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import cert_manager
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import mapping, text
from hmco_charts.yamlio import Path

_NAMES = ("commonName", "literalSubject", "dnsNames", "ipAddresses", "uris", "emailAddresses", "otherNames")
_SIZES = {"RSA": (2048, 8192), "ECDSA": (256, 521)}
_CURVES = (256, 384, 521)
_LONGEST_NAME = 64
_LENGTHS = ("duration", "renewBefore")
_SHORTEST_LIFE = 3600
_SHORTEST_RENEWAL = 300
_Fault = tuple[Path, str]


class CertificateRefused(Rule):
    """Reports Certificates that the API server takes and cert-manager's webhook does not."""

    id = "CRT001"
    name = "certificate-refused"
    profile = "min"
    title = "A Certificate that cert-manager refuses"
    why = (
        "The definition of Certificates admits what cert-manager's webhook then refuses, and the release with it:"
        " a certificate for no name, a life of minutes or in days, a renewal before the beginning, a key too small."
    )
    remedy = "Give it a name under dnsNames, and a duration longer than renewBefore."
    source = "https://cert-manager.io/docs/usage/certificate/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of every Certificate."""
        for each in cert_manager.of_kind(release, "Certificate"):
            for path, message in (*_names(each), *_life(each), *_key(each)):
                yield self.finding(
                    message,
                    on=each,
                    span=each.span(path),
                    locator="/".join(map(str, path)),
                )


def _names(each: KubernetesObject) -> Iterator[_Fault]:
    spec = mapping(each.at(("spec",)))
    if not any(spec.get(field) for field in _NAMES):
        yield ("spec",), "The certificate is for no name: cert-manager refuses it."
    if len(text(spec.get("commonName"))) > _LONGEST_NAME:
        yield ("spec", "commonName"), f"A common name has {_LONGEST_NAME} characters at most."


def _life(each: KubernetesObject) -> Iterator[_Fault]:
    told = mapping(each.at(("spec",)))
    lengths = {field: told[field] for field in _LENGTHS if told.get(field) is not None}
    read = {field: cert_manager.seconds(length) for field, length in lengths.items()}
    for field in (field for field, length in read.items() if length is None):
        yield ("spec", field), f"`{text(lengths[field])}` is no duration of Go: write {_hours(text(lengths[field]))}."
    life = read.get("duration", cert_manager.DEFAULT_DURATION)
    if life is not None and life < _SHORTEST_LIFE:
        yield ("spec", "duration"), "A certificate lives an hour at least."
    yield from _early(read.get("renewBefore"), life)
    yield from _percentage(told.get("renewBeforePercentage"), life)
    if "renewBefore" in read and told.get("renewBeforePercentage") is not None:
        yield ("spec", "renewBeforePercentage"), "renewBefore and renewBeforePercentage exclude each other."


def _hours(length: str) -> str:
    """What a user who writes days means, or an example."""
    days = length.removesuffix("d")
    return f"{int(days) * 24}h" if days.isdecimal() and days != length else "hours, minutes and seconds, as in 2160h"


def _early(early: float | None, life: float | None) -> Iterator[_Fault]:
    if early is not None and early < _SHORTEST_RENEWAL:
        yield ("spec", "renewBefore"), "A renewal begins five minutes before the end at least."
    elif early is not None and life is not None and early >= life:
        yield ("spec", "renewBefore"), "The renewal begins before the certificate does: renewBefore is its whole life."


def _percentage(percentage: object, life: float | None) -> Iterator[_Fault]:
    """The webhook holds against its bounds what the percentage leaves of the life."""
    if not isinstance(percentage, int) or life is None:
        return
    left = life * (100 - percentage) / 100
    if left < _SHORTEST_RENEWAL:
        yield ("spec", "renewBeforePercentage"), f"{percentage} percent leave less than five minutes of the life."
    elif left >= life:
        yield ("spec", "renewBeforePercentage"), "The percentage is between 1 and 99."


def _key(each: KubernetesObject) -> Iterator[_Fault]:
    path: Path = ("spec", "privateKey", "size")
    algorithm = text(each.at(("spec", "privateKey", "algorithm"))) or "RSA"
    size = each.at(path)
    if not isinstance(size, int) or size == 0 or algorithm not in _SIZES:
        return
    least, most = _SIZES[algorithm]
    if algorithm == "ECDSA" and size not in _CURVES:
        yield path, "A key by ECDSA has 256, 384 or 521 bits."
    elif not least <= size <= most:
        yield path, f"A key by {algorithm} has {least} to {most} bits."
