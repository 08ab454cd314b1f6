"""Versions of programs, as the tags of their images tell them."""

import re
from dataclasses import dataclass

_FORM = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+_].*)?")


@dataclass(frozen=True, order=True)
class Version:
    """A version; `minor` and `patch` are -1 where a tag leaves them open."""

    major: int
    minor: int = -1
    patch: int = -1

    @classmethod
    def parse(cls, tag: str) -> "Version | None":
        """The version in a tag such as `1.20.11-ent`; `None` where it tells none."""
        found = _FORM.fullmatch(tag)
        return cls(*(int(part) if part else -1 for part in found.groups())) if found else None

    @property
    def line(self) -> tuple[int, int]:
        """The line that it is a patch of: major and minor."""
        return self.major, self.minor

    @property
    def is_exact(self) -> bool:
        """Whether it names one version."""
        return self.patch >= 0

    def __str__(self) -> str:
        return ".".join(str(part) for part in (self.major, self.minor, self.patch) if part >= 0)
