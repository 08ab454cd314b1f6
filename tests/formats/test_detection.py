"""Which format a text is taken for."""

import pytest

from hmco_charts import formats

NAMED = [
    ("vault.hcl", "", "hcl"),
    ("vault.hcl.tmpl", 'storage "raft" {}', "hcl"),
    ("config.yaml", "a: 1", "yaml"),
    ("values.yml", "", "yaml"),
    ("core-site.xml", "<configuration/>", "xml"),
    ("log4j2.properties", "a = b", "properties"),
    ("redis.conf", "port 1\nbind x", "ini"),
    ("my.cnf", "[client]\npassword=x", "ini"),
    ("postgresql.conf", "a = 'b'", "ini"),
    ("nginx.conf", "http {\n  server {\n    listen 80;\n  }\n}\n", "ini"),
    ("app.conf.j2", "plain words only", "ini"),
    ("mongod.conf", "net:\n  port: 1\n", "yaml"),
    ("flink.conf", "env {\n  a.b = 1\n}\n", "hocon"),
    ("application.conf", "a = 1", "hocon"),
    ("fonts.conf", "<?xml version='1.0'?><x/>", "xml"),
    (".env", "A=1", "dotenv"),
    ("prod.env", "A=1", "dotenv"),
    ("init.sql", "select 1", "sql"),
    ("run.sh", "true", "shell"),
    (".pgpass", "a:1:b:c:d", "pgpass"),
    (".dockerconfigjson", "{}", "docker_auth"),
    ("config.toml", "a = 1", "toml"),
    ("README.md", "password: x", "plain"),
    ("tls.crt", "-----BEGIN CERTIFICATE-----", "plain"),
]

SNIFFED = [
    ("", "plain"),
    ("just some words\nand more of them\n", "plain"),
    ("postgresql://vault:x@db/vault?sslmode=disable", "plain"),
    ('{"a": 1}', "json"),
    (' [\n {"a": 1}]', "json"),
    ('{"auths": {"r": {"auth": "x"}}}', "docker_auth"),
    ('<?xml version="1.0"?>\n<a/>', "xml"),
    ("<configuration>\n</configuration>", "xml"),
    ("# note\na:\n  b: 1\n", "yaml"),
    ("- a\n- b: 1\n", "yaml"),
    ("---\na: 1\n", "yaml"),
    ('vault.hcl: |\n  storage "raft" {\n  }\n', "yaml"),
    ('storage "postgresql" {\n  connection_url = "x"\n}\n', "hcl"),
    ('{{- if .x }}\nui = true\nlistener "tcp" {\n}\n', "hcl"),
    ("ui = true\nstorage {\n  raft {\n  }\n}\n", "hcl"),
    ("env {\n  a.b = 1\n  password = ${?PW}\n}\n", "hocon"),
    ("port: 4222\ncluster {\n  port: 6222\n}\n", "hocon"),
    ("port: 4222\nrun: |\n  cluster {\n  }\n", "yaml"),
    ("[200]\nsecret=x\n", "ini"),
    ("[200, 404]\n", "json"),
    ("server {\n  listen 80;\n}\n", "ini"),
    ("[client]\nuser = x\npassword = y\n", "ini"),
    ('[owner]\nname = "x"\nage = 3\n', "toml"),
    ("spring.datasource.url=jdbc:x\nspring.datasource.password=y\n", "properties"),
    ("DB_HOST=x\nDB_PASSWORD=y\n", "dotenv"),
    ("export A=1\nexport B=2\n", "dotenv"),
    ("#!/bin/sh\nexec vault server\n", "shell"),
    ("#!/usr/bin/env python3\nprint(1)\n", "plain"),
    ("set -eu\ncat > /x <<EOF\na\nEOF\n", "shell"),
    ("CREATE USER vault WITH PASSWORD 'x';\n", "sql"),
    ("-- note\nDO $$ BEGIN END $$;\n", "sql"),
    ("db:5432:*:vault:pw\n", "pgpass"),
    ("bind 0.0.0.0\nrequirepass x\n", "ini"),
]

CONTRADICTED = [
    ("config.json", "a: 1\nb: 2\n", "yaml"),
    ("config.yaml", '{"a": 1}', "json"),
    ("vault.yaml", 'storage "raft" {\n}\n', "hcl"),
    ("app.properties", '{"a": 1}', "json"),
    ("site.xml", "a.b=c\nc.d=e\n", "properties"),
]


@pytest.mark.parametrize(("name", "text", "expected"), NAMED)
def test_the_name_tells(name, text, expected):
    assert formats.detect(text, name) == expected


@pytest.mark.parametrize(("text", "expected"), SNIFFED)
def test_the_content_tells_where_no_name_does(text, expected):
    assert formats.detect(text) == expected
    assert formats.detect(text, "data") == expected


@pytest.mark.parametrize(("name", "text", "expected"), CONTRADICTED)
def test_a_name_that_the_content_contradicts_is_not_believed(name, text, expected):
    assert formats.detect(text, name) == expected


def test_a_hint_goes_before_the_name():
    assert formats.detect("a = 1", "x.conf", hint="hocon") == "hocon"
    assert formats.detect('{"a": 1}', "x.conf", hint="xml") == "json"
