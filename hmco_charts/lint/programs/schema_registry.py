"""Confluent's Schema Registry by its image, which makes a setting of every variable with its prefix.

Source: confluentinc/schema-registry-images `schema-registry/include/etc/confluent/docker/configure`.
"""

from collections.abc import Iterator

from hmco_charts.objects import Container, Release

PREFIX = "SCHEMA_REGISTRY_"


def servers(release: Release) -> Iterator[Container]:
    """The containers that the image's start script starts."""
    for container in release.containers:
        is_image = container.role == "container" and container.image.base == "cp-schema-registry"
        if is_image and not container.command and not container.args:
            yield container
