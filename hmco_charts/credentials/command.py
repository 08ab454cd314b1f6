"""Secrets in command lines: options, assignments before a command, scripts and SQL given as one word."""

import re
from collections.abc import Iterator, Sequence

from hmco_charts.credentials import judgement, lexicon, references
from hmco_charts.credentials.hit import Hit, hit

_ASSIGNMENT = re.compile(r"(?P<key>[A-Za-z_][\w.-]*)=(?P<value>.*)", re.DOTALL)
_OPTION = re.compile(r"--?(?P<key>[A-Za-z][\w.-]*)=(?P<value>.*)", re.DOTALL)
_JAVA = re.compile(r"-[DE](?P<key>[\w.-]+)=(?P<value>.*)", re.DOTALL)
_NAME = re.compile(r"--?(?P<key>[A-Za-z][\w.-]*)")
_SCRIPT = re.compile(r"\S\s+-{1,2}\w|\s&&\s|;\s|\s\|\s|^\w+=\S+\s+\S")
_SQL = re.compile(r"\s*(?:CREATE|ALTER|GRANT|SET|INSERT|UPDATE|CHANGE)\s", re.IGNORECASE)
_SQL_CLIENTS = frozenset(
    {"mysql", "mariadb", "mysqladmin", "mysqldump", "mariadb-admin", "mariadb-dump", "mysqlimport", "mysqlshow"}
)
_LOGINS = ("docker", "podman", "helm")
"""Programs whose `-p` is a password with the subcommand `login`."""
_PASSWORD_OPTIONS = {
    **dict.fromkeys(("redis-cli", "valkey-cli"), ("-a", "--pass")),
    **dict.fromkeys(
        ("mongo", "mongosh", "mongodump", "mongorestore", "sshpass", "cqlsh", "kcadm.sh", "beeline", *_LOGINS),
        ("-p",),
    ),
    **dict.fromkeys(("ldapsearch", "ldapadd", "ldapmodify", "ldapwhoami"), ("-w",)),
    **dict.fromkeys(("az", "cypher-shell"), ("-p",)),
    "keytool": ("-storepass", "-keypass", "-deststorepass", "-destkeypass", "-srcstorepass", "-srckeypass"),
    **dict.fromkeys(("snmpget", "snmpgetnext", "snmpbulkwalk", "snmpset", "snmptrap", "snmpwalk"), ("-c", "-A", "-X")),
    "sqlcmd": ("-P",),
    "influx": ("-t",),
}
_BEHIND_SUBCOMMAND = {"rabbitmqctl": ("add_user", "change_password")}
_PLACES = {("mc", "alias", "set"): 6, ("mc", "config", "host", "add"): 7, ("mc", "admin", "user", "add"): 6}
"""By the words that a command line begins with, the place of the secret on it."""
_RESETS = "reset-admin-password"
_FROM_INPUT = re.compile(r"--?(?P<name>[a-z-]*(?:password|token|secret))-(?:from-)?stdin")
_READS_SECRET = {
    "kinit": (),
    "passwd": ("--stdin",),
    "smbpasswd": ("-s",),
    "sudo": ("-S",),
    "vault": ("login", "-"),
}
"""Programs that read a secret from their standard input, with the words that make them."""
_USER_LINE = re.compile(r"^[^:\s]+:(?P<secret>\S+)$", re.MULTILINE)
_PORTS = re.compile(r"[\d.:]+(?:/(?:tcp|udp))?")
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "ksh", "zsh"})
_INLINE = re.compile(r"-[a-z]*c[a-z]*")
_HTPASSWD_BATCH = re.compile(r"-[A-Za-z]*b[A-Za-z]*")
_SPEAKERS = frozenset({"echo", "printf", "logger", "grep", "sed", "awk"})
_USER_OPTION = {
    "curl": ("-u", "--user", "--proxy-user", "-U"),
    "etcdctl": ("--user",),
    "lftp": ("-u", "--user"),
    "smbclient": ("-U", "--user"),
}
_ORACLE_CLIENTS = frozenset({"exp", "expdp", "imp", "impdp", "rman", "sql", "sqlldr", "sqlplus"})
_ORACLE_USER = re.compile(r"[\w$#]+/(?P<secret>[^/@\s]+)@\S+")
_PAIR = re.compile(r"(?P<user>[^:\s]*):(?P<secret>.+)", re.DOTALL)
_PAIRS = {
    "lftp": re.compile(r"(?P<user>[^,\s]*),(?P<secret>.+)"),
    "smbclient": re.compile(r"(?P<user>[^%\s]*)%(?P<secret>.+)"),
}
"""How a program writes user and password in one word, where not with a colon."""


def program(words: Sequence[str]) -> str:
    """The base name of the program that the command line runs; assignments before it are none."""
    first = next((word for word in words if not _ASSIGNMENT.fullmatch(word) and not word.startswith("-")), "")
    return first.rpartition("/")[2]


def is_script(words: Sequence[str], index: int, run: str) -> bool:
    """Whether one word of a command line of the program `run` is a script itself, as behind `sh -c`."""
    bare = references.mask(words[index]).strip()
    is_given = index > 0 and run in _SHELLS and bool(_INLINE.fullmatch(words[index - 1]))
    return is_given or "\n" in bare or is_sql(bare) or (run not in _SPEAKERS and bool(_SCRIPT.search(bare)))


