"""What the reader of Docker's credentials gives."""

from hmco_charts.formats import docker_auth

from .reading import entries, slices


def test_dockerconfigjson():
    text = '{"auths": {"https://r/v1/": {"auth": "dTpw", "email": "e", "identitytoken": "t"}}, "credsStore": "x"}'
    assert entries(docker_auth.read(text)) == [
        (("auths", "https://r/v1/"), "auth", "dTpw"),
        (("auths", "https://r/v1/"), "identitytoken", "t"),
    ]
    assert slices(text, docker_auth.read(text))[0] == ("auth", "dTpw")


def test_dockercfg():
    text = '{"r.example": {"username": "u", "password": "p"}}'
    assert entries(docker_auth.read(text)) == [
        (("r.example",), "username", "u"),
        (("r.example",), "password", "p"),
    ]
