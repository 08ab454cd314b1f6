"""SYS003: a list of allowed kernel settings with which the kubelet does not start."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import kernel
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Path

_OPTION = "allowed-unsafe-sysctls"
_NODE: Path = ("nodeRegistration", "kubeletExtraArgs")


class KubeletAllowlistInvalid(Rule):
    """Reports patterns in the kubelet's list that are of no namespace of a pod."""

    id = "SYS003"
    name = "kubelet-allowlist-invalid"
    profile = "min"
    title = "A kubelet that does not start for its list of settings"
    why = (
        "Each of allowedUnsafeSysctls must lie within kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.* or net.*."
        " With any other, such as fs.inotify.*, the kubelet stops at its start, and the node is lost."
    )
    remedy = "Remove the entry; set the node's own settings with sysctl.d or the machine's configuration."
    source = "https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/sysctl/allowlist.go"

    def check(self, release: Release) -> Iterator[Finding]:
        """The patterns in KubeletConfigurations, in kubeadm's arguments for the kubelet, and on command lines."""
        for each, path, pattern in _patterns(release):
            if pattern and not kernel.is_pattern_of_namespace(pattern):
                yield self.finding(
                    f"The kubelet does not start with `{pattern}` among its allowed settings: no pod can own it.",
                    on=each,
                    span=each.span(path),
                    locator="/".join(map(str, path)),
                    subject=pattern,
                )


def _patterns(release: Release) -> Iterator[tuple[KubernetesObject, Path, str]]:
    for each in release.of_kind("KubeletConfiguration"):
        for index, pattern in enumerate(items(each.at(("allowedUnsafeSysctls",)))):
            yield each, ("allowedUnsafeSysctls", index), text(pattern)
    for each in release.of_kind("InitConfiguration", "JoinConfiguration"):
        for path, value in _arguments(each):
            yield from ((each, path, pattern.strip()) for pattern in value.split(","))
    for container in release.containers:
        for index, word in enumerate(container.args):
            if word.startswith(f"--{_OPTION}="):
                for pattern in word.partition("=")[2].split(","):
                    yield container.pod.object, (*container.path, "args", index), pattern.strip()


def _arguments(each: KubernetesObject) -> Iterator[tuple[Path, str]]:
    """The option in kubeadm's arguments: a mapping, or a list of names and values since v1beta4."""
    told = each.at(_NODE)
    if text(mapping(told).get(_OPTION)):
        yield (*_NODE, _OPTION), text(told[_OPTION])
    for index, entry in enumerate(items(told)):
        if mapping(entry).get("name") == _OPTION:
            yield (*_NODE, index, "value"), text(mapping(entry).get("value"))
