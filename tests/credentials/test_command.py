"""Secrets on command lines."""

import pytest

from hmco_charts.credentials import in_command


def found(words: list[str]) -> list[tuple[int, str]]:
    return [(index, words[index][hit.start : hit.end]) for index, hit in in_command(words) if hit.confidence != "low"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["app", "--password=x1"], [(1, "x1")]),
        (["app", "--password", "x1"], [(2, "x1")]),
        (["app", "--db-url=postgres://u:pw@h/d"], [(1, "pw")]),
        (["PGPASSWORD=x1", "psql"], [(0, "x1")]),
        (["env", "PGPASSWORD=x1", "psql"], [(1, "x1")]),
        (["curl", "-u", "a:b", "https://h"], [(2, "b")]),
        (["curl", "--user", "a:b"], [(2, "b")]),
        (["curl", "-ua:b"], [(1, "b")]),
        (["curl", "-H", "Authorization: Basic dXNlcjpwYXNz"], [(2, "dXNlcjpwYXNz")]),
        (["curl", "https://u:pw@h/"], [(1, "pw")]),
        (["mysql", "-uroot", "-ppassword"], [(2, "password")]),
        (["psql", "-c", "ALTER USER app WITH PASSWORD 'x1'"], [(2, "x1")]),
        (["mysql", "-e", "ALTER USER 'a'@'%' IDENTIFIED BY 'x1'"], [(2, "x1")]),
        (["sh", "-c", "PGPASSWORD=x1 psql -h pg"], [(2, "x1")]),
        (["sh", "-c", "export TOKEN=abc123def && run"], [(2, "abc123def")]),
        (["/bin/sh", "-ec", "psql <<EOF\nCREATE USER v WITH PASSWORD 'x1';\nEOF\n"], [(2, "x1")]),
        (["redis-server", "--requirepass", "x1"], [(2, "x1")]),
        (["redis-cli", "-a", "x1", "ping"], [(2, "x1")]),
        (["java", "-Djavax.net.ssl.keyStorePassword=x1", "-jar", "a.jar"], [(1, "x1")]),
        (["vault", "login", "hvs.CAESIJ1234567890abcdefghij"], [(2, "hvs.CAESIJ1234567890abcdefghij")]),
        (["keytool", "-storepass", "changeit"], [(2, "changeit")]),
        (["keytool", "-importkeystore", "-deststorepass", "ksPw22"], [(3, "ksPw22")]),
        (["impdp", "system/oraPw7@db:1521/x"], [(1, "oraPw7")]),
        (["smbclient", "//nas/x", "-U", "u%smbPw1"], [(3, "smbPw1")]),
        (["lftp", "-u", "user,lftpPw1", "sftp://h"], [(2, "lftpPw1")]),
        (["snmpwalk", "-v2c", "-c", "snmpCm1", "host"], [(3, "snmpCm1")]),
        (["curl", "-H", "Authorization: Bearer t0k123abc", "https://h"], [(2, "t0k123abc")]),
        (["kubectl", "create", "secret", "generic", "x", "--from-literal=password=x1"], [(5, "x1")]),
        (["sshpass", "-p", "x1", "ssh", "h"], [(2, "x1")]),
        (["openssl", "rsa", "-in", "k.pem", "-passin", "pass:x1"], [(5, "x1")]),
        (["rabbitmqctl", "add_user", "app", "x1"], [(3, "x1")]),
        (["mc", "alias", "set", "local", "http://minio:9000", "user", "minioadmin"], [(6, "minioadmin")]),
        (["/usr/bin/mc", "config", "host", "add", "m", "http://minio:9000", "user", "x1"], [(7, "x1")]),
        (["etcdctl", "--user", "root:x1", "get", "/x"], [(2, "x1")]),
        (["sqlplus", "system/x1@//db:1521/XE", "@x.sql"], [(1, "x1")]),
        (["sh", "-c", "vault kv put secret/app password=x1"], [(2, "x1")]),
        (["aws", "configure", "set", "aws_secret_access_key", "x1y2z3"], [(4, "x1y2z3")]),
        (["redis-cli", "CONFIG", "SET", "requirepass", "x1"], [(4, "x1")]),
        (["htpasswd", "-bc", "/auth/users", "admin", "x1"], [(4, "x1")]),
        (["az", "login", "--service-principal", "-u", "app", "-p", "x1"], [(6, "x1")]),
        (["curl", "-d", '{"password": "x1"}', "https://h/users"], [(2, "x1")]),
        (["sh", "-c", "echo x1 | docker login -u bot --password-stdin reg.example.com"], [(2, "x1")]),
        (["spark-submit", "--conf", "spark.ssl.keyPassword=x1"], [(2, "x1")]),
        (["sh", "-c", 'cat > /c.hcl <<EOF\nstorage "file" {\n  password = "x1"\n}\nEOF\n'], [(2, "x1")]),
    ],
)
def test_a_literal_secret_is_found_in_its_word(words: list[str], expected: list[tuple[int, str]]) -> None:
    assert found(words) == expected


