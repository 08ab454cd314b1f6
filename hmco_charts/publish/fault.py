"""What can go wrong between us and a registry.

errors.PublishError
├── UnreachableError      no answer: registry down, unknown name, timeout
├── TransientError        worth another try; ends as itself when the tries are used up
│   ├── ConnectionCutError    the connection ended in the middle of a request
│   └── OverloadedError       429 or a 5xx status
├── TlsError              TLS and the registry do not fit together
├── AccessRefusedError    no login, a wrong one, or one without the right
├── RegistryFullError     the registry's disk is full
├── RefusedError          any other answer that the protocol does not foresee
├── NotFoundError         nothing stands under the reference
├── VersionTakenError     the version is published with other content
└── MismatchError         the registry holds or reports other bytes than ours
"""

from hmco_charts.errors import PublishError


class UnreachableError(PublishError):
    """The registry gave no answer."""


class TransientError(PublishError):
    """A fault that may be gone a moment later.

    Attributes:
        wait: Seconds that the registry asks us to wait; 0 when it does not say.
    """

    wait: float = 0.0


class ConnectionCutError(TransientError):
    """The connection ended in the middle of a request."""


class OverloadedError(TransientError):
    """The registry answered 429 or a 5xx status."""

    def __init__(self, what: str, *, remedy: str, wait: float) -> None:
        super().__init__(what, remedy=remedy)
        self.wait = wait


class TlsError(PublishError):
    """TLS and the registry do not fit together."""


class AccessRefusedError(PublishError):
    """The registry wants a login, another login, or one that may do more."""


class RegistryFullError(PublishError):
    """The registry has no space left."""


class RefusedError(PublishError):
    """The registry answered something that the protocol does not foresee."""


class NotFoundError(PublishError):
    """Nothing stands under the reference."""


class VersionTakenError(PublishError):
    """The version is published already, with other content."""


class MismatchError(PublishError):
    """The registry holds or reports other bytes than ours."""