def is_sql(word: str) -> bool:
    """Whether a word is a statement for a database."""
    return bool(_SQL.match(word))


def is_spoken(words: Sequence[str]) -> bool:
    """Whether the command line prints its last word."""
    return len(words) > 1 and words[0] in ("echo", "printf")


def from_input(words: Sequence[str], given: str) -> Iterator[Hit]:
    """The usable secrets that a command line is given on its standard input, where it reads a secret there."""
    if program(words) == "chpasswd":
        for match in _USER_LINE.finditer(given):
            yield from _shifted(judgement.judge("password", match["secret"]), match.start("secret"))
        return
    name = _input_name(words)
    found = judgement.judge(name, given) if name else None
    if found:
        yield found


def _input_name(words: Sequence[str]) -> str:
    """The name of the secret that the command line reads from its standard input; empty where it reads none."""
    told = next((match["name"].replace("-", "_") for word in words if (match := _FROM_INPUT.fullmatch(word))), "")
    needed = _READS_SECRET.get(program(words))
    return told or ("password" if needed is not None and set(needed) <= set(words) else "")


def in_word(words: Sequence[str], index: int, run: str) -> Iterator[Hit]:
    """The usable secrets in one word of the command line, seen with the option before it and the program `run`."""
    word = words[index]
    for form in (_JAVA, _OPTION, _ASSIGNMENT):
        match = form.fullmatch(word)
        if match:
            yield from _of_pair(match)
            return
    shape = judgement.judge("", word)
    if shape:
        yield shape
        return
    yield from _glued(word, run)
    name = _by_position(words, index, run)
    if name:
        yield from _shifted(judgement.judge(name, word), 0)
    elif index:
        yield from _behind_option(words[index - 1], word, run if run not in _LOGINS or "login" in words else "")


def _of_pair(match: re.Match[str]) -> Iterator[Hit]:
    """What `--option=value` holds, or the pair in its value, as in `--from-literal=password=x`."""
    offset = match.start("value")
    found = judgement.judge(match["key"].replace("-", "_"), match["value"])
    inner = _ASSIGNMENT.fullmatch(match["value"])
    if inner and not found:
        offset += inner.start("value")
        found = judgement.judge(inner["key"], inner["value"])
    yield from _shifted(found, offset)


def _by_position(words: Sequence[str], index: int, run: str) -> str:
    """The name of the secret that stands at this place of the command line; empty where none does."""
    if index < len(("program", "subcommand")):
        return ""
    is_behind = words[index - 2] in _BEHIND_SUBCOMMAND.get(run, ())
    if is_behind or any(index == _PLACES.get((run, *words[1:end])) for end in (3, 4)):
        return "password"
    if run in ("grafana", "grafana-cli") and words[index - 1] == _RESETS and not words[index].startswith("-"):
        return "password"
    if words[index - 2].lower() == "set" and lexicon.strength(words[index - 1]) in {"password", "secret"}:
        return words[index - 1]
    is_batch = run == "htpasswd" and any(map(_HTPASSWD_BATCH.fullmatch, words))
    return "password" if is_batch and index == len(words) - 1 else ""


def _glued(word: str, program: str) -> Iterator[Hit]:
    """`-psecret` of the MySQL clients; a number there is more often meant as a port."""
    if program in _SQL_CLIENTS and word.startswith("-p") and len(word) > len("-p") and references.literal(word[2:]):
        yield hit("option", "low" if word[2:].isdigit() else "medium", word, (2, len(word)), "-p")
    if program == "openssl" and word.startswith("pass:") and references.literal(word[len("pass:") :]):
        yield hit("option", "medium", word, (len("pass:"), len(word)), "pass")
    oracle = _ORACLE_USER.fullmatch(word) if program in _ORACLE_CLIENTS else None
    if oracle and references.literal(oracle["secret"]):
        yield hit("option", "high", word, oracle.span("secret"), "password")
    if program == "curl" and word.startswith("-u") and len(word) > len("-u"):
        yield from _pair(word, len("-u"))


def _behind_option(option: str, word: str, program: str) -> Iterator[Hit]:
    if option in _USER_OPTION.get(program, ()):
        yield from _pair(word, 0, _PAIRS.get(program, _PAIR))
    elif option in _PASSWORD_OPTIONS.get(program, ()):
        if references.literal(word) and not word.startswith("-") and not _PORTS.fullmatch(word):
            yield hit("option", "medium", word, (0, len(word)), option)
    else:
        name = _NAME.fullmatch(option)
        if name and not word.startswith("-") and lexicon.strength(name["key"]) in {"password", "secret"}:
            yield from _shifted(judgement.judge(name["key"].replace("-", "_"), word), 0)


def _pair(word: str, offset: int, form: re.Pattern[str] = _PAIR) -> Iterator[Hit]:
    match = form.fullmatch(word, offset)
    if match and references.HIDDEN not in references.mask(match["secret"]) and references.literal(match["secret"]):
        yield hit("option", "high", word, match.span("secret"), "-u")


def _shifted(found: Hit | None, offset: int) -> Iterator[Hit]:
    if found:
        yield found.moved(offset)
