"""HTTP with a registry: an answer as plain data, or an error that says what to do."""

import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from hmco_charts.errors import ConfigurationError, PublishError
from hmco_charts.publish.fault import (
    AccessRefusedError,
    ConnectionCutError,
    MismatchError,
    OverloadedError,
    RefusedError,
    RegistryFullError,
    TlsError,
    UnreachableError,
)

TIMEOUT = (10.0, 60.0)  # seconds to connect, and between two packets of an answer
_SHORT = 64 * 1024  # bytes of an answer that is no content
_CHUNK = 64 * 1024
_TOO_MANY_REQUESTS = 429
_SERVER_FAULT = 500
_INSUFFICIENT_STORAGE = 507
_CODE = re.compile(r"[A-Z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a registry answered.

    Attributes:
        host: The registry.
        doing: What we asked for, in words that follow "while".
        status: The HTTP status.
        headers: Names in any case.
        body: At most as many bytes as the caller asked for.
    """

    host: str
    doing: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def refusal(self) -> PublishError:
        """The error that this answer means."""
        text = f"{self.host} answered {self.status}{self._codes()} while {self.doing}"
        if self.status == _INSUFFICIENT_STORAGE or b"no space left on device" in self.body:
            return RegistryFullError(
                f"{self.host}: the registry's disk is full ({self.status} while {self.doing})",
                remedy="Free space in the registry and publish again; nothing stands under the version.",
            )
        if b"HTTPS" in self.body and self.status == requests.codes.bad_request:
            return TlsError(f"{self.host} speaks TLS, we plain HTTP", remedy="Leave --plain-http out.")
        if self.status in {requests.codes.unauthorized, requests.codes.forbidden}:
            return AccessRefusedError(text, remedy="Ask for the right to do this with the login in use.")
        if self.status == _TOO_MANY_REQUESTS or self.status >= _SERVER_FAULT:
            remedy = "The registry is overloaded or broken; publish again later."
            return OverloadedError(text, remedy=remedy, wait=self._wait())
        return RefusedError(text, remedy="Is this an OCI registry, and does it take Helm charts?")

    def _codes(self) -> str:
        """The registry's own error codes; its free text is not repeated, it may hold what we sent."""
        try:
            errors = json.loads(self.body)["errors"]
            codes = [error["code"] for error in errors if _CODE.fullmatch(error["code"])]
        except (ValueError, KeyError, TypeError):
            return ""
        return f" {', '.join(codes)}" if codes else ""

    def _wait(self) -> float:
        """Seconds of `Retry-After`; a date counts from the registry's own clock, ours may be wrong."""
        text = self.headers.get("Retry-After", "")
        if text.isdigit():
            return float(text)
        try:
            until = parsedate_to_datetime(text) - parsedate_to_datetime(self.headers.get("Date", ""))
        except (TypeError, ValueError):
            return 0.0
        return max(0.0, until.total_seconds())


class Connection:
    """A way to registries that keeps its sockets open between requests.

    Args:
        ca_file: Certificates to trust in place of the system's.

    Raises:
        ConfigurationError: `ca_file` does not exist or holds no certificate.
    """

    def __init__(self, ca_file: Path | None = None) -> None:
        self._verify = str(_checked(ca_file)) if ca_file else True
        self._session = requests.Session()
        self._session.auth = _leave_alone
        self._session.headers["Accept-Encoding"] = "identity"

    def close(self) -> None:
        """Closes the sockets."""
        self._session.close()

    def ask(self, doing: str, method: str, url: str, *, limit: int = _SHORT, **options: Any) -> Answer:
        """The answer to one request.

        Args:
            doing: What is asked for, for messages.
            method: HTTP method.
            url: Whole address.
            limit: Bytes of the body that are read at most; a longer one is an error.
            options: Further arguments of `requests`.

        Raises:
            UnreachableError: No answer.
            ConnectionCutError: The connection ended in the middle.
            TlsError: The registry speaks no TLS, or its certificate is not trusted.
            MismatchError: More bytes than expected.
        """
        host = urlsplit(url).netloc
        request = partial(self._session.request, timeout=TIMEOUT, verify=self._verify, stream=True)
        try:
            with request(method, url, **options) as response:
                body = b"".join(_limited(response, host, doing, limit))
                return Answer(host, doing, response.status_code, response.headers, body)
        except requests.exceptions.RequestException as error:
            raise _broken(error, host, doing) from error


def _leave_alone(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No authorization but ours: without this, requests takes a login from ~/.netrc."""
    return request


def _checked(ca_file: Path) -> Path:
    try:
        ssl.create_default_context(cafile=ca_file)
    except OSError:
        raise ConfigurationError(
            f"{ca_file} holds no certificate that can be read", remedy="Give --ca-file a PEM file."
        ) from None
    return ca_file


def _limited(response: requests.Response, host: str, doing: str, limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_content(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise MismatchError(f"{host} sent more than {limit} bytes while {doing}", remedy="Do not trust it.")
        yield chunk


def _broken(error: requests.exceptions.RequestException, host: str, doing: str) -> PublishError:
    if isinstance(error, requests.exceptions.Timeout):
        remedy = "Look at the network and the registry, then try again."
        return UnreachableError(f"{host} did not answer in time while {doing}", remedy=remedy)
    for cause in _causes(error):
        fault = _fault(cause, host)
        if fault:
            return fault
    if isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return ConnectionCutError(f"{host} cut the connection while {doing}", remedy="Try again.")
    return RefusedError(f"{host} broke the rules of HTTP while {doing}", remedy="Is this an OCI registry?")


def _fault(cause: BaseException, host: str) -> PublishError | None:
    match cause:
        case ssl.SSLCertVerificationError():
            what = f"the certificate of {host} is not trusted: {cause.verify_message}"
            return TlsError(what, remedy="Give its authority with --ca-file, or use the name that stands in it.")
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return None
        case ssl.SSLError():
            return TlsError(f"{host} speaks no TLS", remedy="A registry without TLS needs --plain-http.")
        case socket.gaierror():
            what, remedy = f"the name {host} cannot be resolved", "Check the spelling and the DNS."
        case ConnectionRefusedError():
            what, remedy = f"{host} refuses the connection", "Is the registry running, and is the port right?"
        case NewConnectionError():
            what, remedy = f"{host} cannot be reached", "Check the network and the address."
        case _:
            return None
    return UnreachableError(what, remedy=remedy)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The errors that an error was made from, the first cause first; libraries nest them in four ways."""
    nested = (error.__cause__, error.__context__, getattr(error, "reason", None), *error.args)
    for cause in nested:
        if isinstance(cause, BaseException):
            yield from _causes(cause)
    yield error
