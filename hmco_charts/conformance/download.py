"""Schemas over http(s): each is asked for once and kept."""

import hashlib
import os
import time
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from hmco_charts.conformance.unavailable import SchemaUnavailableError

_TIMEOUT = (5.0, 10.0)  # seconds to connect, and between two packets of an answer
_LONGEST = 30.0  # seconds for one answer
_MOST_BYTES = 64 * 2**20
_TRIES = 2  # after the first
_KEPT = 24 * 3600.0  # seconds
_NOT_FOUND = 404
_PASSING = (429, 500, 502, 503, 504)  # where another try may help


def download(uri: str) -> bytes | None:
    """What a URI gives, from the cache where it is younger than a day; `None` where there is nothing.

    Raises:
        SchemaUnavailableError: The server does not answer, or refuses.
    """
    entry = _folder() / hashlib.sha256(uri.encode()).hexdigest()
    try:
        if time.time() - entry.stat().st_mtime < _KEPT:
            return entry.read_bytes() or None
    except OSError:
        pass  # not kept, or not readable: ask for it
    body = _asked(uri)
    _keep(entry, body or b"")
    return body


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "hmco-charts", "schemas")


def _keep(entry: Path, body: bytes) -> None:
    try:
        entry.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = entry.with_name(f"{entry.name}.{os.getpid()}")
        draft.write_bytes(body)
        draft.replace(entry)
    except OSError:
        return  # a cache that cannot be written costs time, and nothing else


def _asked(uri: str) -> bytes | None:
    host = urlsplit(uri).netloc
    if host in _silent():
        raise SchemaUnavailableError(f"{uri}: {_silent()[host]}")
    with requests.Session() as session:
        retry = Retry(total=_TRIES, backoff_factor=0.5, status_forcelist=_PASSING, raise_on_status=False)
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retry))
        try:
            return _answer(session, uri)
        except requests.RequestException as error:
            reason = _reason(error)
            if error.response is None:
                _silent()[host] = reason
            raise SchemaUnavailableError(f"{uri}: {reason}") from None


@cache
def _silent() -> dict[str, str]:
    """The hosts that gave no answer, and why: they are not waited for again."""
    return {}


def _answer(session: requests.Session, uri: str) -> bytes | None:
    end = time.monotonic() + _LONGEST
    with session.get(uri, timeout=_TIMEOUT, stream=True) as answer:
        if answer.status_code == _NOT_FOUND:
            return None
        answer.raise_for_status()
        body = bytearray()
        for part in answer.iter_content(2**16):
            body += part
            if len(body) > _MOST_BYTES or time.monotonic() > end:
                what = "too slow" if len(body) <= _MOST_BYTES else f"larger than {_MOST_BYTES >> 20} MiB"
                raise SchemaUnavailableError(f"{uri}: {what}")
        return bytes(body)


def _reason(error: requests.RequestException) -> str:
    if error.response is not None:
        return f"the server answered {error.response.status_code}"
    is_slow = isinstance(error, requests.Timeout) or "timed out" in str(error)
    return "no answer in time" if is_slow else "the server cannot be reached"
