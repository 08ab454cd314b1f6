"""TLS002: a private key that does not belong to its certificate."""

from collections.abc import Iterator

from hmco_charts.formats import pem
from hmco_charts.lint.finding import Finding, Related
from hmco_charts.lint.programs import certificates
from hmco_charts.lint.programs.certificates import Pair
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class KeyMismatch(Rule):
    """Reports certificates whose private key is another one's, or cannot be used."""

    id = "TLS002"
    name = "key-mismatch"
    profile = "min"
    title = "A private key that does not belong to its certificate"
    why = (
        "A server loads both halves together and stops when they do not belong together: Go programs such as Vault"
        " say 'tls: private key does not match public key'. Often one half was made again and the other was not."
    )
    remedy = "Store the certificate and the key that were made together; the key without a passphrase."
    source = "https://pkg.go.dev/crypto/tls#X509KeyPair"

    def check(self, release: Release) -> Iterator[Finding]:
        """The pairs whose halves do not belong together; the first certificate of a chain counts."""
        for pair in certificates.pairs(release):
            fault = _fault(pair)
            if fault and pair.key:
                yield self.finding(
                    f"The private key `{pair.key.name}` {fault}.",
                    on=pair.holder,
                    span=pair.holder.span(pair.key.path, key=True),
                    locator="/".join(map(str, pair.key.path)),
                    subject=pair.key.name,
                    related=(Related("object", pair.chain.object.span(pair.chain.path, key=True), "the certificate"),),
                )


def _fault(pair: Pair) -> str:
    """What is wrong with the key; empty where it is right, or where TLS001 says what cannot be read."""
    keys = [block for block in pem.blocks(pair.key.value if pair.key else "") if "PRIVATE KEY" in block.label]
    if not keys or keys[0].fault or not pair.certificates:
        return ""
    if keys[0].is_encrypted:
        return "is encrypted with a passphrase, which servers in pods cannot ask for"
    try:
        key = certificates.private_key(keys[0])
    except (ValueError, TypeError):
        return "cannot be read"
    is_own = certificates.is_of(pair.certificates[0], key)
    return "" if is_own else f"does not belong to the certificate `{pair.chain.name}`"
