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
_SHORT_PASSWORD = {
    "redis-cli": ("-a", "--pass"), "valkey-cli": ("-a", "--pass"), "mongo": ("-p",), "mongosh": ("-p",), "mongodump": ("-p",), "sshpass": ("-p",),
    "ldapsearch": ("-w",), "ldapadd": ("-w",), "ldapmodify": ("-w",), "sqlcmd": ("-P",), "cqlsh": ("-p",), "docker": ("-p",), "helm": ("-p",),
    "keytool": ("-storepass", "-keypass"), "kcadm.sh": ("-p",), "cypher-shell": ("-p",), "influx": ("-t",), "beeline": ("-p",)
}  # fmt: skip
_USER_OPTION = {"curl": ("-u", "--user", "--proxy-user", "-U")}
_PAIR = re.compile(r"(?P<user>[^:\s]*):(?P<secret>.+)", re.DOTALL)


def program(words: Sequence[str]) -> str:
    """The base name of the program that the command line runs; assignments before it are none."""
    first = next((word for word in words if not _ASSIGNMENT.fullmatch(word) and not word.startswith("-")), "")
    return first.rpartition("/")[2]


def is_script(word: str) -> bool:
    """Whether one word of a command line is a script itself, as behind `sh -c`."""
    return "\n" in word.strip() or is_sql(word) or bool(_SCRIPT.search(word))


def is_sql(word: str) -> bool:
    """Whether a word is a statement for a database."""
    return bool(_SQL.match(word))


def in_word(words: Sequence[str], index: int, run: str) -> Iterator[Hit]:
    """The usable secrets in one word of the command line, seen with the option before it and the program `run`."""
    word = words[index]
    for form in (_JAVA, _OPTION, _ASSIGNMENT):
        match = form.fullmatch(word)
        if match:
            yield from _shifted(
                judgement.judge(match["key"].replace("-", "_"), match["value"]), match.start("value"), word
            )
            return
    shape = judgement.judge("", word)
    if shape:
        yield shape
        return
    yield from _glued(word, run)
    if index:
        yield from _behind_option(words[index - 1], word, run)


def _glued(word: str, program: str) -> Iterator[Hit]:
    """`-psecret` of the MySQL clients; a number there is more often meant as a port."""
    if program in _SQL_CLIENTS and word.startswith("-p") and len(word) > len("-p") and references.literal(word[2:]):
        yield hit("option", "low" if word[2:].isdigit() else "medium", word, (2, len(word)), "-p")
    if program == "curl" and word.startswith("-u") and len(word) > len("-u"):
        yield from _pair(word, len("-u"))


def _behind_option(option: str, word: str, program: str) -> Iterator[Hit]:
    if option in _USER_OPTION.get(program, ()):
        yield from _pair(word, 0)
    elif option in _SHORT_PASSWORD.get(program, ()):
        if references.literal(word) and not word.startswith("-"):
            yield hit("option", "medium", word, (0, len(word)), option)
    else:
        name = _NAME.fullmatch(option)
        if name and not word.startswith("-") and lexicon.strength(name["key"]) in {"password", "secret"}:
            yield from _shifted(judgement.judge(name["key"].replace("-", "_"), word), 0, word)


def _pair(word: str, offset: int) -> Iterator[Hit]:
    match = _PAIR.fullmatch(word, offset)
    if match and references.HIDDEN not in references.mask(match["secret"]) and references.literal(match["secret"]):
        yield hit("option", "high", word, match.span("secret"), "-u")


def _shifted(found: Hit | None, offset: int, word: str) -> Iterator[Hit]:
    if found:
        yield hit(found.kind, found.confidence, word, (found.start + offset, found.end + offset), found.key)
