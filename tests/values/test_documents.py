from pathlib import Path

import pytest

from hmco_charts.errors import ConfigurationError, ValuesError
from hmco_charts.values import read
from tests.values.attack import CREDENTIALS
from tests.values.toys import TOY, Toy


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def given(text: str, name: str = "my.yaml") -> str:
    Path(name).write_text(text, "utf-8")
    return name


def refusal(text: str, *sets: str) -> str:
    with pytest.raises(ValuesError) as caught:
        read(TOY, [given(text)], sets)
    return str(caught.value)


def test_later_wins_from_defaults_over_profile_and_files_to_sets() -> None:
    first = given("server: {replicas: 4, image: {tag: a}}", "1.yaml")
    second = given("server: {image: {tag: b}, priorityClassName: high}", "2.yaml")
    assert read(TOY).server.replicas == 1
    assert read(TOY, profile="ha").server.replicas == 3
    server = read(TOY, [first, second], ["server.priorityClassName=higher"], "ha").server
    assert (server.replicas, server.image.tag, server.priority_class_name) == (4, "b", "higher")


def test_maps_merge_with_the_types_defaults_and_lists_replace() -> None:
    first = given("server: {resources: {requests: {memory: 1Gi}}, extraArgs: [a, b]}", "1.yaml")
    second = given("server: {extraArgs: [c]}", "2.yaml")
    server = read(TOY, [first, second]).server
    assert server.resources.requests == {"cpu": "100m", "memory": "1Gi"}
    assert server.extra_args == ("c",)


def test_null_gives_the_default_back_takes_an_entry_away_and_means_none_where_the_type_says_so() -> None:
    file = given("server: {replicas: null, user: null, resources: {requests: {cpu: null}}}")
    server = read(TOY, [file], profile="ha").server
    assert (server.replicas, server.user, server.resources.requests) == (1, None, {"memory": "64Mi"})


def test_an_index_begins_a_list_where_only_the_types_have_one() -> None:
    assert read(TOY).network_policy.api_server_ports == (443, 6443)
    assert read(TOY, sets=["networkPolicy.apiServerPorts[0]=8443"]).network_policy.api_server_ports == (8443,)


def test_a_file_with_nothing_but_comments_says_nothing() -> None:
    assert read(TOY, [given("# nothing yet\n")]) == read(TOY)


def test_json_is_read_like_yaml() -> None:
    assert read(TOY, [given('{"server": {"replicas": 5}}', "my.json")]).server.replicas == 5


def test_each_fault_is_told_once_with_its_place_and_remedy() -> None:
    assert (
        refusal("""\
servr: {}
server:
  replicas: "3"
  image:
    pullPolicy: always
    tag: no spaces
  tolerations: all
  extraEnvVars:
    - value: x
storage:
  type: database
""")
        == """\
my.yaml:1:1: unknown value servr
  did you mean 'server'?
my.yaml:3:13: server.replicas must be a whole number; given a text
my.yaml:5:17: server.image.pullPolicy must be 'Always', 'IfNotPresent' or 'Never'; given 'always'
  did you mean 'Always'?
my.yaml:6:10: server.image.tag must be an image tag, for example 1.20.0; given 'no spaces'
my.yaml:7:16: server.tolerations must be a list; given a text
my.yaml:9:7: server.extraEnvVars[0].name is missing
  Name of the variable.
my.yaml:11:3: storage.database.url.name must be set where type is database"""
    )


def test_what_a_chosen_variant_needs_is_asked_for() -> None:
    told = "my.yaml:1:10: storage.database.url.name must be set where type is database"
    assert refusal("storage: {type: database}") == told


def test_switching_a_variant_leaves_the_other_ones_values_alone() -> None:
    file = given("storage: {type: disk, disk: {path: /x}, database: {url: {name: a, key: b}}}")
    assert read(TOY, [file], ["storage.type=database"]).storage.database.url.name == "a"


def test_bounds_are_told() -> None:
    assert refusal("server: {replicas: 10}") == "my.yaml:1:20: server.replicas must be at most 9; given 10"


