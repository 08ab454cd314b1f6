"""How a registry's `WWW-Authenticate` is answered: with the login itself, or with a token that it buys.

Source: Docker Registry, "Token authentication" and "OAuth2 token authentication".
"""

import json
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.utils import parse_dict_header

from hmco_charts.publish.connection import Answer, Connection
from hmco_charts.publish.fault import AccessRefusedError, RefusedError
from hmco_charts.publish.login import Login, find

_DOING = "asking for a token"


class Access:
    """The right to use a repository, gained when the registry asks for it.

    Args:
        connection: The way to the token service.
        host: The registry.
        scope: What a token must allow, such as `repository:charts/vault:pull,push`.
        plain_http: Whether a login may travel without TLS.

    Attributes:
        header: Value of `Authorization`; empty before the first challenge.
    """

    def __init__(self, connection: Connection, host: str, scope: str, *, plain_http: bool) -> None:
        self.header = ""
        self._connection = connection
        self._host = host
        self._scope = scope
        self._schemes = {"http", "https"} if plain_http else {"https"}
        self._login: Login | None = None

    def answer(self, challenge: str) -> None:
        """Makes the header that answers a challenge.

        Raises:
            AccessRefusedError: No login where one is needed, or a wrong one.
            RefusedError: A challenge that we cannot answer.
        """
        self._login = find(self._host)
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() == "bearer":
            self.header = f"Bearer {self._token(parse_dict_header(rest))}"
        elif scheme.lower() == "basic" and self._login and self._login.user:
            self.header = self._login.basic
        else:
            raise self.refusal()

    def refusal(self) -> AccessRefusedError:
        """The error for a registry that does not let us in."""
        remedy = f"Log in: helm registry login {self._host} (or docker login {self._host})."
        if self._login is None:
            return AccessRefusedError(f"{self._host} wants a login and there is none", remedy=remedy)
        if self.header.startswith("Bearer "):
            what = f"{self._host} gives the login from {self._login.source} no right to do this"
            return AccessRefusedError(what, remedy=f"Ask for the right to {self._scope}.")
        return AccessRefusedError(f"{self._host} refuses the login from {self._login.source}", remedy=remedy)

    def _token(self, challenge: dict[str, Any]) -> str:
        realm = challenge.get("realm") or ""
        if urlsplit(realm).scheme not in self._schemes:
            raise RefusedError(
                f"{self._host} sends us to a token service without TLS",
                remedy="The login was not sent; the registry's realm must begin with https.",
            )
        answer = self._buy(realm, {"service": challenge.get("service") or "", "scope": self._scope})
        if answer.status in {400, 401, 403}:
            raise self.refusal()
        if answer.status != requests.codes.ok:
            raise answer.refusal()
        return _read(answer)

    def _buy(self, realm: str, wanted: dict[str, str]) -> Answer:
        if self._login and self._login.identity_token:
            grant = {"grant_type": "refresh_token", "client_id": "hmco-charts"}
            form = wanted | grant | {"refresh_token": self._login.identity_token}
            return self._connection.ask(_DOING, "POST", realm, data=form)
        headers = {"Authorization": self._login.basic} if self._login else {}
        return self._connection.ask(_DOING, "GET", realm, params=wanted, headers=headers)


def _read(answer: Answer) -> str:
    try:
        body = json.loads(answer.body)
        return str(body.get("token") or body["access_token"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RefusedError(f"{answer.host} gave no token", remedy="Is it a registry's token service?") from None
