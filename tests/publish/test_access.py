"""Logins: where they are found, how a registry is answered, and that no character of them is ever shown."""

import base64
import json
import os
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hmco_charts.errors import ConfigurationError, HmcoChartsError
from hmco_charts.publish import login, publish
from hmco_charts.publish.fault import AccessRefusedError, RefusedError
from hmco_charts.publish.registry import pull
from tests.services.proxy import answers
from tests.services.registry import PASSWORD, USER, Registry, registry
from tests.services.token import REFRESH_TOKEN, SERVICE, TokenService, token_service

WRONG = "wrong-battery-staple"


def auth(user: str = USER, password: str = PASSWORD) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}


def write(file: Path, **config: object) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(config))
    return file


@pytest.fixture
def send(chart: Path, tls: Registry, path: str) -> Callable[[], str]:
    """Publishes to the registry with TLS and basic auth, and gives the status."""
    return lambda: publish(chart, f"oci://{tls.host}/{path}", ca_file=tls.ca_file).status


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts `docker-credential-test` on the PATH; it notes what it was asked in the file that is given back."""

    def install(script: str) -> Path:
        programs, asked = tmp_path / "bin", tmp_path / "asked"
        programs.mkdir()
        program = programs / "docker-credential-test"
        program.write_text(f'#!/bin/sh\nhost=$(cat)\necho "$* $host" >> {asked}\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
        return asked

    return install


def answer(user: str, secret: str) -> str:
    return "echo '" + json.dumps({"ServerURL": "x", "Username": user, "Secret": secret}) + "'"


def failure(kind: type[HmcoChartsError], send: Callable[[], object]) -> str:
    with pytest.raises(kind) as error:
        send()
    shown = "".join(traceback.format_exception(error.value)) + repr(error.value)
    for secret in (PASSWORD, WRONG, REFRESH_TOKEN, auth()["auth"], auth(password=WRONG)["auth"]):
        assert secret not in shown
    return str(error.value)


def test_dockers_file_lets_us_in_through_tls(send, tls, home):
    write(home / ".docker/config.json", auths={tls.host: auth()})
    assert send() == "pushed"
    assert send() == "unchanged"


def test_pull_uses_the_same_login(send, tls, home, path, tmp_path):
    write(home / ".docker/config.json", auths={tls.host: auth()})
    send()
    file = pull(f"oci://{tls.host}/{path}/vault:1.2.3", tmp_path / "out", ca_file=tls.ca_file)
    assert file.name == "vault-1.2.3.tgz"


@pytest.mark.parametrize(
    ("variable", "value", "file"),
    [
        ("DOCKER_CONFIG", "elsewhere", "elsewhere/config.json"),
        ("HELM_REGISTRY_CONFIG", "elsewhere/helm.json", "elsewhere/helm.json"),
        ("HELM_CONFIG_HOME", "elsewhere", "elsewhere/registry/config.json"),
        ("XDG_CONFIG_HOME", "elsewhere", "elsewhere/helm/registry/config.json"),
        ("HOME", "elsewhere", "elsewhere/.config/helm/registry/config.json"),
    ],
)
def test_the_login_is_found_where_the_environment_says(send, tls, tmp_path, monkeypatch, variable, value, file):
    monkeypatch.setenv(variable, str(tmp_path / value))
    write(tmp_path / file, auths={tls.host: auth()})
    assert send() == "pushed"


def test_helms_login_comes_before_dockers(send, tls, home):
    write(home / ".docker/config.json", auths={tls.host: auth(password=WRONG)})
    write(home / ".config/helm/registry/config.json", auths={tls.host: auth()})
    assert send() == "pushed"


def test_a_login_written_as_an_address_or_in_plain_words_is_found(tls, home):
    write(home / ".docker/config.json", auths={f"https://{tls.host}": {"username": USER, "password": PASSWORD}})
    found = login.find(tls.host)
    assert found is not None
    assert (found.user, found.password, found.source) == (USER, PASSWORD, f"{home}/.docker/config.json")


def test_docker_hubs_login_is_found_under_its_old_address(home):
    write(home / ".docker/config.json", auths={"https://index.docker.io/v1/": auth()})
    found = login.find("docker.io")
    assert found is not None
    assert found == login.find("registry-1.docker.io")
    assert found.user == USER


def test_a_login_shows_no_secret(home):
    found = login.Login("here", USER, PASSWORD, REFRESH_TOKEN)
    assert repr(found) == "Login(source='here')"


@pytest.mark.parametrize("config", [{"credHelpers": {"HOST": "test"}}, {"credsStore": "test"}], ids=str)
def test_a_credential_helper_is_asked_on_its_standard_input(send, tls, home, helper, config):
    asked = helper(answer(USER, PASSWORD))
    text = json.dumps(config).replace("HOST", tls.host)
    write(home / ".docker/config.json", **json.loads(text))
    assert send() == "pushed"
    assert asked.read_text() == f"get {tls.host}\n"


def test_a_helper_that_holds_no_login_is_no_error(send, tls, home, helper):
    helper("echo 'credentials not found in native keychain'; exit 1")
    write(home / ".docker/config.json", credsStore="test")
    assert failure(AccessRefusedError, send) == (
        f"{tls.host} wants a login and there is none\n"
        f"  Log in: helm registry login {tls.host} (or docker login {tls.host})."
    )


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            f"echo 'locked: {PASSWORD}' >&2; exit 3",
            (
                "the credential helper docker-credential-test failed with exit code 3\n"
                "  Run it by hand: echo HOST | docker-credential-test get"
            ),
        ),
        (f"echo '{PASSWORD}'", "docker-credential-test gave no login\n  Is it a Docker credential helper?"),
    ],
    ids=["fails", "talks nonsense"],
)
def test_a_helper_that_fails_is_named_without_its_words(send, tls, home, helper, script, message):
    helper(script)
    write(home / ".docker/config.json", credHelpers={tls.host: "test"})
    assert failure(ConfigurationError, send) == message


def test_a_helper_that_is_not_installed(send, tls, home):
    write(home / ".docker/config.json", credsStore="absent")
    assert failure(ConfigurationError, send) == (
        "the credential helper docker-credential-absent is not on the PATH\n"
        "  Install it, or take it out of Docker's configuration."
    )


def test_no_login(send, tls):
    assert failure(AccessRefusedError, send) == (
        f"{tls.host} wants a login and there is none\n"
        f"  Log in: helm registry login {tls.host} (or docker login {tls.host})."
    )


def test_a_wrong_password(send, tls, home):
    file = write(home / ".docker/config.json", auths={tls.host: auth(password=WRONG)})
    assert failure(AccessRefusedError, send) == (
        f"{tls.host} refuses the login from {file}\n"
        f"  Log in: helm registry login {tls.host} (or docker login {tls.host})."
    )


def test_a_damaged_login(send, tls, home):
    file = write(home / ".docker/config.json", auths={tls.host: {"auth": PASSWORD}})
    assert failure(ConfigurationError, send) == (f"{file}: the login for {tls.host} is damaged\n  Log in anew.")


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_a_file_that_is_no_json(send, home, text):
    file = write(home / ".docker/config.json")
    file.write_text(text)
    assert failure(ConfigurationError, send) == f"{file} is not Docker's JSON\n  Mend it, or log in anew."


def test_a_login_in_netrc_is_not_sent(send, tls, home):
    (home / ".netrc").write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n")
    (home / ".netrc").chmod(0o600)
    assert failure(AccessRefusedError, send).startswith(f"{tls.host} wants a login and there is none")


@pytest.fixture
def tokens(pair) -> Iterator[TokenService]:
    with token_service(pair) as service:
        yield service


@pytest.fixture
def guarded(tokens: TokenService, tmp_path: Path) -> Iterator[Registry]:
    """A registry without TLS that wants a token for everything."""
    folder = tmp_path / "guarded"
    folder.mkdir()
    with registry(folder, auth=tokens.auth()) as running:
        yield running


def test_a_password_buys_a_token_for_pull_and_push_once(chart, guarded, tokens, home):
    write(home / ".docker/config.json", auths={guarded.host: auth()})
    assert publish(chart, f"oci://{guarded.host}/charts", plain_http=True).status == "pushed"
    assert tokens.seen == [f"GET {SERVICE} repository:charts/vault:pull,push"]


def test_an_identity_token_buys_a_token(chart, guarded, tokens, home):
    write(home / ".docker/config.json", auths={guarded.host: {"auth": "", "identitytoken": REFRESH_TOKEN}})
    assert publish(chart, f"oci://{guarded.host}/charts", plain_http=True).status == "pushed"
    assert tokens.seen == [f"POST {SERVICE} repository:charts/vault:pull,push"]


def test_a_helper_may_hold_an_identity_token(chart, guarded, tokens, home, helper):
    helper(answer("<token>", REFRESH_TOKEN))
    write(home / ".docker/config.json", credsStore="test")
    assert publish(chart, f"oci://{guarded.host}/charts", plain_http=True).status == "pushed"
    assert tokens.seen == [f"POST {SERVICE} repository:charts/vault:pull,push"]


def test_pulling_asks_for_the_right_to_pull_only(chart, guarded, tokens, home, tmp_path):
    write(home / ".docker/config.json", auths={guarded.host: auth()})
    published = publish(chart, f"oci://{guarded.host}/charts", plain_http=True)
    tokens.seen.clear()
    pull(published.reference, tmp_path / "out", plain_http=True)
    assert tokens.seen == [f"GET {SERVICE} repository:charts/vault:pull"]


def test_a_token_that_may_only_pull_does_not_publish(chart, guarded, tokens, home):
    tokens.actions = {"pull"}
    file = write(home / ".docker/config.json", auths={guarded.host: auth()})
    message = failure(AccessRefusedError, lambda: publish(chart, f"oci://{guarded.host}/charts", plain_http=True))
    assert message == (
        f"{guarded.host} gives the login from {file} no right to do this\n"
        "  Ask for the right to repository:charts/vault:pull,push."
    )


@pytest.mark.parametrize("entry", [auth(password=WRONG), {"identitytoken": WRONG}], ids=["password", "identity"])
def test_a_token_service_that_refuses_the_login(chart, guarded, home, entry):
    file = write(home / ".docker/config.json", auths={guarded.host: entry})
    message = failure(AccessRefusedError, lambda: publish(chart, f"oci://{guarded.host}/charts", plain_http=True))
    assert message.splitlines()[0] == f"{guarded.host} refuses the login from {file}"


def test_without_a_login_the_anonymous_token_does_not_publish(chart, guarded):
    message = failure(AccessRefusedError, lambda: publish(chart, f"oci://{guarded.host}/charts", plain_http=True))
    assert message.splitlines()[0] == f"{guarded.host} wants a login and there is none"


def test_a_token_service_without_tls_gets_no_login_from_a_registry_with_tls(chart, pair, tokens, tmp_path, home):
    folder = tmp_path / "mixed"
    folder.mkdir()
    with registry(folder, tls=pair, auth=tokens.auth()) as mixed:
        write(home / ".docker/config.json", auths={mixed.host: auth()})
        message = failure(RefusedError, lambda: publish(chart, f"oci://{mixed.host}/charts", ca_file=mixed.ca_file))
        assert message == (
            f"{mixed.host} sends us to a token service without TLS\n"
            "  The login was not sent; the registry's realm must begin with https."
        )
    assert tokens.seen == []


def test_a_registry_that_repeats_our_login_in_its_words_is_not_quoted(chart, proxy, path, home):
    write(home / ".docker/config.json", auths={proxy.host: auth()})
    proxy.fault("GET", "/manifests/", answers(401, WWW_Authenticate='Basic realm="x"'), times=1)
    proxy.fault("GET", "/manifests/", answers(400, f"Basic {auth()['auth']}"))
    message = failure(RefusedError, lambda: publish(chart, f"oci://{proxy.host}/{path}", plain_http=True))
    assert message.splitlines()[0] == f"{proxy.host} answered 400 while looking the version up"
