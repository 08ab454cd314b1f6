import hashlib
import json
import re
import subprocess
import sys

import helm_python
import pytest

from hmco_charts.errors import ChartError, ConfigurationError, PublishError
from hmco_charts.publish import Published, publish
from hmco_charts.publish.fault import MismatchError, NotFoundError, RefusedError, VersionTakenError
from hmco_charts.publish.registry import pull
from tests.publish.conftest import CHART, write_chart
from tests.services.proxy import Forward, Reply

ACCEPT = "application/vnd.oci.image.manifest.v1+json"


def stored(registry, digest: str) -> bytes:
    """A content as it lies on the registry's disk."""
    value = digest.removeprefix("sha256:")
    return (registry.store / f"docker/registry/v2/blobs/sha256/{value[:2]}/{value}/data").read_bytes()


def named(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_the_manifest_is_helms_and_the_reference_holds_its_digest(chart, plain, path):
    text = CHART + (
        "home: https://example.com\n"
        "sources: [https://example.com/source, https://example.com/more]\n"
        "maintainers: [{name: A, email: a@example.com}, {name: B}]\n"
        "annotations: {category: security, org.opencontainers.image.title: other}\n"
    )
    (chart / "Chart.yaml").write_text(text)
    published = publish(chart, f"oci://{plain.host}/{path}", plain_http=True)
    manifest = stored(plain, published.digest)
    content = json.loads(manifest)
    config = stored(plain, content["config"]["digest"])
    layer = stored(plain, content["layers"][0]["digest"])
    assert published == Published(f"oci://{plain.host}/{path}/vault:1.2.3@{named(manifest)}", named(manifest), "pushed")
    assert content == {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {
            "mediaType": "application/vnd.cncf.helm.config.v1+json",
            "digest": named(config),
            "size": len(config),
        },
        "layers": [
            {
                "mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
                "digest": named(layer),
                "size": len(layer),
            }
        ],
        "annotations": {
            "category": "security",
            "org.opencontainers.image.authors": "A (a@example.com), B",
            "org.opencontainers.image.description": "A chart",
            "org.opencontainers.image.source": "https://example.com/source",
            "org.opencontainers.image.title": "vault",
            "org.opencontainers.image.url": "https://example.com",
            "org.opencontainers.image.version": "1.2.3",
        },
    }
    assert json.loads(config)["appVersion"] == "1.13.3"


def test_annotations_and_media_types_are_those_of_a_chart_that_helm_pushed(chart, plain, path, tmp_path):
    archive = helm_python.package(chart, destination=tmp_path / "helm")
    helm_python.push(archive, f"oci://{plain.host}/{path}/helm", plain_http=True)
    with helm_python.RegistryClient(plain_http=True) as client:
        theirs = json.loads(stored(plain, client.resolve(f"{plain.host}/{path}/helm/vault:1.2.3")["digest"]))
    ours = json.loads(stored(plain, publish(chart, f"oci://{plain.host}/{path}", plain_http=True).digest))
    theirs["annotations"].pop("org.opencontainers.image.created")
    theirs.setdefault("mediaType", ACCEPT)

    def without_content(manifest):
        return [
            manifest["annotations"],
            manifest["mediaType"],
            manifest["schemaVersion"],
            manifest["config"]["mediaType"],
            [layer["mediaType"] for layer in manifest["layers"]],
        ]

    assert without_content(ours) == without_content(theirs)
    config = json.loads(stored(plain, ours["config"]["digest"]))
    assert config == json.loads(stored(plain, theirs["config"]["digest"]))


def test_helm_pulls_what_we_published_byte_for_byte(chart, plain, path, tmp_path):
    published = publish(chart, f"oci://{plain.host}/{path}", plain_http=True)
    helm_python.pull(f"oci://{plain.host}/{path}/vault", version="1.2.3", plain_http=True, destination=tmp_path)
    layer = json.loads(stored(plain, published.digest))["layers"][0]["digest"]
    assert (tmp_path / "vault-1.2.3.tgz").read_bytes() == stored(plain, layer)


def test_a_plus_in_the_version_is_an_underscore_in_the_tag_and_helm_finds_it(tmp_path, plain, path):
    chart = write_chart(tmp_path / "c", **{"Chart.yaml": CHART.replace("1.2.3", "1.2.3+build.7")})
    published = publish(chart, f"oci://{plain.host}/{path}", plain_http=True)
    assert published.reference == f"oci://{plain.host}/{path}/vault:1.2.3_build.7@{published.digest}"
    helm_python.pull(f"oci://{plain.host}/{path}/vault", version="1.2.3+build.7", plain_http=True, destination=tmp_path)
    ours = pull(f"oci://{plain.host}/{path}/vault:1.2.3+build.7", tmp_path / "ours", plain_http=True)
    assert ours == tmp_path / "ours" / "vault-1.2.3+build.7.tgz"
    assert ours.read_bytes() == (tmp_path / "vault-1.2.3+build.7.tgz").read_bytes()


def test_the_same_content_again_sends_nothing_and_says_so(chart, proxy, path, tmp_path):
    first = publish(chart, f"oci://{proxy.host}/{path}", plain_http=True)
    proxy.seen.clear()
    again = publish(write_chart(tmp_path / "copy"), f"oci://{proxy.host}/{path}", plain_http=True)
    assert again == Published(first.reference, first.digest, "unchanged")
    assert proxy.seen == ["GET manifests", "GET manifests", "GET blobs", "GET blobs"]


def test_other_content_under_a_published_version_is_refused(chart, plain, path):
    to = f"oci://{plain.host}/{path}"
    first = publish(chart, to, plain_http=True)
    (chart / "values.yaml").write_text("replicas: 4\n")
    with pytest.raises(VersionTakenError) as error:
        publish(chart, to, plain_http=True)
    assert str(error.value) == (
        f"{to}/vault:1.2.3 is published with other content ({first.digest})\n"
        "  Raise the version in Chart.yaml; --force moves the version under everyone who uses it."
    )
    (chart / "values.yaml").write_text("replicas: 3\n")
    assert publish(chart, to, plain_http=True).status == "unchanged"


def test_force_moves_a_version_and_tells_what_it_replaced(chart, plain, path):
    to = f"oci://{plain.host}/{path}"
    first = publish(chart, to, plain_http=True)
    (chart / "values.yaml").write_text("replicas: 4\n")
    second = publish(chart, to, plain_http=True, force=True)
    assert second == Published(f"{to}/vault:1.2.3@{second.digest}", second.digest, "pushed", replaced=first.digest)
    assert publish(chart, to, plain_http=True).digest == second.digest


def test_a_dry_run_tells_the_digest_and_sends_nothing(chart, proxy, path, status):
    to = f"oci://{proxy.host}/{path}"
    dry = publish(chart, to, plain_http=True, dry_run=True)
    assert proxy.seen == ["GET manifests"]
    assert status() == 404
    wet = publish(chart, to, plain_http=True)
    assert dry == Published(wet.reference, wet.digest, "dry-run")


def test_a_dry_run_refuses_a_version_that_is_taken(chart, plain, path):
    to = f"oci://{plain.host}/{path}"
    publish(chart, to, plain_http=True)
    (chart / "values.yaml").write_text("replicas: 4\n")
    with pytest.raises(VersionTakenError):
        publish(chart, to, plain_http=True, dry_run=True)


def test_a_publisher_who_came_between_our_look_and_our_tag_wins(chart, proxy, plain, path, tmp_path):
    other = write_chart(tmp_path / "other", **{"values.yaml": "replicas: 5\n"})
    theirs: list[Published] = []

    def meanwhile(forward: Forward) -> Reply:
        theirs.append(publish(other, f"oci://{plain.host}/{path}", plain_http=True))
        return forward()

    proxy.fault("PUT", "/uploads/", meanwhile, times=1)
    with pytest.raises(VersionTakenError) as error:
        publish(chart, f"oci://{proxy.host}/{path}", plain_http=True)
    assert error.value.what == (
        f"oci://{proxy.host}/{path}/vault:1.2.3 is published with other content ({theirs[0].digest})"
    )


def test_a_publisher_who_overwrote_us_at_the_same_moment_is_noticed(chart, proxy, plain, path, tmp_path):
    other = write_chart(tmp_path / "other", **{"values.yaml": "replicas: 5\n"})

    def overwrite(forward: Forward) -> Reply:
        reply = forward()
        publish(other, f"oci://{plain.host}/{path}", plain_http=True, force=True)
        return reply

    proxy.fault("PUT", "/manifests/", overwrite, times=1)
    with pytest.raises(MismatchError) as error:
        publish(chart, f"oci://{proxy.host}/{path}", plain_http=True)
    assert str(error.value) == (
        f"oci://{proxy.host}/{path}/vault:1.2.3 does not hold what we sent: another publisher was there at the "
        "same moment\n  Decide whose content is right and publish it under a new version."
    )


@pytest.mark.parametrize(
    ("to", "shown"),
    [
        ("https://host/path", "https://host/path"),
        ("oci://", "oci://"),
        ("oci://host/Path", "oci://host/Path"),
        ("oci://host/path:1.0.0", "oci://host/path:1.0.0"),
        ("oci://host/a//b", "oci://host/a//b"),
        ("oci://user:hunter2@host/path", "oci://…@host/path"),
    ],
)
def test_a_target_that_is_no_registry_path_is_refused_without_showing_a_login(chart, to, shown):
    with pytest.raises(PublishError) as error:
        publish(chart, to)
    assert str(error.value) == (
        f"{shown!r} is no path in a registry\n"
        "  Write oci://HOST[:PORT]/PATH, in lower case, without a version and without a login."
    )


def test_a_name_that_a_registry_cannot_hold_is_refused(tmp_path):
    chart = write_chart(tmp_path / "c", **{"Chart.yaml": CHART.replace("name: vault", "name: Vault")})
    with pytest.raises(PublishError) as error:
        publish(chart, "oci://host/path")
    assert str(error.value) == (
        "a registry cannot hold a chart named 'Vault'\n"
        "  Use lower case letters and digits, with single '.', '_' or '-' between them."
    )


def test_a_chart_that_is_none_is_refused_before_the_registry_is_asked(tmp_path):
    with pytest.raises(ChartError) as error:
        publish(tmp_path / "none", "oci://no-such-host.invalid/path")
    assert error.value.what == f"{tmp_path}/none is not the folder of a chart"


def test_an_unreadable_ca_file_is_refused(chart, tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    for name in ("ca.pem", "absent.pem"):
        with pytest.raises(ConfigurationError) as error:
            publish(chart, "oci://host/path", ca_file=tmp_path / name)
        assert str(error.value) == (
            f"{tmp_path}/{name} holds no certificate that can be read\n  Give --ca-file a PEM file."
        )


def test_pull_by_digest_gives_the_archive(chart, plain, path, tmp_path):
    published = publish(chart, f"oci://{plain.host}/{path}", plain_http=True)
    by_both = pull(published.reference, tmp_path / "both", plain_http=True)
    by_digest = pull(f"oci://{plain.host}/{path}/vault@{published.digest}", tmp_path / "digest", plain_http=True)
    assert by_both.name == "vault-1.2.3.tgz"
    assert by_digest.name == f"vault-{published.digest[7:19]}.tgz"
    assert by_both.read_bytes() == by_digest.read_bytes()


def test_pull_of_an_absent_version_says_so_and_writes_nothing(plain, path, tmp_path):
    reference = f"oci://{plain.host}/{path}/vault:9.9.9"
    with pytest.raises(NotFoundError) as error:
        pull(reference, tmp_path / "out", plain_http=True)
    assert str(error.value) == f"there is no {reference}\n  Check the name and the version."
    assert not (tmp_path / "out").exists()


def test_pull_of_an_image_says_that_it_is_no_chart(proxy, chart, path, tmp_path):
    publish(chart, f"oci://{proxy.host}/{path}", plain_http=True)
    index = json.dumps({"schemaVersion": 2, "manifests": []}).encode()
    proxy.fault("GET", "/manifests/", lambda _: Reply(200, {"Content-Length": str(len(index))}, index))
    reference = f"oci://{proxy.host}/{path}/vault:1.2.3"
    with pytest.raises(RefusedError) as error:
        pull(reference, tmp_path, plain_http=True)
    assert str(error.value) == f"{reference} is no Helm chart\n  Check the name; an image may stand there."


@pytest.mark.parametrize("part", ["/manifests/", "/blobs/"])
def test_pull_refuses_content_that_is_not_what_its_digest_says(proxy, chart, path, tmp_path, part):
    published = publish(chart, f"oci://{proxy.host}/{path}", plain_http=True)

    def altered(forward: Forward) -> Reply:
        reply = forward()
        body = re.sub(rb"1\.2\.3", b"1.2.4", reply.body)
        headers = {name: value for name, value in reply.headers.items() if name != "Docker-Content-Digest"}
        return Reply(200, headers, body if body != reply.body else bytes(len(body)))

    proxy.fault("GET", part, altered)
    with pytest.raises(MismatchError):
        pull(published.reference, tmp_path / "out", plain_http=True)
    assert not (tmp_path / "out").exists()


def test_pull_reads_no_more_than_the_manifest_announces(proxy, chart, path, tmp_path):
    published = publish(chart, f"oci://{proxy.host}/{path}", plain_http=True)
    endless = bytes(1024 * 1024)
    proxy.fault("GET", "/blobs/", lambda _: Reply(200, {"Content-Length": str(len(endless))}, endless))
    with pytest.raises(MismatchError) as error:
        pull(published.reference, tmp_path / "out", plain_http=True)
    assert re.fullmatch(
        rf"{proxy.host} sent more than \d+ bytes while reading content back\n  Do not trust it.",
        str(error.value),
    )


@pytest.mark.parametrize("reference", ["vault", "oci://host", "oci://host/Vault:1.0.0", "oci://host/a:1@sha256:12"])
def test_pull_refuses_what_is_no_reference(tmp_path, reference):
    with pytest.raises(PublishError) as error:
        pull(reference, tmp_path)
    assert str(error.value) == (
        f"{reference!r} is no reference to a chart in a registry\n"
        "  Write oci://HOST/PATH/NAME:VERSION, in lower case and without a login."
    )


def test_pull_wants_a_version(tmp_path):
    with pytest.raises(PublishError) as error:
        pull("oci://host/path/vault", tmp_path)
    assert str(error.value) == (
        "'oci://host/path/vault' names no version\n"
        "  Write oci://host/path/vault:VERSION or oci://host/path/vault@sha256:…."
    )


def test_publishing_is_imported_without_the_client():
    code = "import sys, hmco_charts.publish; print({'requests', 'semver', 'ssl'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
