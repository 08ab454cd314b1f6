"""Certificates and keys in ConfigMaps and Secrets, as TLS servers would load them.

Sources: Go `crypto/tls.X509KeyPair` (the first certificate is the leaf), RFC 5280; keys of Secrets of type
kubernetes.io/tls: https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from hmco_charts.formats import pem
from hmco_charts.formats.entry import KEPT
from hmco_charts.objects import KubernetesObject, Release, Text

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

CERTIFICATE = "CERTIFICATE"
TLS_TYPE = "kubernetes.io/tls"
_KEY_NAMES = {".crt": ".key", ".cert": ".key", ".cer": ".key", ".pem": "-key.pem"}
_PAIRS = {"cert.pem": "key.pem", "certificate.pem": "key.pem", "tls-cert.pem": "tls-key.pem", "cert": "key"}


@dataclass(frozen=True)
class Pair:
    """A certificate chain and the key that belongs to it."""

    chain: Text
    key: Text | None

    @property
    def holder(self) -> KubernetesObject:
        """The Secret or ConfigMap."""
        return self.chain.object

    @cached_property
    def certificates(self) -> tuple["Certificate", ...]:
        """The chain as far as it can be read, the leaf first."""
        return tuple(found for block in pem.blocks(self.chain.value) if (found := certificate(block)))


def pairs(release: Release) -> Iterator[Pair]:
    """The certificates of every Secret and ConfigMap, each with its key where the same object holds it."""
    for holder in release.of_kind("Secret", "ConfigMap"):
        texts = {text.name: text for text in release.file_texts(holder)}
        for name, text in texts.items():
            if any(block.label == CERTIFICATE for block in pem.blocks(text.value)):
                yield Pair(text, texts.get(_key_name(name)))


def _key_name(name: str) -> str:
    if name in _PAIRS:
        return _PAIRS[name]
    stem, dot, suffix = name.rpartition(".")
    return stem + _KEY_NAMES.get(dot + suffix, "-none")


@lru_cache(maxsize=KEPT)
def certificate(block: pem.Block) -> "Certificate | None":
    """The certificate of a block; `None` where it holds none or cannot be read."""
    from cryptography import x509

    if block.label != CERTIFICATE or not block.data:
        return None
    faults = (ValueError, TypeError, x509.DuplicateExtension, x509.InvalidVersion, x509.UnsupportedGeneralNameType)
    try:
        found = x509.load_der_x509_certificate(block.data)
        list(found.extensions)  # read lazily, and may be what is wrong
    except faults:
        return None
    return found


def private_key(block: pem.Block) -> Any:
    """The private key of a block.

    Raises:
        ValueError: It cannot be read, or is of a kind that is not known.
        TypeError: A passphrase is needed.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    try:
        return serialization.load_der_private_key(block.data, password=None)
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from None


def public_key(leaf: "Certificate") -> Any:
    """The public key of a certificate; `None` where it is of a kind that is not known."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return leaf.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def is_of(leaf: "Certificate", key: Any) -> bool:
    """Whether a private key belongs to a certificate; true where the certificate's key cannot be told."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    own = public_key(leaf)
    return own is None or bool(own.public_bytes(*form) == key.public_key().public_bytes(*form))


def names(leaf: "Certificate") -> tuple[str, ...]:
    """The DNS names and IP addresses that a certificate is for; its common name does not count."""
    from cryptography import x509

    try:
        found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = (str(each) for each in found.get_values_for_type(x509.IPAddress))
    return (*found.get_values_for_type(x509.DNSName), *addresses)


def is_authority(leaf: "Certificate") -> bool:
    """Whether a certificate may sign others (`CA:TRUE`)."""
    from cryptography import x509

    try:
        return bool(leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False


def covers(pattern: str, host: str) -> bool:
    """Whether a name of a certificate is good for a host; `*` stands for exactly one label."""
    pattern, host = pattern.lower().rstrip("."), host.lower().rstrip(".")
    if pattern.startswith("*."):
        return pattern[1:] == host[host.find(".") :] if "." in host else False
    return pattern == host
