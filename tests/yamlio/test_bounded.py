import os
import threading
from pathlib import Path

import pytest

from hmco_charts.errors import DocumentError
from hmco_charts.yamlio.bounded import read_bytes


def test_a_pipe_that_the_shell_handed_over_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    threading.Timer(0.1, lambda: (os.write(writing, b"a: 1\n"), os.close(writing))).start()
    assert read_bytes(Path(f"/dev/fd/{reading}")) == b"a: 1\n"
    os.close(reading)


def test_a_pipe_in_a_folder_is_refused_without_a_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "values.yaml")
    with pytest.raises(DocumentError, match="not a regular file"):
        read_bytes(tmp_path / "values.yaml")
