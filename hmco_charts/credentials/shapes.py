"""Values that show by their shape that they are secrets, whatever their key (detector A)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hmco_charts.credentials import decoding, dsn, references
from hmco_charts.credentials.dsn import Match
from hmco_charts.credentials.hit import Confidence


@dataclass(frozen=True, slots=True)
class Shape:
    """A known shape of secrets.

    Attributes:
        kind: What a match is.
        pattern: Its regular expression; the group `secret`, or else the whole match, is the secret.
        signs: The text holds at least one of these where the pattern matches (a cheap test).
        holds: What else must be true of the secret.
        confidence: How sure a match is.
        in_schema: Whether the pattern is precise enough alone and simple enough for `SHAPES`.
    """

    kind: str
    pattern: re.Pattern[str]
    signs: tuple[str, ...]
    holds: Callable[[str], bool] = bool
    confidence: Confidence = "high"
    in_schema: bool = False


def _token(kind: str, pattern: str, *signs: str, confidence: Confidence = "high") -> Shape:
    return Shape(
        kind,
        re.compile(rf"(?:^|[^A-Za-z0-9_.-])(?P<secret>{pattern})(?:$|[^A-Za-z0-9_-])"),
        signs,
        confidence=confidence,
        in_schema=confidence == "high",
    )


_B64 = r"[A-Za-z0-9+/]"
_HEADER = r"[\"']?\s{0,20}(?:=>|[:=]|,(?=\s{0,20}[\"']))?\s{0,20}[\"']?\s{0,20}"


def _is_token_of_header(value: str) -> bool:
    """Whether the text is a token, and no other header's name in a list of them."""
    return decoding.looks_generated(value) and not references.is_name(value)


