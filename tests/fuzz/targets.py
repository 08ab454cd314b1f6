"""What is fuzzed: every reader of ours, each with what must hold for any input.

A target takes bytes and raises where the promise is broken: an exception that is not the reader's own, an offset
outside of the text, a value that another reader of the same text contradicts.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from hmco_charts import configuration, credentials, formats, quantity, yamlio
from hmco_charts.errors import ChartError, ConfigurationError, DocumentError, HmcoChartsError, Location
from hmco_charts.formats import ddl, link, pem
from hmco_charts.helm import files
from hmco_charts.inputs import content
from hmco_charts.lint import baseline
from hmco_charts.lint.programs import certificates
from hmco_charts.lint.suppression import Source
from hmco_charts.lint.suppression.comments import comments
from hmco_charts.lint.suppression.directive import parse
from hmco_charts.objects import selector, sketch
from hmco_charts.objects.image import Image
from hmco_charts.objects.manifests import Found
from hmco_charts.publish import ignore, reference
from hmco_charts.report import masking
from hmco_charts.values import assignment, charts, documents
from hmco_charts.yamlio import Document, Span, fast, reader
from tests.formats.reading import assert_sound

Target = Callable[[bytes], None]
TODAY = date(2026, 11, 24)
NOWHERE = Span("f", 1, 1, 1, 1)


def text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def read_yaml(data: bytes) -> None:
    found = list(yamlio.documents(text(data), "f.yaml"))
    for each in found:
        if isinstance(each, Document):
            json.dumps(each.value, allow_nan=False).encode()
            each.span(("a", 0, "b"))
            list(yamlio.duplicates(each))


def read_fast(data: bytes) -> None:
    whole = text(data)
    parts = fast.parts(whole)
    chunks = [chunk for chunk, _ in reader.chunks(whole)]
    if parts:
        assert "".join(part for part, _ in parts) == whole
        assert [part for part, value in parts if value is not None] == chunks
        assert all(value == reader.exact(part, Location("f")) for part, value in parts)
    for chunk in chunks:
        value = fast.value(chunk)
        if value is not fast.LEFT:
            assert value == reader.exact(chunk, Location("f"))


def read_manifest(data: bytes) -> None:
    found = Found()
    with suppress(DocumentError):
        found.take(yamlio.documents(content.decoded(data, "f.yaml"), "f.yaml"))
    for each in found.objects:
        each.span(("metadata", "name"))
        each.text_span(("data", "a"), 0, 3)


def read_format(name: str, data: bytes) -> None:
    assert_sound(text(data), formats.READERS[name](text(data)))


def read_any_format(data: bytes) -> None:
    name, _, body = text(data).partition("\n")
    assert_sound(body, formats.read(body, name))


def read_credentials(data: bytes) -> None:
    name, _, body = text(data).partition("\n")
    for hit in credentials.find(body, name):
        assert 0 <= hit.start <= hit.end <= len(body)
    credentials.in_command(body.split(" "))
    credentials.find_in_bytes(data, name)


def read_secrets_to_mask(data: bytes) -> None:
    with suppress(DocumentError):
        masking.hidden(text(data))


def read_certificates(data: bytes) -> None:
    for block in (*pem.blocks(text(data)), pem.Block(certificates.CERTIFICATE, 0, 0, data, "", is_encrypted=False)):
        leaf = certificates.certificate(block)
        if leaf:
            certificates.names(leaf)
            certificates.is_authority(leaf)
        with suppress(ValueError, TypeError):
            key = certificates.private_key(block)
            assert leaf is None or certificates.is_of(leaf, key) in (True, False)


def read_values(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "values.yaml")
        file.write_bytes(data)
        with suppress(HmcoChartsError):
            documents.read(charts()["vault"], [file])


def read_configuration(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        for name in ("hmco-charts.yaml", "pyproject.toml"):
            file = Path(folder, name)
            file.write_bytes(data)
            with suppress(ConfigurationError, DocumentError):
                configuration.read(file)


def read_baseline(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "baseline.json")
        file.write_bytes(data)
        with suppress(ConfigurationError):
            baseline.read(file)


def read_archive(data: bytes) -> None:
    with suppress(ChartError):
        files.unpacked(data, "a.tgz")


def read_suppressions(data: bytes) -> None:
    list(comments(Source("f", 1, f"# hmco: {text(data)}\n{text(data)}"), TODAY))
    with suppress(ConfigurationError):
        parse(text(data), NOWHERE, lambda _: True, TODAY)


def read_words(data: bytes) -> None:
    """The small readers: one word, or one value of a manifest, each."""
    word = text(data)
    quantity.quantity(word)
    quantity.size(word)
    Image.parse(word)
    link.links(word)
    with suppress(HmcoChartsError):
        reference.read(word)
    with suppress(HmcoChartsError):
        list(assignment.assignments(word))


def read_selector(data: bytes) -> None:
    with suppress(yaml.YAMLError, RecursionError, ValueError):
        value = yaml.load(data, yaml.CSafeLoader)
        selector.matches(value, {"app": "a"})
        selector.labels_of(value)
        quantity.quantity(value)


def read_ignore(data: bytes) -> None:
    with suppress(ChartError, ConfigurationError, DocumentError):
        ignore.read(text(data))("a/b.yaml", False)


def read_statements(data: bytes) -> None:
    ddl.statements(text(data))
    ddl.statements(text(data), is_shell=True)
    list(ddl.unique_indexes(text(data)))


def read_template(data: bytes) -> None:
    source = text(data)
    assert sketch.plain(source).count("\n") == source.count("\n")
    list(sketch.of_text(source, "f.yaml"))


TARGETS: dict[str, Target] = {
    "archive": read_archive,
    "baseline": read_baseline,
    "certificates": read_certificates,
    "configuration": read_configuration,
    "credentials": read_credentials,
    "fast": read_fast,
    "formats": read_any_format,
    "ignore": read_ignore,
    "manifest": read_manifest,
    "masking": read_secrets_to_mask,
    "selector": read_selector,
    "statements": read_statements,
    "suppressions": read_suppressions,
    "template": read_template,
    "values": read_values,
    "words": read_words,
    "yaml": read_yaml,
    **{f"format_{name}": partial(read_format, name) for name in formats.READERS},
}
