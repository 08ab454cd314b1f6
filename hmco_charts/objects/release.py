"""The objects that are installed together, and what refers to what among them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import PurePath
from typing import Any

from hmco_charts.configuration import UNKNOWN, Cluster
from hmco_charts.objects.chart import Chart
from hmco_charts.objects.embedded import Values
from hmco_charts.objects.kubernetes import KubernetesObject, items, mapping, text
from hmco_charts.objects.pod import Container, Pod, pod
from hmco_charts.objects.population import Population
from hmco_charts.objects.producers import products
from hmco_charts.objects.references import references
from hmco_charts.objects.register import Register
from hmco_charts.objects.replicas import Replicas, count
from hmco_charts.objects.text import Text, texts

_CONFIG_KINDS = {"configMap": "ConfigMap", "secret": "Secret"}


@dataclass(frozen=True)
class Variable:
    """A value that a container finds in its environment; `text` is unknown where its source is not in the input."""

    name: str
    text: Text | None


@dataclass(frozen=True)
class MountedFile:
    """A file of a ConfigMap or Secret in a container's file system."""

    path: str
    text: Text


@dataclass(frozen=True, eq=False)
class Release:
    """Objects that live in one cluster together.

    Attributes:
        objects: The objects, in the order of the input.
        label: The chart's scenario; empty for its defaults, and for plain manifests.
        values: Values for charts: documents of their own, and those that objects hold.
        cluster: What is known of that cluster.
        previous: What is installed before an upgrade to these objects; `None` where that was not told.
        chart: The chart that they were rendered from; `None` for manifests.
        fragments: ConfigMaps and Secrets as templates spell them that do not render; only their texts count.
        scenarios: The names of the chart's scenarios that give these objects; none for plain manifests.
        now: The time for which certificates are judged, with a time zone; `None` outside a run.
    """

    objects: tuple[KubernetesObject, ...]
    label: str = ""
    values: tuple[Values, ...] = ()
    cluster: Cluster = UNKNOWN
    previous: "Release | None" = None
    now: datetime | None = None
    chart: Chart | None = None
    fragments: tuple[KubernetesObject, ...] = ()
    scenarios: tuple[str, ...] = ()

    @cached_property
    def pods(self) -> tuple[Pod, ...]:
        """Every pod and pod template."""
        return tuple(found for each in self.objects if (found := pod(each)))

    def unused(self, kind: str, namespace: str) -> Mapping[str, KubernetesObject]:
        """The objects of a kind in a namespace that no pod names, by their names."""
        return self._unused.get((kind, namespace), {})

    @property
    def containers(self) -> Iterator[Container]:
        """Every container of every pod."""
        return (container for each in self.pods for container in each.containers)

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """The files of every ConfigMap and Secret."""
        return tuple(each for found in self._texts_by_holder.values() for each in found)

    def of_kind(self, *kinds: str) -> tuple[KubernetesObject, ...]:
        """The objects of these kinds, in the order of the input for each."""
        return tuple(each for kind in kinds for each in self._by_kind[kind])

    def in_namespace(self, namespace: str, *kinds: str) -> Iterator[KubernetesObject]:
        """The objects of these kinds that may be in a namespace; all where it is empty."""
        for kind in kinds:
            there = self._by_namespace[kind]
            places = (namespace, "") if namespace else tuple(there)
            yield from (each for place in places for each in there.get(place, ()))

    def named(self, kind: str, name: str) -> tuple[KubernetesObject, ...]:
        """The objects of a kind and name, in whatever namespace."""
        return tuple(self._named.everywhere(kind, name))

    def within(self, namespace: str, kind: str, name: str) -> list[KubernetesObject]:
        """The objects of a kind and name that may be in a namespace; all where it is empty."""
        return self._named.within(kind, name, namespace)

    def has_any(self, kind: str, namespace: str) -> bool:
        """Whether an object of a kind may be in a namespace."""
        there = self._by_namespace[kind]
        return bool(there) and (not namespace or namespace in there or "" in there)

    def selected(self, selector: Any, near: KubernetesObject) -> list[Pod]:
        """The pods in the namespace of `near` that a LabelSelector chooses."""
        return self._population.selected(selector, near)

    def behind(self, service: KubernetesObject) -> list[Pod]:
        """The pods that a Service sends its traffic to; none for one without a selector."""
        return self._population.behind(service)

    def near(self, namespace: str) -> list[Pod]:
        """The pods of a namespace, and those whose manifests leave theirs open."""
        return self._population.within(namespace)

    def sharing(self, labels: Iterable[tuple[str, str]], namespace: str) -> list[Pod]:
        """Likewise, those that have one of the labels at least; one of those whose labels are equal."""
        return self._population.sharing(labels, namespace)

    def services(self, pod: Pod) -> tuple[KubernetesObject, ...]:
        """The Services that send traffic to a pod."""
        return tuple(self._services[id(pod)])

    def replicas(self, pod: Pod) -> Replicas:
        """How many of a pod its workload runs, by an autoscaler's bounds where one scales it."""
        if id(pod) not in self._replicas:
            self._replicas[id(pod)] = self._counted(pod)
        return self._replicas[id(pod)]

    def _counted(self, pod: Pod) -> Replicas:
        for scaler in self._scalers[pod.object.kind, pod.object.name]:
            if same_namespace(scaler, pod.object):
                least = count(scaler.at(("spec", "minReplicas")))
                return Replicas(least, count(scaler.at(("spec", "maxReplicas")), least))
        field = ("spec", "parallelism") if pod.object.kind == "Job" else ("spec", "replicas")
        number = count(pod.object.at(field))
        return Replicas(number, number)

    def exists(self, kind: str, name: str, near: KubernetesObject) -> bool:
        """Whether `near` can count on an object: a manifest, an operator or the cluster profile brings it."""
        is_there = bool(self.within(near.namespace, kind, name))
        return is_there or self.is_made(kind, name, near) or self._is_declared(kind, name, near.namespace)

    def is_made(self, kind: str, name: str, near: KubernetesObject) -> bool:
        """Whether an operator makes the object from another one, in the namespace of `near`."""
        return bool(self._products.within(kind, name, near.namespace))

    def find(self, kind: str, name: str, near: KubernetesObject) -> KubernetesObject | None:
        """The object that `near` means by a name: in its namespace, and nearest to its file.

        Two equally near ones in different files decide nothing: then there is none.
        """
        there = self.within(near.namespace, kind, name)
        beside = [each for each in there if each.file == near.file and each.namespace == near.namespace]
        if beside or not there:
            return beside[-1] if beside else None
        nearest = min(_distance(each, near) for each in there)
        candidates = [each for each in there if _distance(each, near) == nearest]
        return candidates[-1] if len({each.file for each in candidates}) == 1 else None

    def environment(self, container: Container) -> tuple[Variable, ...]:
        """What the container finds in its environment; later entries win over earlier ones of the same name."""
        if id(container) not in self._environments:
            self._environments[id(container)] = tuple(self._variables(container))
        return self._environments[id(container)]

    def files(self, container: Container) -> tuple[MountedFile, ...]:
        """The files of ConfigMaps and Secrets that are mounted into the container."""
        if id(container) not in self._files:
            self._files[id(container)] = tuple(self._mounted(container))
        return self._files[id(container)]

    def file_texts(self, holder: KubernetesObject) -> tuple[Text, ...]:
        """The files of one ConfigMap or Secret."""
        return self._texts_by_holder.get(id(holder), ())

    def _variables(self, container: Container) -> Iterator[Variable]:
        for source in items(container.spec.get("envFrom")):
            yield from self._all_keys(container, mapping(source))
        for variable in container.environment:
            if variable.value is not None:
                path = (*variable.path, "value")
                yield Variable(variable.name, Text(container.pod.object, path, variable.name, variable.value))
            else:
                yield Variable(variable.name, self._key(container, variable.source))

    def _mounted(self, container: Container) -> Iterator[MountedFile]:
        for mount in container.mounts:
            volume = container.pod.volume(text(mount.get("name")))
            for path, found in self._volume(container, volume):
                yield from _mounted(mount, path, found)

    def _all_keys(self, container: Container, source: dict[str, Any]) -> Iterator[Variable]:
        prefix = text(source.get("prefix"))
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            holder = self.find(kind, text(mapping(source.get(field)).get("name")), container.pod.object)
            for found in self.file_texts(holder) if holder else ():
                yield Variable(prefix + found.name, found)

    def _key(self, container: Container, source: dict[str, Any]) -> Text | None:
        for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            reference = mapping(source.get(field))
            holder = self.find(kind, text(reference.get("name")), container.pod.object) if reference else None
            for found in self.file_texts(holder) if holder else ():
                if found.name == text(reference.get("key")):
                    return found
        return None

    def _volume(self, container: Container, volume: dict[str, Any]) -> Iterator[tuple[str, Text]]:
        yield from self._projected(container, volume)
        for source in items(mapping(volume.get("projected")).get("sources")):
            yield from self._projected(container, mapping(source))

    def _projected(self, container: Container, source: dict[str, Any]) -> Iterator[tuple[str, Text]]:
        for field, kind in _CONFIG_KINDS.items():
            reference = mapping(source.get(field))
            name = text(reference.get("name")) or text(reference.get("secretName"))
            holder = self.find(kind, name, container.pod.object) if name else None
            for found in self.file_texts(holder) if holder else ():
                yield from ((path, found) for path in _paths(reference, found.name))

    def _is_declared(self, kind: str, name: str, namespace: str) -> bool:
        for declared in self.cluster.objects:
            its_kind, *place, its_name = declared.split("/")
            if its_kind == kind and fnmatchcase(name, its_name) and (not place or place[0] == namespace):
                return True
        return False

    @cached_property
    def _environments(self) -> dict[int, tuple[Variable, ...]]:
        return {}

    @cached_property
    def _files(self) -> dict[int, tuple[MountedFile, ...]]:
        return {}

    @cached_property
    def _replicas(self) -> dict[int, Replicas]:
        return {}

    @cached_property
    def _population(self) -> Population:
        return Population(self.pods)

    @cached_property
    def _unused(self) -> dict[tuple[str, str], dict[str, KubernetesObject]]:
        used = {(each.kind, each.name) for pod in self.pods for each in references(pod)}
        found: dict[tuple[str, str], dict[str, KubernetesObject]] = defaultdict(dict)
        for each in self.objects:
            if (each.kind, each.name) not in used:
                found[each.kind, each.namespace][each.name] = each
        return found

    @cached_property
    def _services(self) -> dict[int, list[KubernetesObject]]:
        found: dict[int, list[KubernetesObject]] = defaultdict(list)
        for service in self.of_kind("Service"):
            for each in self.behind(service):
                found[id(each)].append(service)
        return found

    @cached_property
    def _scalers(self) -> dict[tuple[str, str], list[KubernetesObject]]:
        found: dict[tuple[str, str], list[KubernetesObject]] = defaultdict(list)
        for scaler in self.of_kind("HorizontalPodAutoscaler"):
            target = mapping(scaler.at(("spec", "scaleTargetRef")))
            found[text(target.get("kind")), text(target.get("name"))].append(scaler)
        return found

    @cached_property
    def _by_kind(self) -> dict[str, list[KubernetesObject]]:
        index: dict[str, list[KubernetesObject]] = defaultdict(list)
        for each in self.objects:
            index[each.kind].append(each)
        return index

    @cached_property
    def _by_namespace(self) -> dict[str, dict[str, list[KubernetesObject]]]:
        index: dict[str, dict[str, list[KubernetesObject]]] = defaultdict(lambda: defaultdict(list))
        for each in self.objects:
            index[each.kind][each.namespace].append(each)
        return index

    @cached_property
    def _products(self) -> Register:
        return Register((*product, each) for each in self.objects for product in products(each))

    @cached_property
    def _named(self) -> Register:
        return Register((each.kind, each.name, each) for each in self.objects)

    @cached_property
    def _texts_by_holder(self) -> dict[int, tuple[Text, ...]]:
        return {id(holder): tuple(texts(holder)) for holder in (*self.objects, *self.fragments)}