_KNOWN = (
    Shape(
        "private-key",
        re.compile(
            r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
            r"[^-]{0,40000}(?:-[^-][^-]{0,20000}){0,8}(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----)?"
        ),
        ("PRIVATE KEY",),
        decoding.is_key_block,
    ),
    Shape(
        "private-key",
        re.compile(rf"LS0tLS1CRUdJTi{_B64}{{16,}}={{0,2}}"),
        ("LS0tLS1CRUdJTi",),
        decoding.is_encoded_key_block,
    ),
    Shape("private-key", re.compile(r"PuTTY-User-Key-File-[23]: .+"), ("PuTTY-User-Key-File",)),
    _token("private-key", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}", "AGE-SECRET-KEY-1"),
    Shape(
        "jwt",
        re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"),
        ("eyJ",),
        decoding.is_jwt,
    ),
    _token(
        "github-token",
        r"gh[opsur]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,}",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
    ),
    _token("gitlab-token", r"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_=-]{20,}(?:\.[0-9a-z.]+)?", "gl"),
    _token("slack-token", r"xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,}", "xox", "xapp-"),
    _token(
        "stripe-key", r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,}", "k_live_", "k_test_", "whsec_"
    ),
    _token("vault-token", r"hv[bsr]\.[A-Za-z0-9_-]{20,}", "hvs.", "hvb.", "hvr."),
    _token("npm-token", r"npm_[A-Za-z0-9]{36}", "npm_"),
    _token("pypi-token", r"pypi-AgE[A-Za-z0-9_-]{40,}", "pypi-AgE"),
    _token("google-secret", r"GOCSPX-[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_-]{20,}", "GOCSPX-", "ya29."),
    _token("google-api-key", r"AIza[A-Za-z0-9_-]{35}", "AIza", confidence="low"),
    _token("aws-access-key-id", r"A(?:KI|SI)A[A-Z0-9]{16}", "AKIA", "ASIA", confidence="low"),
    _token("sendgrid-key", r"SG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50}", "SG."),
    _token("openai-key", r"sk-(?:proj|svcacct|admin|ant-[a-z0-9]+)-[A-Za-z0-9_-]{20,}|sk-[A-Za-z0-9]{40,}", "sk-"),
    _token("huggingface-token", r"hf_[A-Za-z0-9]{30,}", "hf_"),
    _token("digitalocean-token", r"do[opr]_v1_[0-9a-f]{64}", "_v1_"),
    _token("databricks-token", r"dapi[0-9a-f]{32}", "dapi"),
    _token("docker-token", r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}", "dckr_"),
    _token("grafana-token", r"glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|glc_[A-Za-z0-9+/]{32,}=*", "glsa_", "glc_"),
    _token("newrelic-key", r"NRAK-[A-Z0-9]{27}", "NRAK-"),
    _token("shopify-token", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", "shp"),
    _token("sentry-token", r"sntry[su]_[A-Za-z0-9_+/=-]{40,}", "sntry"),
    _token("terraform-token", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,}", ".atlasv1."),
    _token("atlassian-token", r"ATATT3[A-Za-z0-9_=-]{60,}", "ATATT3"),
    _token("sonarqube-token", r"sq[apu]_[0-9a-f]{40}", "sqa_", "sqp_", "squ_"),
    _token("azure-client-secret", r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}", "Q~"),
    _token("brevo-key", r"xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}", "xkeysib-"),
    _token("doppler-token", r"dp\.(?:pt|st|sa|ct|scim|audit)\.[A-Za-z0-9._-]{40,}", "dp."),
    _token("jfrog-token", r"AKCp[A-Za-z0-9]{60,}|cmVmdGtu[A-Za-z0-9]{50,}", "AKCp", "cmVmdGtu"),
    _token("planetscale-token", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{30,}", "pscale_"),
    _token("postman-key", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}", "PMAK-"),
    _token("pulumi-token", r"pul-[0-9a-f]{40}", "pul-"),
    _token("rubygems-key", r"rubygems_[0-9a-f]{48}", "rubygems_"),
    _token("tailscale-key", r"tskey-(?:api|auth|client|scim|webhook)-[A-Za-z0-9]+-[A-Za-z0-9]{20,}", "tskey-"),
    _token("telegram-token", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}", ":AA"),
    Shape(
        "webhook-url",
        re.compile(
            r"https://hooks\.slack\.com/(?:services|workflows)/(?P<secret>[A-Za-z0-9_]+/[A-Za-z0-9_]+/[A-Za-z0-9_/]+)"
        ),
        ("hooks.slack.com",),
        lambda secret: not secret.lower().startswith(("your", "xxx", "t00000000/b00000000/xxx")),
        in_schema=True,
    ),
    Shape(
        "webhook-url",
        re.compile(
            r"https://(?:(?:canary\.|ptb\.)?discord(?:app)?\.com/api/webhooks|[a-z0-9-]+\.webhook\.office\.com/webhookb2)"
            r"/(?P<secret>[A-Za-z0-9@_/-]{30,})"
        ),
        ("discord", "webhook.office.com"),
        in_schema=True,
    ),
    Shape(
        "azure-key",
        re.compile(rf"(?:AccountKey|SharedAccessKey|SharedSecretValue)=(?P<secret>{_B64}{{20,}}={{0,2}})"),
        ("AccountKey=", "SharedAccessKey=", "SharedSecretValue="),
        in_schema=True,
    ),
    Shape(
        "sas-signature",
        re.compile(r"[?&;]sig=(?P<secret>[A-Za-z0-9%+/_-]{20,}=*)"),
        ("sig=",),
        in_schema=True,
    ),
    Shape(
        "docker-auth",
        re.compile(r"\\?\"auth\\?\"\s*:\s*\\?\"(?P<secret>[A-Za-z0-9+/]{4,}={0,2})\\?\""),
        ('auth"', 'auth\\"'),
        decoding.is_basic,
    ),
    Shape(
        "basic-auth",
        re.compile(rf"\b[Bb]asic\s+(?P<secret>{_B64}{{6,}}={{0,2}})"),
        ("asic ",),
        decoding.is_basic,
    ),
    Shape(
        "bearer-token",
        re.compile(r"\b[Bb]earer\s+(?P<secret>[A-Za-z0-9._~+/-]{16,}=*)"),
        ("earer ",),
        decoding.looks_random,
    ),
    Shape(
        "bearer-token",
        re.compile(rf"\bAuthorization{_HEADER}(?:Bearer|Token|ApiKey)\s+(?P<secret>[\w.~+/-]{{6,}}=*)", re.IGNORECASE),
        ("uthorization", "UTHORIZATION"),
        _is_token_of_header,
    ),
    Shape(
        "header-token",
        re.compile(
            rf"(?:X-Vault-Token|Private-Token|X-Auth-Token|X-Api-Key|X-Auth-Key|X-Access-Token|Api-Key|X-Scope-Token){_HEADER}"
            r"(?P<secret>[\w.~+/=-]{8,})",
            re.IGNORECASE,
        ),
        ("oken", "OKEN", "-Key", "-key", "-KEY"),
        _is_token_of_header,
    ),
    Shape(
        "npm-token",
        re.compile(r":_(?:authToken|auth|password)\s*=\s*\"?(?P<secret>[^\s\"$]+)"),
        (":_auth", ":_password"),
    ),
    Shape(
        "chpasswd",
        re.compile(r"echo\s+(?:-\w\s+)?[\"']?[\w.-]+:(?P<secret>[^\s\"'|]+)[\"']?\s*\|\s*(?:sudo\s+)?chpasswd"),
        ("chpasswd",),
    ),
    Shape(
        "netrc-password",
        re.compile(r"\bmachine\s+\S+\s+login\s+\S+\s+password\s+[\"']?(?P<secret>[^\s\"']+)"),
        ("machine ",),
    ),
    Shape(
        "shared-key",
        re.compile(r":\s*(?:PSK|EAP|XAUTH|NTLM)\s+\"(?P<secret>[^\"\n]+)\""),
        (": PSK", ": EAP", ": XAUTH", ": NTLM"),
    ),
    Shape(
        "private-key",
        re.compile(r"-----BEGIN OpenVPN Static key V1-----\s+[0-9a-f\s]{32,}"),
        ("OpenVPN Static key",),
    ),
    Shape(
        "ceph-key",
        re.compile(rf"(?<![A-Za-z0-9+/])AQ{_B64}{{36}}==(?![A-Za-z0-9+/=])"),
        ("AQ",),
        decoding.looks_random,
    ),
    Shape(
        "scheme-password",
        re.compile(r"\{(?:noop|PLAIN|CLEAR|CLEARTEXT)\}(?P<secret>[^\s:;,\"'<>]+)"),
        ("{noop}", "{PLAIN}", "{CLEAR"),
    ),
    Shape(
        "erlang-cookie",
        re.compile(r"(?<!\S)-setcookie\s+[\"']?(?P<secret>[^\s\"']+)"),
        ("-setcookie",),
    ),
    Shape(
        "table-password",
        re.compile(r"\b(?:mysql|postgresql)\(\s*(?:'[^'\n]*'\s*,\s*){4}'(?P<secret>[^'\n]+)'", re.IGNORECASE),
        ("ySQL(", "ysql(", "greSQL(", "gresql("),
    ),
    Shape(
        "table-password",
        re.compile(r"\bs3\w*\(\s*(?:'[^'\n]*'\s*,\s*){2,3}'(?P<secret>[^'\s]{8,})'", re.IGNORECASE),
        ("s3(", "S3(", "3Cluster("),
        decoding.looks_generated,
    ),
    Shape(
        "scram-password",
        re.compile(r"SCRAM-SHA-(?:256|512)=\[(?:[^\]\n]{0,200},)?password=(?P<secret>[^,\]\s]+)"),
        ("SCRAM-SHA-",),
    ),
    Shape(
        "url-token",
        re.compile(r"https?://[^\s/]+/t/(?P<secret>[a-z]{2}-[0-9a-f-]{10,})(?=/)"),
        ("/t/",),
    ),
    Shape(
        "unseal-key",
        re.compile(r"(?:Unseal|Recovery) Key \d+: (?P<secret>[A-Za-z0-9+/]{40,}={0,2})"),
        ("Key ",),
    ),
    Shape(
        "vault-token",
        re.compile(r"(?:Root Token:?|token)[\"']?\s*[:=]?\s*[\"']?(?P<secret>s\.[A-Za-z0-9]{24})\b", re.IGNORECASE),
        ("s.",),
    ),
    Shape("vault-token", re.compile(r"^s\.[A-Za-z0-9]{24}$"), ("s.",), decoding.looks_random),
    Shape(
        "password-hash",
        re.compile(
            r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}|\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{20,}={0,2}"
            r"|\$[156]\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}|\$argon2(?:id|i|d)\$v=\d+\$[\w=,]+\$[\w+/]+\$[\w+/]+"
            r"|pbkdf2_sha256\$\d+\$\w+\$[\w+/=]+|\$pbkdf2-sha\d+\$[\w.,=/+$]+"
        ),
        ("$1", "$2", "$5", "$6", "$a", "{S", "pbkdf2"),
        confidence="medium",
    ),
    Shape(
        "jwk-private",
        re.compile(r"\"(?:d|k)\"\s*:\s*\"(?P<secret>[\w-]{20,})\""),
        ('"kty"',),
    ),
    Shape(
        "jaas-password",
        re.compile(
            r"\b(?:password|user_[\w.@-]+|keyStorePassword|storePassword|keyPassword|clientSecret|bindCredential)\s*=\s*"
            r"\\?[\"'](?P<secret>[^\"'\\\n]+)\\?[\"']"
        ),
        ("LoginModule",),
    ),
    Shape(
        "jaas-password",
        re.compile(r"\bpassword=(?P<secret>[^\s\"';]+)\s*;"),
        ("LoginModule",),
    ),
)

