"""Patterns of files in the configuration: relative to its folder, `*` stands for anything, `/` included."""

import glob
import os.path
from fnmatch import fnmatchcase
from pathlib import Path


def anchored(pattern: str, folder: Path) -> str:
    """The pattern as an absolute one."""
    return os.path.join(glob.escape(str(folder.absolute())), pattern.rstrip("/"))  # noqa: PTH118 - Path folds `..`


def matches(file: str | Path, pattern: str) -> bool:
    """Whether a file, or a folder above it, is meant by an anchored pattern."""
    path = os.path.abspath(file)  # noqa: PTH100 - resolve() would follow links, and the user wrote the link's name
    spellings = {pattern, pattern.replace("/**/", "/")}
    return any(fnmatchcase(path, each) or fnmatchcase(path, f"{each}/*") for each in spellings)
