"""The login that the user has for a registry, found where Helm and Docker keep it.

Looked up in this order: `HELM_REGISTRY_CONFIG` or Helm's default file, then Docker's `config.json`; in each
the credential helper, where one is configured, stands for the file.

Source: Docker, "docker login: credential stores and credential helpers".
"""

import base64
import binascii
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hmco_charts.errors import ConfigurationError

_DOCKER_HUB = "https://index.docker.io/v1/"
_HELPER_SECONDS = 30
_TOKEN_USER = "<token>"  # noqa: S105  the name by which a helper says that its secret is an identity token


@dataclass(frozen=True, slots=True)
class Login:
    """A user's login; its secrets never show in a representation.

    Attributes:
        source: Where it was found, for messages.
        user: Name; empty with an identity token.
        password: Password or access token.
        identity_token: OAuth2 refresh token, in place of a password.
    """

    source: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)

    @property
    def basic(self) -> str:
        """The value of an `Authorization` header for HTTP Basic."""
        return f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"


def find(host: str) -> Login | None:
    """The login for a registry; `None` where the user has none.

    Args:
        host: The registry's name, with its port where it has one.

    Raises:
        ConfigurationError: A file that is no Docker configuration, or a helper that fails.
    """
    for file in _files():
        if file.is_file():
            login = _in_file(file, host)
            if login:
                return login
    return None


def _files() -> tuple[Path, Path]:
    environment = os.environ
    config = Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    helm = Path(environment.get("HELM_CONFIG_HOME") or config / "helm") / "registry" / "config.json"
    docker = Path(environment.get("DOCKER_CONFIG") or Path.home() / ".docker") / "config.json"
    return Path(environment.get("HELM_REGISTRY_CONFIG") or helm), docker


def _in_file(file: Path, host: str) -> Login | None:
    config = _read(file)
    for address in _addresses(host):
        helper = config.get("credHelpers", {}).get(address) or config.get("credsStore")
        login = _from_helper(helper, address) if helper else _from_entry(config, address, str(file))
        if login:
            return login
    return None


def _addresses(host: str) -> tuple[str, ...]:
    """The names under which a registry's login may be kept."""
    hub = (_DOCKER_HUB,) if host in {"docker.io", "registry-1.docker.io", "index.docker.io"} else ()
    return (*hub, host, f"https://{host}", f"http://{host}")


def _read(file: Path) -> Mapping[str, Any]:
    try:
        config = json.loads(file.read_bytes())
    except (OSError, ValueError):
        config = None
    if not isinstance(config, dict):
        raise ConfigurationError(f"{file} is not Docker's JSON", remedy="Mend it, or log in anew.") from None
    return config


def _from_entry(config: Mapping[str, Any], address: str, source: str) -> Login | None:
    entry = config.get("auths", {}).get(address, {})
    if entry.get("identitytoken"):
        return Login(source, identity_token=entry["identitytoken"])
    if entry.get("username"):
        return Login(source, entry["username"], entry.get("password", ""))
    if not entry.get("auth"):
        return None
    try:
        user, _, password = base64.b64decode(entry["auth"], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        remedy = "Log in anew."
        raise ConfigurationError(f"{source}: the login for {address} is damaged", remedy=remedy) from None
    return Login(source, user, password.rstrip("\0"))


def _from_helper(name: str, address: str) -> Login | None:
    program = f"docker-credential-{name}"
    try:
        run = subprocess.run(  # noqa: S603  the user's own configuration names the program
            [program, "get"],
            input=address.encode(),
            capture_output=True,
            timeout=_HELPER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = "is not on the PATH" if isinstance(error, FileNotFoundError) else "does not answer"
        remedy = "Install it, or take it out of Docker's configuration."
        raise ConfigurationError(f"the credential helper {program} {reason}", remedy=remedy) from None
    if run.returncode == 0:
        return _answered(program, run.stdout)
    # a helper that holds no login says so in these words only
    if b"credentials not found" in run.stdout + run.stderr:
        return None
    raise ConfigurationError(
        f"the credential helper {program} failed with exit code {run.returncode}",
        remedy=f"Run it by hand: echo HOST | {program} get",
    )


def _answered(program: str, answer: bytes) -> Login:
    try:
        found = json.loads(answer)
        user, secret = str(found["Username"]), str(found["Secret"])
    except (ValueError, KeyError, TypeError):
        remedy = "Is it a Docker credential helper?"
        raise ConfigurationError(f"{program} gave no login", remedy=remedy) from None
    return Login(program, identity_token=secret) if user == _TOKEN_USER else Login(program, user, secret)
