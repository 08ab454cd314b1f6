"""The expressions that the charts' schemas refuse."""

import re

import pytest

from hmco_charts.credentials import SHAPES

INNOCUOUS = [
    "hashicorp/vault:1.13.3",
    "registry:5000/org/app@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
    "/vault/tls/tls.key",
    "postgres-shared-service.data-platform:5432",
    "https://vault.vault-prod.svc.cluster.local:8200",
    "768h",
    "0 3 * * *",
    "@daily",
    "10.0.0.0/8",
    "[::1]:8200",
    "postgresql://vault@pg:5432/vault?sslmode=verify-full",
    "postgres://$(USER):$(PW)@pg/vault",
    "nginx.ingress.kubernetes.io/rewrite-target",
    "user@tcp(h)/db",
    "https://example.org/a:b@c",
    "http://[2001:db8::1]:80/x",
    "git@github.com:x/y",
    "ops@example.org",
    "-----BEGIN CERTIFICATE-----",
    "eyJ",
    "512Mi",
    "100m",
    "RuntimeDefault",
    "arn:aws:kms:eu-west-1:123456789012:key/4f53cda1-8c2b-4a0c-8354-bb5f9a3ecbe5",
    "projects/p/locations/l/keyRings/r",
    "spiffe://trust/ns/vault",
    "a=b,c=d",
    "app.kubernetes.io/name",
]
SECRETS = [
    "postgresql://vault:s3cr3t@h/db",
    "redis://:pw@h",
    "jdbc:postgresql://h/db?user=u&password=p",
    "u:p@tcp(h:3306)/db",
    "host=h user=u password=p",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
    "hvs.CAESIJ1234567890abcdefghij",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "Server=db;Password=x",
    "https://hooks.slack.com/services/T0AB12/B0CD34/abcdEFGH1234ijkl",
]


@pytest.mark.parametrize("text", INNOCUOUS)
def test_an_innocuous_value_matches_no_shape(text: str) -> None:
    assert [kind for kind, pattern in SHAPES if re.search(pattern, text)] == []


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_matches_a_shape(text: str) -> None:
    assert any(re.search(pattern, text) for _, pattern in SHAPES)


@pytest.mark.parametrize(("kind", "pattern"), SHAPES)
def test_a_shape_uses_only_what_re2_knows(kind: str, pattern: str) -> None:
    assert not re.search(r"\(\?[=!<P]|\\[1-9]|\(\?\(", pattern)
