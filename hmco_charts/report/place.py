"""How files are named for programs that look for them in a repository."""

from pathlib import Path


def relative(file: str) -> str:
    """The file as seen from the current folder, where it lies below it; with slashes, without `./`."""
    if "://" in file:
        return file
    path, here = Path(file), Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
