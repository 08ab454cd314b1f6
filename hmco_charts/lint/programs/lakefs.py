"""lakeFS: which containers run it, and what it is told by its file and its environment.

Sources: treeverse/lakeFS 1.84.0, `cmd/lakefs/cmd/root.go` (file, prefix, order), `pkg/config/config.go` (keys).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts import formats
from hmco_charts.lint.programs.environment import Environment, environment
from hmco_charts.lint.programs.setting import Setting, of_variable
from hmco_charts.nearest import nearest
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.remembering import remembered

_IMAGES = ("lakefs", "lakefs-enterprise")
_PREFIX = "LAKEFS_"
_USUAL_FILE = "/etc/lakefs/config.yaml"
_OPTIONS = ("--config", "-c")
DEVELOPMENT = ("--quickstart", "--local-settings")
"""Options with which settings have defaults that everybody knows."""
KNOWN = {
    "": "actions auth blockstore blockstores committed database email_subscription features gateways graveler iceberg"
    " installation listen_address logging plugins security stats tls ugc ui usage_report",
    "auth": "api authentication_api cache cookie_auth_verification encrypt login_duration login_max_duration"
    " logout_redirect_url oidc remote_authenticator ui_config",
    "auth.encrypt": "secret_key",
    "blockstore": "azure default_namespace_prefix gs local s3 signing type",
    "blockstore.s3": "client_log_request client_log_retries credentials credentials_file disable_pre_signed"
    " disable_pre_signed_multipart disable_pre_signed_ui discover_bucket_region endpoint force_path_style max_retries"
    " pre_signed_endpoint pre_signed_expiry profile region s3_auth_info server_side_encryption"
    " server_side_encryption_kms_key_id skip_verify_certificate_test_only web_identity",
    "blockstore.s3.credentials": "access_key_id secret_access_key session_token",
    "blockstore.signing": "secret_key",
    "database": "cosmosdb drop_tables dynamodb local postgres redis type",
    "database.postgres": "connection_max_lifetime connection_string max_idle_connections max_open_connections metrics"
    " scan_page_size",
    "gateways.s3": "domain_name fallback_url region verify_unsupported",
    "logging": "audit_log_level file_max_size_mb files_keep format level output trace_request_headers",
    "stats": "address enabled extended flush_interval flush_size",
    "tls": "cert_file enabled key_file",
}
"""Keys by their section, as far as slips of the pen are looked for."""


def meant(variable: str) -> str:
    """The variable that one with a slip in its name was meant to be; empty where each part is known, or like none."""
    section, rest = "", variable.removeprefix(_PREFIX).lower()
    while rest and section in KNOWN:
        names = KNOWN[section].split()
        name = max((each for each in names if f"{rest}_".startswith(f"{each}_")), key=len, default="")
        if not name:
            return _mended(section, rest, names)
        section, rest = f"{section}.{name}".lstrip("."), rest[len(name) + 1 :]
    return ""


def _mended(section: str, rest: str, names: list[str]) -> str:
    """The variable of a section in which the first words of the rest are replaced by the name that they are like."""
    words = rest.split("_")
    parts = [("_".join(words[:count]), words[count:]) for count in range(1, len(words) + 1)]
    mended = ["_".join((name, *behind)) for part, behind in parts if (name := nearest(part, names))]
    found = nearest(rest, mended)
    return _PREFIX + "_".join(filter(None, (*section.split("."), found))).upper() if found else ""


@dataclass(frozen=True)
class Server:
    """A container that runs lakeFS.

    Attributes:
        container: The container.
        environment: Its variables.
        entries: The settings of its file by dotted key.
        is_complete: Whether it is told nothing else.
    """

    container: Container
    environment: Environment
    entries: dict[str, Setting]
    is_complete: bool

    def told(self, key: str) -> Setting | None:
        """What it is told for a dotted key; a variable that is not empty wins over the file."""
        name = _PREFIX + key.upper().replace(".", "_")
        return of_variable(self.container, self.environment, name) or self.entries.get(key)

    @property
    def is_for_development(self) -> bool:
        """Whether an option gives settings defaults that everybody knows."""
        return any(word in DEVELOPMENT for word in (*self.container.command, *self.container.args))


@remembered
def servers(release: Release) -> tuple[Server, ...]:
    """The lakeFS servers of a release; Jobs that use its image are none."""
    found = (each for each in release.containers if each.role == "container" and each.image.base in _IMAGES)
    return tuple(_server(release, each) for each in found if each.pod.object.kind not in ("Job", "CronJob", "Pod"))


def _server(release: Release, container: Container) -> Server:
    path = _file(container)
    files = [each.text for each in release.files(container) if each.path == path]
    found = environment(release, container)
    is_known = bool(files) or not container.in_volume(path)[0]
    entries = {key: setting for text in files for key, setting in _entries(text)}
    return Server(container, found, entries, found.is_complete and is_known)


def _file(container: Container) -> str:
    words = [*container.command, *container.args]
    for word, following in zip(words, [*words[1:], ""], strict=False):
        name, _, value = word.partition("=")
        if name in _OPTIONS:
            return value or following
    return _USUAL_FILE


def _entries(text: Text) -> Iterator[tuple[str, Setting]]:
    for entry in formats.read(text.value, text.name, "yaml").entries:
        value = "" if entry.value is None else str(entry.value)
        span, locator = text.span(entry.key_start, entry.end), text.locator(entry.key_start)
        yield ".".join((*entry.path, entry.key)), Setting(value, text.object, span, locator)
