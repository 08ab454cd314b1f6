"""Which format a text is in: by its name first, then by its content."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

_DISGUISE = re.compile(r"\.(?:tmpl|tpl|j2|jinja2?|ctmpl|gotmpl|template|example|sample|dist|default|bak)$")
_SUFFIXES = {
    suffix: name
    for name, suffixes in {
        "hcl": ".hcl .tf .tfvars .nomad",
        "json": ".json .json5 .jsonc .webmanifest",
        "yaml": ".yaml .yml",
        "properties": ".properties",
        "ini": ".ini .conf .cnf .cfg .config",
        "xml": ".xml .xsl .xslt .xsd .svg",
        "dotenv": ".env",
        "sql": ".sql .ddl .psql .cql .cypher",
        "shell": ".sh .bash .ash .ksh .zsh .envrc",
        "pgpass": ".pgpass",
        "docker_auth": ".dockerconfigjson .dockercfg",
        "toml": ".toml",
        "hocon": ".hocon",
        "plain": ".md .rst .crt .pem .cer .key .pub .html .css .js .mjs .ts .py .go .rb .lua .java .groovy",
    }.items()
    for suffix in suffixes.split()
}
_NAMES = {
    "application.conf": "hocon",
    "reference.conf": "hocon",
    "pgpass": "pgpass",
    "env": "dotenv",
    **dict.fromkeys(
        (
            "redis.conf",
            "sentinel.conf",
            "postgresql.conf",
            "postgresql.auto.conf",
            "pg_hba.conf",
            "pg_service.conf",
            "pgbouncer.ini",
            "userlist.txt",
            "my.cnf",
            "nginx.conf",
            "zoo.cfg",
            "haproxy.cfg",
            "grafana.ini",
            "odbc.ini",
        ),
        "ini",
    ),
}
_FAMILY = {".conf": "ini", ".cfg": "ini", ".config": "ini"}
"""Suffixes that say no more than "settings": the content decides, with this as the last resort."""

_SETTINGS = frozenset({"json", "docker_auth", "xml", "hcl", "hocon", "yaml", "toml", "ini"})
_CONTRADICTIONS = {
    "json": frozenset({"yaml", "hcl", "hocon", "xml", "ini", "properties", "toml", "shell", "sql", "dotenv"}),
    "xml": frozenset({"yaml", "hcl", "hocon", "json", "ini", "properties", "toml", "shell", "sql", "dotenv"}),
    "yaml": frozenset({"json", "docker_auth", "xml", "hcl"}),
    "hcl": frozenset({"xml", "yaml"}),
    "properties": frozenset({"json", "xml"}),
    "ini": frozenset({"json", "xml"}),
    "dotenv": frozenset({"json", "xml"}),
    "toml": frozenset({"json", "xml", "yaml"}),
    "hocon": frozenset({"xml"}),
    "pgpass": frozenset({"json", "xml"}),
    "docker_auth": frozenset({"yaml", "xml", "ini"}),
}


def detect(text: str, name: str = "", hint: str | None = None) -> str:
    """The name of the text's format; `plain` where it is none that has settings.

    Args:
        text: The whole text.
        name: The file's name or the ConfigMap's key; endings such as `.tmpl` are looked through.
        hint: The format that the consumer of the text expects; goes before the name.
    """
    content = _by_content(text)
    suffix, named = _by_name(name)
    for expected in (hint, named):
        if expected and content not in _CONTRADICTIONS.get(expected, ()):
            return content if expected == _FAMILY.get(suffix) and content in _SETTINGS else expected
    return content


def _by_name(name: str) -> tuple[str, str | None]:
    """The name's telling suffix (empty for a name known as a whole) and the format that it stands for."""
    path = PurePosixPath(_DISGUISE.sub("", name.lower()))
    if path.name in _NAMES:
        return "", _NAMES[path.name]
    suffix = path.suffix or (path.name if path.name.startswith(".") else "")
    return suffix, _SUFFIXES.get(suffix)


