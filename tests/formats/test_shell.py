"""What the shell reader gives: variables, commands and heredocs."""

import pytest

from hmco_charts.formats import shell
from hmco_charts.formats.entry import Entry, Fault
from hmco_charts.formats.shell import Heredoc, Word

from .reading import entries, slices


def words(text):
    return [[word.text for word in command.words] for command in shell.commands(text)]


def test_an_entry_has_exact_places():
    text = "export DB_PASSWORD='s3 cret'\n"
    assert shell.read(text).entries == (Entry((), "DB_PASSWORD", "s3 cret", 20, 27, 7, 18),)


def test_variables_alone_before_a_command_and_declared():
    text = 'A=1\nB="x\\"y$Z" C=$(cat "/f g") psql D=no\nreadonly E=a\'b\'c; if [ -n "$A" ]; then F+=f; fi\n'
    assert entries(shell.read(text)) == [
        ((), "A", "1"),
        ((), "B", 'x"y$Z'),
        ((), "C", '$(cat "/f g")'),
        ((), "E", "abc"),
        ((), "F", "f"),
    ]
    assert slices(text, shell.read(text))[1] == ("B", 'x\\"y$Z')


def test_commands_end_at_operators_and_reserved_words_are_left_out():
    text = (
        "set -e; if [ -f /x ]; then vault login \\\n  token=t && echo a || { b; }\n"
        "fi # c\n(cd /y | tee z) >/dev/null 2>&1\n"
    )
    assert words(text) == [
        ["set", "-e"],
        ["[", "-f", "/x", "]"],
        ["vault", "login", "token=t"],
        ["echo", "a"],
        ["b"],
        ["cd", "/y"],
        ["tee", "z"],
    ]


def test_a_word_knows_its_place_and_its_quotes():
    text = "psql -c \"SELECT 'x'\" --pw='a b' 'c'"
    [command] = shell.commands(text)
    assert command.words == (
        Word("psql", 0, 4),
        Word("-c", 5, 7),
        Word("SELECT 'x'", 9, 19, '"'),
        Word("--pw=a b", 21, 31),
        Word("c", 33, 34, "'"),
    )


def test_a_here_string_is_what_the_command_reads():
    (command,) = shell.commands('tee -a /x.hcl <<< "a = \\"b\\""')
    assert [word.text for word in command.words] == ["tee", "-a", "/x.hcl"]
    assert command.heredocs == (Heredoc('a = "b"', 19, 28, "/x.hcl"),)


@pytest.mark.parametrize(
    "text", ["{ echo a; echo b; } > /f", "( echo a\necho b ) > /f", "for x in 1; do\necho a\necho b\ndone > /f"]
)
def test_the_commands_of_a_group_write_to_its_file_one_after_the_other(text: str):
    written = [(each.words[1].text, each.appends) for each in shell.commands(text) if each.target == "/f"]
    assert written == [("a", False), ("b", True)]


def test_the_branch_of_a_case_closes_no_group():
    (echo,) = (
        each for each in shell.commands("{ case $x in a) y;; esac; echo b; } > /f") if each.words[0].text == "echo"
    )
    assert echo.target == "/f"


def test_heredocs_know_their_file():
    text = (
        "cat > /vault/config/x.hcl <<EOF\nui = true\nEOF\n"
        "cat <<-'END' | sed s/a/b/ | tee -a /x.json\n\t{}\n\tEND\n"
        "psql <<SQL\nSELECT 1;\nSQL\necho done\n"
    )
    heredocs = [heredoc for command in shell.commands(text) for heredoc in command.heredocs]
    assert heredocs == [
        Heredoc("ui = true\n", 32, 42, "/vault/config/x.hcl"),
        Heredoc("{}\n", 89, 93, "/x.json"),
        Heredoc("SELECT 1;\n", 109, 119, ""),
    ]
    assert words(text)[-1] == ["echo", "done"]


def test_what_is_never_closed_is_a_fault():
    assert shell.read("echo 'x\n").faults == (Fault(5, "a string is never closed"),)
    assert shell.read("cat <<E\nx\n").faults == (Fault(4, "a heredoc is never closed"),)
