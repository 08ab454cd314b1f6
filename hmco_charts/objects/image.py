"""Container image references."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """A reference such as `registry:5000/hashicorp/vault:1.13.3@sha256:…`.

    Attributes:
        repository: Everything before tag and digest.
        tag: The tag; empty if absent.
        digest: The digest; empty if absent.
    """

    repository: str
    tag: str = ""
    digest: str = ""

    @classmethod
    def parse(cls, reference: str) -> "Image":
        """Split a reference; a colon in the registry's host is no tag."""
        name, _, digest = reference.strip().partition("@")
        head, slash, last = name.rpartition("/")
        base, _, tag = last.partition(":")
        return cls(f"{head}{slash}{base}", tag, digest)

    @property
    def base(self) -> str:
        """The last part of the repository: `vault` of `hashicorp/vault`."""
        return self.repository.rpartition("/")[2]
