"""UPG004: a version of an API that the cluster does not serve any more, or soon will not."""

import re
from collections.abc import Iterator

from hmco_charts.conformance.apis import Api, api_of
from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.admission import minor_version

_ASKED = ".Capabilities.APIVersions"


class RemovedApi(Rule):
    """Reports objects in a version of their API that is deprecated or removed."""

    id = "UPG004"
    name = "removed-api"
    profile = "min"
    title = "A version of an API that is gone"
    why = "The API server refuses a version that it does not serve: the upgrade fails with 'no matches for kind'."
    remedy = "Write the object in the version that takes its place; its fields may have changed."
    source = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The objects in removed or deprecated versions, judged for the cluster's version, or else the newest."""
        minor = minor_version(release)
        for each in release.objects:
            api = api_of(each.api_version, each.kind)
            if api is None or (minor is not None and api.deprecated > minor) or _is_choice(release, each, api):
                continue
            is_gone = api.removed <= (998 if minor is None else minor)
            yield self.finding(
                f"{each.api_version} {each.kind} {api.removal if is_gone else 'is deprecated'}: use {api.instead}.",
                on=each,
                span=each.span(("apiVersion",)),
                locator="apiVersion",
                subject=each.api_version,
                severity=Severity.ERROR if is_gone else Severity.WARNING,
            )


def _is_choice(release: Release, each: KubernetesObject, api: Api) -> bool:
    """Whether the chart asks the cluster for its versions and knows the one that takes the place of the object's."""
    files = release.chart.files if release.chart else None
    known = re.compile(rf"{re.escape(api.instead)}(?!\w)")
    sources = files.sources.values() if files and files.text(each.file) else ()
    return any(_ASKED in source and each.api_version in source and known.search(source) for source in sources)