def test_a_number_is_no_text_and_a_truth_no_number() -> None:
    assert refusal("server: {replicas: true, priorityClassName: 5}") == (
        "my.yaml:1:20: server.replicas must be a whole number; given a boolean\n"
        "my.yaml:1:45: server.priorityClassName must be an object name, for example vault-tls; given a number"
    )


def test_a_wrong_set_names_its_expression() -> None:
    assert refusal("", "server.replicas=many") == (
        "--set server.replicas: server.replicas must be a whole number; given a text"
    )


def test_the_place_is_in_the_file_that_decided() -> None:
    first, second = given("server:\n  replicas: 2\n", "1.yaml"), given("\n\nserver: {replicas: 0}\n", "2.yaml")
    with pytest.raises(ValuesError) as caught:
        read(TOY, [first, second])
    assert str(caught.value) == "2.yaml:3:20: server.replicas must be at least 1; given 0"


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "PGPASSWORD", "vault_token", "API_KEY", "AWS_SECRET_ACCESS_KEY", "DATABASE_URL"]
)
def test_a_variable_named_after_a_credential_takes_no_value(name: str) -> None:
    assert refusal(f"server:\n  extraEnvVars:\n    - name: {name}\n      value: x9Kq2LmZ\n") == (
        "my.yaml:4:14: server.extraEnvVars[0].value holds a credential\n"
        "  keep it in a Secret and refer to it: valueFrom.secretKeyRef, or a field for a Secret's name and key"
    )


@pytest.mark.parametrize("name", ["DB_PASSWORD_FILE", "TOKEN_TTL", "SECRET_PATH", "LOG_LEVEL"])
def test_a_variable_that_only_sounds_like_a_credential_takes_a_value(name: str) -> None:
    file = given(f"server: {{extraEnvVars: [{{name: {name}, value: /x}}]}}")
    assert read(TOY, [file]).server.extra_env_vars[0].value == "/x"


def test_a_variable_named_after_a_credential_takes_a_reference() -> None:
    reference = "{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}"
    (variable,) = read(TOY, [given(f"server: {{extraEnvVars: [{reference}]}}")]).server.extra_env_vars
    assert variable.document()["valueFrom"] == {"secretKeyRef": {"name": "db", "key": "password"}}


@pytest.mark.parametrize("secret", CREDENTIALS.values(), ids=CREDENTIALS)
@pytest.mark.parametrize("path", ["server.image.tag", "server.extraArgs[0]", "commonAnnotations.note", "global.x.y"])
def test_no_message_shows_a_character_of_a_credential(path: str, secret: str) -> None:
    escaped = secret.replace(",", r"\,")
    told = refusal("", f"{path}={escaped}")
    assert "holds a credential" in told
    assert not [secret[start : start + 6] for start in range(len(secret) - 5) if secret[start : start + 6] in told]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "my.yaml:1:1: a values file holds a map\n  write keys and values"),
        ("a: 1\n---\nb: 2\n", "my.yaml:2: a values file holds one document\n  give each its own file"),
    ],
)
def test_a_file_that_is_no_values_document_is_refused(text: str, message: str) -> None:
    assert refusal(text) == message


def test_a_duplicate_key_is_refused_with_its_place() -> None:
    told = "my.yaml:3:3: server.replicas stands here a second time\n  keep one of them; the first is on line 2"
    assert refusal("server:\n  replicas: 1\n  replicas: 2\n") == told


def test_a_missing_file_is_told_by_name() -> None:
    with pytest.raises(ValuesError) as caught:
        read(TOY, ["nowhere.yaml", "elsewhere.yaml"])
    assert str(caught.value) == (
        "nowhere.yaml: cannot be read: No such file or directory\n"
        "elsewhere.yaml: cannot be read: No such file or directory"
    )


def test_an_unknown_profile_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(TOY, profile="hha")
    assert str(caught.value) == "chart toy has no profile 'hha'\n  did you mean 'ha'?"


def test_types_written_in_python_take_both_names() -> None:
    assert Toy(common_labels={"a": "b"}) == Toy(commonLabels={"a": "b"})