def _paths(reference: dict[str, Any], key: str) -> Iterable[str]:
    if not isinstance(reference.get("items"), list):
        return (key,)
    chosen = (mapping(item) for item in reference["items"])
    return tuple(text(item.get("path")) for item in chosen if item.get("key") == key)


def _mounted(mount: dict[str, Any], path: str, found: Text) -> Iterator[MountedFile]:
    target, sub_path = text(mount.get("mountPath")).rstrip("/"), text(mount.get("subPath")).strip("/")
    if not sub_path:
        yield MountedFile(f"{target}/{path}", found)
    elif path == sub_path:
        yield MountedFile(target, found)
    elif path.startswith(f"{sub_path}/"):
        yield MountedFile(f"{target}/{path.removeprefix(sub_path + '/')}", found)


def same_namespace(one: KubernetesObject, other: KubernetesObject) -> bool:
    """Whether two objects may live in one namespace: an object that names none goes wherever it is installed."""
    return one.namespace == other.namespace or not one.namespace or not other.namespace


def _distance(one: KubernetesObject, other: KubernetesObject) -> tuple[bool, int]:
    """How far apart two objects stand: another namespace's spelling first, then the way between their files."""
    spelled_apart = one.namespace != other.namespace
    if one.file == other.file:
        return spelled_apart, 0
    here, there = PurePath(one.file).parent.parts, PurePath(other.file).parent.parts
    shared = sum(1 for _ in _common(here, there))
    return spelled_apart, 1 + len(here) + len(there) - 2 * shared


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> Iterator[str]:
    for left, right in zip(one, other, strict=False):
        if left != right:
            return
        yield left