_SIGNED = tuple((sign, place) for place, shape in enumerate(_KNOWN) for sign in shape.signs)
_ANY_SIGN = re.compile("|".join(sorted({re.escape(sign) for shape in _KNOWN for sign in shape.signs})))

SHAPES: tuple[tuple[str, str], ...] = (
    (
        "url-password",
        r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@\"'<>{}$()%]*:[^\s/?#@\"'<>{}$()]+@[^\s/?#@]",
    ),
    ("private-key", r"-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----"),
    ("encoded-private-key", r"LS0tLS1CRUdJTi(BQUklWQVRF|BSU0EgUFJJVkFURSBLRV|BFQyBQUklWQVRF|BPUEVOU1NIIFBSSVZBVEUg)"),
    ("jwt", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    ("mysql-dsn", r"[^\s:@/\"'${}]+:[^\s@\"'${}]+@(tcp|tcp6|unix)\("),
    ("query-password", r"[?&;](password|passwd|pwd|sslpassword|secret_access_key)=[^\s&;\"'${}<>]"),
    (
        "dsn-password",
        r"([Hh]ost|hostaddr|dbname|[Ss]erver|[Dd]ata [Ss]ource)=.*[ ;]([Pp]assword|[Pp]wd|PWD)=[^\s;\"'${}<>]",
    ),
    *((shape.kind, shape.pattern.pattern.replace("?P<secret>", "")) for shape in _KNOWN if shape.in_schema),
)
"""Kinds and RE2 expressions (no look-around, no back-reference) of secrets that a JSON Schema can refuse."""


def matches(text: str) -> Iterator[Match]:
    """Every part of the text that has the shape of a secret and that somebody could use."""
    masked = references.mask(text)
    if _ANY_SIGN.search(masked):
        for place in dict.fromkeys([place for sign, place in _SIGNED if sign in masked]):
            yield from _of(_KNOWN[place], masked)
    yield from dsn.matches(text, masked)


def _of(shape: Shape, text: str) -> Iterator[Match]:
    group = "secret" if "secret" in shape.pattern.groupindex else 0
    for match in shape.pattern.finditer(text):
        secret = match[group]
        if references.literal(secret) is not None and shape.holds(secret):
            yield Match(shape.kind, shape.confidence, *match.span(group))