@pytest.mark.parametrize(
    "words",
    [
        ["app", "--password=$(DB_PASSWORD)"],
        ["app", "--password", "$DB_PASSWORD"],
        ["app", "--password-file", "/run/pw"],
        ["app", "--password-file=/run/pw"],
        ["app", "--token-ttl=30s"],
        ["mysql", "-uroot", "-p$MYSQL_ROOT_PASSWORD"],
        ["mysql", "-p3306"],
        ["ssh", "-p", "2222", "host"],
        ["docker", "run", "-p", "80:80"],
        ["sh", "-c", 'docker run --rm -p "$PORT:$PORT" redis:8'],
        ["helm", "install", "-p", "plain-text", "app"],
        ["curl", "https://api.example.com/x?access_token=$TOKEN\\&since=$START"],
        ["curl", "-u", "$USER:$PASS"],
        ["openssl", "rsa", "-in", "k.pem", "-passin", "env:PASS"],
        ["openssl", "rsa", "-in", "k.pem", "-passin", "pass:$PASS"],
        ["rabbitmqctl", "add_user", "app", "$PASSWORD"],
        ["rabbitmqctl", "list_users", "app", "x1"],
        ["sh", "-c", "vault kv put secret/app password=@/run/pw"],
        ["aws", "configure", "set", "region", "eu-west-1"],
        ["aws", "configure", "set", "aws_secret_access_key", "$KEY"],
        ["htpasswd", "-c", "/auth/users", "admin"],
        ["curl", "-d", '{"password": "$PASSWORD"}', "https://h/users"],
        ["sh", "-c", "echo $PASSWORD | docker login -u bot --password-stdin reg.example.com"],
        ["sh", "-c", "echo start; docker login -u bot --password-stdin reg.example.com < /run/password"],
        ["curl", "-u", "admin:$(cat /run/pw)"],
        ["curl", "-H", "Authorization: Bearer $TOKEN"],
        ["psql", "-c", "ALTER USER app WITH PASSWORD '$PW'"],
        ["psql", "-c", "SELECT password FROM users"],
        ["sh", "-c", "PGPASSWORD=$PGPASSWORD psql -h pg"],
        ["sh", "-c", 'PW=$(cat /run/secrets/pw); exec app --password "$PW"'],
        ["server", "-config=/vault/config/vault.hcl"],
        ["app", "--secret-name=my-tls", "--tls-private-key-file=/tls.key"],
        ["app", "--password", "--verbose"],
        ["kube-rbac-proxy", "--upstream=http://127.0.0.1:8080/", "--auth-header-fields-enabled=true"],
        ["vault-csi-provider", "--hmac-secret-name=vault-csi-provider-hmac-key"],
        ["app", "--authentication-token-webhook", "--service-account-key-file=/sa.pub"],
        ["mkdir", "-p", "/data/password"],
    ],
)
def test_references_paths_and_ports_stay_silent(words: list[str]) -> None:
    assert found(words) == []


def test_a_number_glued_to_p_is_only_a_hint() -> None:
    assert [hit.confidence for _, hit in in_command(["mysql", "-p3306"])] == ["low"]
