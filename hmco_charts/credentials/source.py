"""Texts without a reader: program source, nginx blocks, notes. Their comments, and the literals they assign."""

import re
from collections.abc import Iterator

from hmco_charts.formats.entry import Entry

_COMMENT = re.compile(
    r"""
      ^[ \t]*(?:\#|//(?!\S+:_|[\w.-]+/\S*[ \t]+/)|--\s|;|%(?![a-z])|\bREM\b|"\s)[^\n]*
    | (?<=[\s;{}()])(?:\#|//)[ \t][^\n]*
    | /\*(?s:.*?)\*/ | <!--(?s:.*?)-->
    """,
    re.VERBOSE | re.MULTILINE,
)
_SOURCE_NAME = re.compile(
    r"\.(?:py|js|mjs|cjs|ts|tsx|jsx|go|java|kt|scala|groovy|gradle|rb|php|pl|lua|rs|cs|c|h|cpp|r|ps1|css|scss|less|html?"
    r"|vue|svelte|md|rst|proto|avsc|graphql|grok|rego|jsonnet|libsonnet|cue|star|bzl|tf|vcl|alloy|river)$",
    re.IGNORECASE,
)
_ARROW = re.compile(r"^\s*[\w\"'.-]+\s*=>\s*[\"'\[{\d]|\{\s*[\w\"'.-]+\s*=>\s", re.MULTILINE)
_SECTION = re.compile(r"^\[[\w :.-]+\](?:\([^()\n]*\))?[ \t]*$", re.MULTILINE)
"""A section of Asterisk, whose settings may have an arrow too."""
_SOURCE_START = re.compile(
    r"\A\s*(?:\[\s*\{\s*[a-z]\w*\s*,"
    r"|#![^\n]*(?:python|node|perl|ruby|php|lua)|<\?php|<!DOCTYPE html|<html|package\s+[\w.]+;?\s*$"
    r"|(?:from\s+\S+\s+)?import\s|['\"]use strict|(?:module\.)?exports\s*="
    r"|function\s+\w+\s*\(|(?:export\s+)?(?:const|let|var)\s+\w+"
    r"|def\s+\w+\(|class\s+\w+|public\s+class|local\s+\w+\s*=|syntax\s*=\s*\"proto)",
    re.MULTILINE,
)
_ASSIGNMENT = re.compile(
    r"""
    (?P<callee>\b(?:define|set|put|setProperty|setenv|putenv|config|option|SetEnv|setdefault)[ \t]*\([ \t]*["'])?
    (?<![\w.$-])(?P<key>[A-Za-z_$][\w.$-]{0,80}) [ \t]{0,40} (?:["']\]?)? [ \t]{0,40}
    (?(callee),|(?::[ \t]*(?:str|string|String|&str)[ \t]*=|:=|=>|\|\|=|=|:)) [ \t]*
    (?P<call>(?:[\w.]+\([ \t]*["'][\w.]+["'][ \t]*,|\w*Field\(\s*(?:default[ \t]*=)?
              |[\w.]+[ \t]*(?:\|\||\?\?|or))[ \t]*)?
    (?P<quote>["'`])(?P<value>[^"'`\n]{1,4000})(?P=quote)
    """,
    re.VERBOSE,
)
_SPACED = re.compile(
    r"^[ \t]*(?P<key>[A-Za-z_][\w.-]{0,80})[ \t]+[\"']?(?P<value>[^\s\"';=:{}]+=*)[\"']?;?[ \t]*$", re.MULTILINE
)
_TERM = re.compile(r"\{\s*(?P<key>[a-z]\w{0,80})\s*,\s*(?:<<)?\"(?P<value>[^\"\n]{1,4000})\"(?:>>)?\s*\}")
"""A setting of Erlang: `{default_pass, <<"x">>}`."""
_CONSTANT = re.compile(r"\b(?:const|final|static)\b")
_IMAGE_VARIABLE = re.compile(
    r"^[ \t]*(?:ENV|ARG)[ \t]+(?P<key>[A-Za-z_]\w*)(?:=|[ \t]+)[\"']?(?P<value>(?<=[\"'])[^\"'\n]+|[^\s\"']+)",
    re.MULTILINE,
)
_READ_FROM_ENVIRONMENT = re.compile(r"\w*(?:getenv|environ|env|config|get|field)\w*", re.IGNORECASE)


def is_source(text: str, name: str) -> bool:
    """Whether the text is a program's source or prose, where a name before a sign does not yet mean a setting."""
    if _SOURCE_NAME.search(name) or _SOURCE_START.match(_head(text)):
        return True
    return bool(_ARROW.search(text)) and not _SECTION.search(text)


def _head(text: str) -> str:
    """The text from its first line that is no comment on."""
    return (
        text
        if text.startswith("#!")
        else re.sub(r"\A(?:\s*(?:#|//)[^\n]*\n|\s*/\*.{0,4000}?\*/)+", "", text, flags=re.DOTALL)
    )


def without_comments(text: str) -> str:
    """The text with its comments blanked, offsets unchanged."""
    return _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def spaced(text: str) -> Iterator[Entry]:
    """The lines that are a key and a value of one word each, without a sign between them."""
    for match in _SPACED.finditer(text):
        yield Entry((), match["key"], match["value"], *match.span("value"), *match.span("key"))


def _is_name_of_a_field(text: str, assignment: re.Match[str]) -> bool:
    """Whether a constant of a program is another name for a word: `static final String PASSWORD = "password"`."""
    is_same = assignment["key"].isupper() and assignment["key"].lower() == assignment["value"]
    return is_same and bool(_CONSTANT.search(text, text.rfind("\n", 0, assignment.start()) + 1, assignment.start()))


def variables(text: str) -> Iterator[Entry]:
    """The variables that a Dockerfile sets: `ENV KEY=value`, `ENV KEY value`, `ARG KEY=value`."""
    for match in _IMAGE_VARIABLE.finditer(text):
        yield Entry((), match["key"], match["value"], *match.span("value"), *match.span("key"))


def literals(text: str) -> Iterator[Entry]:
    """Every quoted literal that the text names: `password = "x"`, `define('PASSWORD', 'x')`, `{password, "x"}`."""
    for match in _ASSIGNMENT.finditer(text):
        if _is_name_of_a_field(text, match) or (match["call"] and not _READ_FROM_ENVIRONMENT.search(match["call"])):
            continue
        yield Entry((), match["key"], match["value"], *match.span("value"), *match.span("key"))
    for match in _TERM.finditer(text):
        yield Entry((), match["key"], match["value"], *match.span("value"), *match.span("key"))