_HEAD = 32_768
_LINES = 200
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_INSIGNIFICANT = re.compile(r"\s*(?:[#;!*]|//|/\*|--(?:[^-]|$)|$)")
_JSON = re.compile(r"\{\s*(?:[\"}]|$)|\[\s*(?:\{(?!\s*[a-z]\w*\s*,)|[\"\]]|-?\d[\d.eE+-]*\s*(?:,|\]\s*\Z)|\[[^\w])")
_BRACES = re.compile(r"\{(?!\{)")
_XML = re.compile(r"<[?!\w]")
_SHELL_SHEBANG = re.compile(r"#!.*\b(?:a|ba|da|k|z)?sh\b")
_PGPASS = re.compile(r"[^:\s]+:(?:\d+|\*):[^:\s]+:[^:\s]+:[^:]+$")
_YAML = re.compile(r"---(?:\s|$)|%YAML|-\s|(?:\"[^\"]*\"|'[^']*'|[\w./$@-]+):(?:\s+[^{\s].*[^{,;]|\s+[^{;,]|\s*)$")
_SQL = re.compile(
    r"(?i)(?:create\s+(?:or|user|role|database|table|extension|schema|login|server|subscription|group|function|unique"
    r"|index|if|temp)|alter\s+(?:user|role|database|table|login|system|default|server|schema)|insert\s+into|grant\s"
    r"|revoke\s|select\s|set\s+password|drop\s+\w|do\s+(?:\$|\w+\s+\$)|begin\s*;|use\s+\w+\s*;|\\(?:c|connect|set)\s)"
)
_SHELL = re.compile(
    r"(?:set\s+-[a-z]|if\s+!?\s*\[|while\s|for\s+\w+\s+in\s|cat\s[^=]*<<|echo\s|exec\s|fi$|done$|esac$|function\s+\w"
    r"|\w+\s*\(\)\s*\{|psql\s|vault\s+\w+\s|mkdir\s|cp\s|chmod\s|apk\s|curl\s|case\s.*\sin$|\.\s+/)"
)
_ASSIGNMENT = re.compile(r"(?:export\s+)?[A-Za-z_]\w*=")
_LABELLED = re.compile(r"\"?[\w-]+\"?(?:\s+\"[^\"]*\")+\s*=?\s*\{")
_OPENING = re.compile(r"[^={:]*\s*[=:]?\s*\{\s*(?:#.*|//.*|\w[^;]*)?\}?\s*$")
_HOCON = re.compile(
    r"[\w\"-]+\.[\w.\"-]+\s*(?:[={:]|\+=)|include\s+[\w\"(]|[^\"#]*[=:]\s*\$\{|[\w\"-]+\s*:\s|[\w-]+\s*:\s*\{"
)
_SECTION = re.compile(r"\[{1,2}[^\[\]]+\]{1,2}\s*(?:[#;].*)?$")
_TOML_VALUE = re.compile(
    r"[\w.\"'-]+\s*=\s*(?:\"|'|\[|\{|true\b|false\b|[-+]?\d[\d_.:TZeE+-]*\s*(?:#.*)?$|\]|\"\"\")|[\"'\]}]"
)
_QUOTED_VALUE = re.compile(r"[\w.\"'-]+\s*=\s*[\"'\[{]")
_ENVIRONMENT = re.compile(r"(?:export\s+)?[A-Z_][A-Z0-9_]*=")
_BLOCK = re.compile(r"^[A-Za-z][\w.-]*[ \t]*\{[ \t]*$", re.MULTILINE)
"""A line that begins a block, and that YAML cannot hold without indentation: NATS' `cluster {` behind `port: 4222`."""
_PAIR = re.compile(r"[^\s=:<>{}()]+\s*(?:=(?![=>])|:\s)")
_DIRECTIVE = re.compile(r"(?:requirepass|masterauth|masteruser|sentinel\s+auth-pass|user\s+\S+\s+(?:on|off))\s")


def _by_content(text: str) -> str:
    head = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if head.startswith("#!"):
        return "shell" if _SHELL_SHEBANG.match(head) else "plain"
    head = _TEMPLATE.sub("", head).lstrip()
    if _XML.match(head):
        return "xml"
    if _JSON.match(head):
        return "docker_auth" if '"auths"' in head else "json"
    if _BRACES.match(head):
        return "hocon"
    lines = [line.strip() for line in head.splitlines() if not _INSIGNIFICANT.match(line)][:_LINES]
    form = _by_lines(lines) if lines else "plain"
    return _of_braces(lines) if form == "yaml" and _BLOCK.search(head) else form


def _by_lines(lines: Sequence[str]) -> str:
    if _PGPASS.match(lines[0]):
        return "pgpass"
    if _SQL.match(lines[0]):
        return "sql"
    if _YAML.match(lines[0]):
        return "yaml"
    if any(_LABELLED.match(line) for line in lines):
        return "hcl"
    if _mostly(_ENVIRONMENT, lines):
        return "dotenv"
    if any(_SHELL.match(line) for line in lines) and not _SECTION.match(lines[0]):
        return "shell"
    if any(_SQL.match(line) for line in lines):
        return "sql"
    if any(_OPENING.match(line) for line in lines):
        return _of_braces(lines)
    return _of_pairs(lines)


def _of_braces(lines: Sequence[str]) -> str:
    if any(line.endswith(";") for line in lines):
        return "ini"
    return "hocon" if any(_HOCON.match(line) for line in lines) else "hcl"


def _of_pairs(lines: Sequence[str]) -> str:
    sections = any(_SECTION.match(line) for line in lines)
    settings = [line for line in lines if not _SECTION.match(line)]
    if any(map(_QUOTED_VALUE.match, settings)) and all(map(_TOML_VALUE.match, settings)):
        return "toml"
    if sections and (not settings or any(map(_PAIR.match, settings))):
        return "ini"
    if any(map(_DIRECTIVE.match, lines)):
        return "ini"
    if all(map(_ASSIGNMENT.match, lines)):
        return "dotenv"
    return "properties" if _mostly(_PAIR, lines) else "plain"


def _mostly(pattern: re.Pattern[str], lines: Sequence[str]) -> bool:
    """Whether more than two lines in three match."""
    return 3 * sum(1 for line in lines if pattern.match(line)) > 2 * len(lines)
