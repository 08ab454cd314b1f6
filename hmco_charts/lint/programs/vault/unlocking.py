"""How the user's configuration can say that Vault shall not lock its memory."""

from hmco_charts.formats import hcl
from hmco_charts.lint.edits import insert_in_line, insert_line
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.programs.environment import Environment
from hmco_charts.lint.programs.vault.configuration import boolean, setting
from hmco_charts.lint.programs.vault.locking import OVERRIDE, SETTING
from hmco_charts.lint.programs.vault.servers import Server
from hmco_charts.lint.programs.vault.storage import storage
from hmco_charts.objects import Text


def unlock(server: Server, environment: Environment) -> tuple[Fix, ...]:
    """Turn the lock off where it is turned on: in the environment, in a setting, or by writing the setting.

    Returns:
        Nothing where no text is at hand that can be edited: it is encoded, or comes from elsewhere.
    """
    override = environment.first(OVERRIDE)
    if override:
        return _replaced(override[1], 0, len(override[1].value), OVERRIDE) if override[1] else ()
    for text in server.configurations:
        entry = setting(hcl.parse(text.value), SETTING)
        if entry and boolean(entry.value) is False:
            return _replaced(text, entry.start, entry.end, SETTING)
    found = storage(server)
    texts = [found.text] if found else server.configurations
    return _written(texts[0]) if texts else ()


def _replaced(text: Text, start: int, end: int, name: str) -> tuple[Fix, ...]:
    edit = Edit(text.span(start, end), ("true",))
    return () if text.encoded else (Fix(f"Set {name} to true", (edit,), is_safe=False),)


def _written(text: Text) -> tuple[Fix, ...]:
    """The setting written at the top of a configuration, in its own form."""
    first = len(text.value) - len(text.value.lstrip())
    is_json = text.value[first : first + 1] == "{"
    if is_json:
        edits = insert_in_line(text, first + 1, f'"{SETTING}": true, ')
    else:
        edits = insert_line(text, first, f"{SETTING} = true")
    return (Fix(f"Write {SETTING} = true", edits, is_safe=False),) if edits else ()
