"""Each fault between us and a registry: its message, and that nothing stands under the version afterwards."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hmco_charts.errors import PublishError
from hmco_charts.publish import connection, publish
from hmco_charts.publish.fault import (
    AccessRefusedError,
    ConnectionCutError,
    MismatchError,
    OverloadedError,
    RefusedError,
    RegistryFullError,
    TlsError,
    UnreachableError,
)
from tests.services.ports import free_port
from tests.services.proxy import Forward, Reply, answers, cut, cut_after, cut_body, with_headers
from tests.services.registry import Registry, registry

OTHER_DIGEST = "sha256:" + "0" * 64
REQUESTS = {
    "looking the version up": ("GET", "/manifests/"),
    "looking content up": ("HEAD", "/blobs/"),
    "beginning an upload": ("POST", "/uploads/"),
    "sending content": ("PUT", "/uploads/"),
    "sending the manifest": ("PUT", "/manifests/"),
    "reading content back": ("GET", "/blobs/"),
}
BEFORE_THE_MANIFEST = [doing for doing in REQUESTS if doing != "reading content back"]


def failure(kind: type[PublishError], chart: Path, to: str, **options) -> str:
    with pytest.raises(kind) as error:
        publish(chart, to, **({"plain_http": True} | options))
    assert type(error.value) is kind
    return str(error.value)


def test_a_registry_that_is_down(chart):
    host = f"127.0.0.1:{free_port()}"
    assert failure(UnreachableError, chart, f"oci://{host}/path") == (
        f"{host} refuses the connection\n  Is the registry running, and is the port right?"
    )


def test_a_name_that_does_not_exist(chart):
    assert failure(UnreachableError, chart, "oci://registry.invalid/path") == (
        "the name registry.invalid cannot be resolved\n  Check the spelling and the DNS."
    )


def test_tls_asked_of_a_registry_without_it(chart, plain, path, status):
    assert failure(TlsError, chart, f"oci://{plain.host}/{path}", plain_http=False) == (
        f"{plain.host} speaks no TLS\n  A registry without TLS needs --plain-http."
    )
    assert status() == 404


def test_plain_http_asked_of_a_registry_with_tls(chart, tls, path):
    assert failure(TlsError, chart, f"oci://{tls.host}/{path}") == (
        f"{tls.host} speaks TLS, we plain HTTP\n  Leave --plain-http out."
    )


def test_an_unknown_authority(chart, tls, path):
    assert failure(TlsError, chart, f"oci://{tls.host}/{path}", plain_http=False) == (
        f"the certificate of {tls.host} is not trusted: self-signed certificate\n"
        "  Give its authority with --ca-file, or use the name that stands in it."
    )


def test_a_certificate_for_another_name(chart, tls, path):
    host = f"registry.test:{tls.host.rpartition(':')[2]}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("socket.getaddrinfo", _to_loopback)
        message = failure(TlsError, chart, f"oci://{host}/{path}", plain_http=False, ca_file=tls.ca_file)
    assert message == (
        f"the certificate of {host} is not trusted: Hostname mismatch, certificate is not valid for "
        "'registry.test'.\n  Give its authority with --ca-file, or use the name that stands in it."
    )


def _to_loopback(_host, port, *_args, **_options):
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@pytest.mark.parametrize("doing", REQUESTS)
def test_a_connection_that_is_always_cut(chart, proxy, path, pauses, status, doing):
    proxy.fault(*REQUESTS[doing], cut)
    assert failure(ConnectionCutError, chart, f"oci://{proxy.host}/{path}") == (
        f"{proxy.host} cut the connection while {doing}\n  Try again."
    )
    assert pauses == [0.2, 0.4, 0.8]
    assert status() == (404 if doing in BEFORE_THE_MANIFEST else 200)


@pytest.mark.parametrize("act", [cut, cut_after, cut_body], ids=["before", "after", "in the answer"])
@pytest.mark.parametrize("doing", REQUESTS)
def test_a_connection_that_is_cut_once_is_mended_by_another_try(chart, proxy, path, pauses, status, doing, act):
    proxy.fault(*REQUESTS[doing], act, times=1)
    assert publish(chart, f"oci://{proxy.host}/{path}", plain_http=True).status == "pushed"
    assert status() == 200


@pytest.mark.parametrize("code", [500, 502, 503, 504])
@pytest.mark.parametrize("doing", BEFORE_THE_MANIFEST)
def test_a_registry_that_is_broken(chart, proxy, path, pauses, status, doing, code):
    proxy.fault(*REQUESTS[doing], answers(code, "UNAVAILABLE"))
    named = "" if doing == "looking content up" else " UNAVAILABLE"
    assert failure(OverloadedError, chart, f"oci://{proxy.host}/{path}") == (
        f"{proxy.host} answered {code}{named} while {doing}\n"
        "  The registry is overloaded or broken; publish again later."
    )
    assert pauses == [0.2, 0.4, 0.8]
    assert status() == 404


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "0"}, 0.2),
        ({"Retry_After": "soon"}, 0.2),
        ({}, 0.2),
        ({"Retry_After": "Mon, 01 Jan 2001 00:00:09 GMT", "Date": "Mon, 01 Jan 2001 00:00:00 GMT"}, 9.0),
    ],
    ids=["seconds", "at once", "nonsense", "absent", "date of a wrong clock"],
)
def test_the_pause_is_the_one_that_the_registry_asks_for(chart, proxy, path, pauses, headers, waited):
    proxy.fault("POST", "/uploads/", answers(429, "TOOMANYREQUESTS", **headers), times=1)
    assert publish(chart, f"oci://{proxy.host}/{path}", plain_http=True).status == "pushed"
    assert pauses == [waited]


def test_a_registry_that_asks_for_a_long_pause(chart, proxy, path, pauses, status):
    proxy.fault("POST", "/uploads/", answers(429, "TOOMANYREQUESTS", Retry_After="3600"))
    assert failure(OverloadedError, chart, f"oci://{proxy.host}/{path}") == (
        f"{proxy.host} answered 429 TOOMANYREQUESTS while beginning an upload\n"
        "  The registry is overloaded or broken; publish again later."
    )
    assert (pauses, status()) == ([], 404)


def test_a_registry_that_does_not_answer(chart, proxy, path, pauses, status, monkeypatch):
    def hurry_behind_the_second_look(forward: Forward) -> Reply:
        # only the request that is never answered has a short time, so that a slow machine changes nothing
        if proxy.seen.count("GET manifests") == 2:
            monkeypatch.setattr(connection, "TIMEOUT", (10.0, 0.05))
        return forward()

    def never(_: Forward) -> None:
        proxy.stopping.wait()

    proxy.fault("GET", "/manifests/", hurry_behind_the_second_look)
    proxy.fault("PUT", "/manifests/", never)
    assert failure(UnreachableError, chart, f"oci://{proxy.host}/{path}") == (
        f"{proxy.host} did not answer in time while sending the manifest\n"
        "  Look at the network and the registry, then try again."
    )
    assert (pauses, status()) == ([], 404)


@pytest.mark.parametrize("doing", BEFORE_THE_MANIFEST)
def test_a_login_that_may_not_write(chart, proxy, path, status, doing):
    proxy.fault(*REQUESTS[doing], answers(403, "DENIED"))
    named = "" if doing == "looking content up" else " DENIED"
    assert failure(AccessRefusedError, chart, f"oci://{proxy.host}/{path}") == (
        f"{proxy.host} answered 403{named} while {doing}\n  Ask for the right to do this with the login in use."
    )
    assert status() == 404


def test_a_manifest_that_is_refused_after_its_blobs_were_taken(chart, proxy, path, status):
    proxy.fault("PUT", "/manifests/", answers(400, "MANIFEST_INVALID"))
    assert failure(RefusedError, chart, f"oci://{proxy.host}/{path}") == (
        f"{proxy.host} answered 400 MANIFEST_INVALID while sending the manifest\n"
        "  Is this an OCI registry, and does it take Helm charts?"
    )
    assert proxy.seen.count("PUT uploads") == 2
    assert status() == 404


@pytest.mark.parametrize("doing", ["looking the version up", "sending content", "sending the manifest"])
def test_another_digest_reported_by_the_registry(chart, proxy, path, doing):
    if doing == "looking the version up":
        publish(chart, f"oci://{proxy.host}/{path}", plain_http=True)
    proxy.fault(*REQUESTS[doing], with_headers(Docker_Content_Digest=OTHER_DIGEST))
    message = failure(MismatchError, chart, f"oci://{proxy.host}/{path}")
    assert message.startswith(f"{proxy.host} reports another digest while {doing}: ours is sha256:")
    assert message.endswith("\n  Something between us and the registry changes content; do not use what stands there.")


def test_a_server_that_is_no_registry(chart, proxy, path):
    proxy.fault("GET", "/manifests/", answers(418, "not a code\nat all"))
    assert failure(RefusedError, chart, f"oci://{proxy.host}/{path}") == (
        f"{proxy.host} answered 418 while looking the version up\n"
        "  Is this an OCI registry, and does it take Helm charts?"
    )


def test_a_full_disk_told_by_its_status(chart, proxy, path, status):
    proxy.fault("PUT", "/uploads/", answers(507))
    assert failure(RegistryFullError, chart, f"oci://{proxy.host}/{path}") == (
        f"{proxy.host}: the registry's disk is full (507 while sending content)\n"
        "  Free space in the registry and publish again; nothing stands under the version."
    )
    assert status() == 404


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Registry]:
    """A registry on a disk of 256 KiB."""
    store = tmp_path / "tiny" / "store"
    store.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(store)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        with registry(tmp_path / "tiny") as running:
            yield running
    finally:
        subprocess.run(["umount", str(store)], check=True)


def test_a_disk_that_is_really_full_and_then_has_room_again(chart, tiny):
    to = f"oci://{tiny.host}/charts"
    (chart / "noise.bin").write_bytes(os.urandom(400_000))
    assert failure(RegistryFullError, chart, to) == (
        f"{tiny.host}: the registry's disk is full (500 while sending content)\n"
        "  Free space in the registry and publish again; nothing stands under the version."
    )
    (chart / "noise.bin").unlink()
    shutil.rmtree(tiny.store / "docker/registry/v2/repositories/charts/vault/_uploads")
    assert publish(chart, to, plain_http=True).status == "pushed"
