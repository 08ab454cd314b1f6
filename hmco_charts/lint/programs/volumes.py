"""Volumes that outlive a pod, and where a container sees them."""

from hmco_charts.objects import Container, Pod
from hmco_charts.objects.kubernetes import items, mapping, text


def is_claimed(pod: Pod, volume: str) -> bool:
    """Whether a volume is a claim: of the pod itself, or one that a StatefulSet makes for each pod."""
    templates = [mapping(each) for each in items(pod.object.at(("spec", "volumeClaimTemplates")))]
    is_template = any(text(mapping(each.get("metadata")).get("name")) == volume for each in templates)
    found = pod.volume(volume)
    return bool(volume) and (is_template or "persistentVolumeClaim" in found or "ephemeral" in found)


def claimed(container: Container) -> list[str]:
    """The places where a container mounts claims."""
    return [
        text(mount.get("mountPath"))
        for mount in container.mounts
        if is_claimed(container.pod, text(mount.get("name"))) and mount.get("readOnly") is not True
    ]
