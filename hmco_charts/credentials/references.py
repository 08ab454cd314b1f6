"""What is no secret although it stands where one could: references, placeholders, paths, public material."""

import re

from hmco_charts.credentials import vocabulary

HIDDEN = "\ue000"
"""Stands for each character of an unresolved reference in a masked text."""

_REFERENCE = re.compile(
    r"""
      \$__\w{1,40}\{[^{}\n]{0,300}\}                                    # Grafana $__env{X}, $__file{X}
    | \$?\$\{[^{}\n]{0,300}(?:\{[^{}\n]{0,200}\}[^{}\n]{0,200})?\}      # ${X}, ${X:-y}, ${{ … }}
    | \$\((?:[^()\n]|\([^()\n]{0,200}\)){0,400}\)                       # $(X), $(cat x)
    | \{\{(?:[^{}\n]|\{[^{}\n]{0,80}\}(?!\})){0,400}\}\}                # {{ … }}
    | \{%[^{}\n]{0,400}%\}
    | <%[^<>\n]{0,400}%>
    | \[\[[^\[\]\n]{0,200}\]\]
    | [#%]\{[^{}\n]{0,200}\}                                            # #{X}, %{X}
    | (?<![^\s\"'=:/])@\{[^{}\n]{0,200}\}                               # Telegraf's @{store:x}
    | %\([\w.-]{1,80}\)[sd]
    | <[A-Za-z][\w\s.-]{0,80}>                                          # <password>
    | ENC[\[(][^\[\](){}\n]{0,4000}[\])]                                     # SOPS, Jasypt
    """,
    re.VERBOSE,
)
_SIGN = re.compile(r"\$[{($_]|\{[{%]|<|[#%@][{(]|\[\[|ENC")
_WHOLE_REFERENCE = re.compile(
    r"""
      \$\$?(?:[A-Za-z_]\w*|\d)(?:\[[^\]]*\])? | \$[A-Za-z_][\w-]*[.:][\w.:-]+
    | (?-i:\$[a-z]+(?:-[a-z]+)+)                                         # Argo CD's $email-password
    | \$[A-Za-z_]\w*(?:[:/.,@-]+\$[A-Za-z_]\w*)+
    | [`].* | \{cipher\}.+ | \$ANSIBLE_VAULT;.*
    | @@?[A-Za-z_][\w.-]*@@? | %%?[A-Za-z_]\w*%%?
    | (?:[\w:@./-]*%[sdvq])+[\w:@./-]* | __[A-Za-z]\w*__ | (?-i:_[A-Z][A-Z0-9_]*_)
    | \{[A-Za-z_][\w.:-]*\} | :[A-Za-z_]\w*
    | \{[A-Za-z0-9+/]{8,}={0,2}\}                                        # encrypted by Maven
    | \{vault://.*\}                                                      # Kong
    | <[/~.$][\w./${}-]*                                                 # Dovecot's </run/secrets/x
    | \?\d* | os\.environ/\w+
    | \{\{.*                                                            # of a template, cut at a quote within
    | (?:var|local|data|module|self|this|req|request|response|config|cfg|conf|env|secrets?|props|ctx|context|args|opts
        |settings|options|params|process|os|event|input|inputs|each|values|state|user|session|form|body|ngx|document
        |random_password|kubernetes_secret|vault_generic_secret|aws_ssm_parameter|viper|system|auth)
      (?:\.[\w$-]+|\[[^\]]*\])+(?:\(.*\))?;?
    | \.[A-Za-z][\w.]* | (?-i:\.[a-z][a-z-]*)                           # .Values.x, .data.x, a selector of CSS
    | \$\.[\w.\[\]*]+                                                   # JSONPath
    | (?:await\s+|new\s+|return\s+)?[A-Za-z_][\w.$]*(?:<[^<>]*>)?\(.*\).*   # a call
    | !(?:vault|secret|env|ref|sub|include|file|input|getatt|env_var)\b.*
    | (?:vault|secretref|secrets?|env|environment|file|classpath|resource|exec|cmd|ref\+\w+|op|bao|ssm|sm|gsm|awssm
        |keyvault|akv|keyring|keychain|bws|doppler|aws-sm|gcp-sm|azure-kv|k8s|kubernetes|sops|prompt|credential
        |aws-secrets(?:-?manager)?|secretsmanager|gcpsecretmanager|awssecrets|passwordstore|asm|azkv|docker-secret)
      :.+
    | @Microsoft\.KeyVault\(.+\) | arn:aws[\w-]*:.+ | projects/[^/]+/secrets/.+ | https?://[\w.-]+\.vault\.azure\.net/.*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_DEFAULT = re.compile(
    r"\$\{(?:\??(?P<name>[\w.\[\]-]+):[-=]?|(?P<variable>[A-Z_][A-Z0-9_]*)[-=]|(?:env|sys|ENV):[\w.]+:-?)(?P<literal>[^${}]*)\}"
)
_CODE_DEFAULT = re.compile(
    r"""(?:os\.(?:environ\.get|getenv)|getenv|get_env_variable|env|config|process\.env\.\w+)\s*(?:\(\s*["'][\w.]+["']\s*,|\s*(?:\|\||\?\?))
        \s*["'](?P<literal>[^"'\n]+)["']\s*\)?;?""",
    re.VERBOSE,
)
_PROVIDERS = frozenset(
    {"env", "file", "dir", "directory", "sys", "vault", "secretsmanager", "secretManager", "ENV", "date", "ssm"}
    | {"secret", "secrets", "configmaps"}
)

_WORDS_FOR_NOTHING = vocabulary.words("words_for_nothing")
_PLACEHOLDER = re.compile(
    r"""
      <.*> | \[[A-Za-z][\w\s-]*\] | \(.*\)
    | x{3,} | X[Xx-]{2,} | (?:x{3,8}[-_])+x{3,12}
    | [\W_]+
    | your[-_. ].* | your(?:password|secret|token|api_?key|key|db|pass)\w*
    | (?:enter|insert|put|add|paste|type|provide|fill|set|use)[-_ ](?:in[-_ ])?(?:your|the|a|my|here|real|actual)[-_ ].*
    | (?:[\w-]+[-_ ])?goes[-_ ]here | (?:insert|add|put|your)[-_ ].*here
    | (?:redacted|removed|masked|filtered|sanitized|hidden|omitted)\b.*
    | (?:dummy|fake|mock|example|placeholder|sample)(?:[-_ ].*)?
    | not[-_ ]?(?:a[-_ ]?)?(?:used|real|needed|required|set|secret|applicable|configured).*
    | (?:un)?used | todo\b.* | fixme\b.* | tbd\b.*
    | (?:from|see|in|via|provided|injected|managed|stored|supplied|loaded|set)[-_ ]
      (?:by|in|via|from|the|env|environment|secret|vault|a)\b.*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UPPER_PLACEHOLDER = re.compile(
    r"REPLACE_?(?:WITH|ME|THIS|BY)?(?:_\w+)*|(?:PUT|INSERT|ENTER|ADD|TODO)_\w+|\w+_(?:HERE|PLACEHOLDER)"
    r"|(?:MY|YOUR|SOME)_?[A-Z_]*(?:TOKEN|SECRET|PASSWORD|KEY)\d*"
)
_CHANGE_ME = re.compile(
    r"change[-_. ]?(?:me|it|this|now|in|the|before|please)|changed[-_ ]in|override[-_ ]this|must[-_ ]be[-_ ]changed"
    r"|replace[-_ ]?me",
    re.IGNORECASE,
)
_VENDOR_DEFAULTS = vocabulary.words("vendor_defaults")
_PATH = re.compile(r"@?(?:\.{0,2}|~|\$\w+)/[\w.${}-]+(?:/[\w.${}@:-]*)*|[A-Za-z]:[\\/].*")
_KEY_VALUE_PATH = re.compile(r"(?:secrets?|kv(?:-?v?[12])?)(?:/[\w.${}-]+)+")
_FILE_NAME = re.compile(
    r"[\w./-]+\.(?:pem|key|crt|cert|cer|der|jks|p12|pfx|keystore|truststore|txt|json|ya?ml|conf|cfg|ini|properties|xml|toml"
    r"|env|db|pub|asc|gpg|jwt|token|password|passwd|secret|htpasswd|keytab|sh|py|js|html?|sql|kdbx|so|log)"
)
_PUBLIC = re.compile(
    r"-----BEGIN\s(?:[A-Z0-9]+\s)*(?:CERTIFICATE|PUBLIC\sKEY|X509\sCRL|DH\sPARAMETERS|EC\sPARAMETERS)"
    r"|ssh-(?:rsa|ed25519|dss)\s|ecdsa-sha2-|pk_(?:live|test)_|sha(?:1|256|384|512)[:-]|urn:|spiffe://"
)
_BARE_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}://\S*")
_HEADER_NAME = re.compile(
    r"X(?:-[A-Za-z]+)*-(?:Auth|Authorization|Email|Groups?|Id|Key|Secret|Signature|Token|User(?:name)?)"
)
_CLASS_NAME = re.compile(r"(?:[a-z_]\w*\.){2,}[A-Z]\w*")
_REGEX = re.compile(r"\^.*\$|.*(?:\.\*|\.\+|\\[dwsb]|\(\?[:=!<i]|\[\^?[aA0]-[zZ9]).*", re.DOTALL)
_DURATION_OR_SIZE = re.compile(
    r"[-+]?\d+(?:\.\d+)?\s?(?:ns|us|ms|s|m|h|d|w|y|[kmgt]i?b?|%|sec|secs|seconds?|minutes?|hours?|days?)", re.IGNORECASE
)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
_ENV_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_MIXED = re.compile(r"[A-Za-z][\d@$!#%&*]+[A-Za-z]")
"""Within a word of a password, as in `Tr0ub4dor` and `P@ss`."""
_TALKING = vocabulary.words("talking")
_FEWEST_TALKING = 2
_SENTENCE = re.compile(r"\S+(?:\s+\S+)+")
_PASSWORD_IN_WORDS = re.compile(
    r"(?:pass\s?w(?:or)?[dt]|kennwort|contraseñ|contrasen|mot\sde\spasse|senha|palavra|hasł|парол|密码|密碼|口令|パスワード"
    r"|비밀번호|암호|wachtwoord|lösenord|passord|adgangskode|salasana|parola|şifre|heslo|jelszó|mật\skhẩu|kata\ssandi|סיסמ|كلمة)"
    r"[^\W\d_]*",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """The text with every unresolved reference blanked, each character by `HIDDEN`; offsets stay."""
    if not _SIGN.search(text):
        return text
    return _REFERENCE.sub(lambda match: HIDDEN * len(match.group()), text)


def is_reference(text: str) -> bool:
    """Whether the text, or a part of it, is resolved elsewhere."""
    return HIDDEN in mask(text) or bool(_WHOLE_REFERENCE.fullmatch(text))


def fallback(text: str) -> tuple[int, int] | None:
    """Where the literal stands that a reference falls back to, as in `${X:-literal}`."""
    for pattern in (_DEFAULT, _CODE_DEFAULT):
        match = pattern.fullmatch(text)
        if match and match["literal"] and match.groupdict().get("name") not in _PROVIDERS:
            return match.span("literal") if match["literal"][0] not in "?+:" else None
    return None


def literal(text: str) -> tuple[int, int] | None:
    """Where in the text a literal stands that could be a secret by itself; None for references and placeholders."""
    start, end = _stripped(text)
    value = text[start:end]
    span = fallback(value)
    if span:
        inner = value[slice(*span)]
        return (start + span[0], start + span[1]) if not is_placeholder(inner) else None
    if is_placeholder(value) or is_reference(value):
        return None
    return start, end


def is_placeholder(value: str) -> bool:
    """Whether nobody could log in with this text: nothing, a word for nothing, or a form to fill in."""
    return (
        not value
        or value.lower() in _WORDS_FOR_NOTHING
        or bool(_PLACEHOLDER.fullmatch(value))
        or bool(_UPPER_PLACEHOLDER.fullmatch(value))
    )


def is_well_known(value: str) -> bool:
    """Whether the text is a default or a `changeme` that works as a password and that everybody tries first."""
    return value.lower() in _VENDOR_DEFAULTS or bool(_CHANGE_ME.search(value))


def is_number(value: str) -> bool:
    """Whether the text is a number."""
    return bool(_NUMBER.fullmatch(value))


def is_quantity(value: str) -> bool:
    """Whether the text is a duration or a size with its unit."""
    return bool(_DURATION_OR_SIZE.fullmatch(value))


def is_path(value: str) -> bool:
    """Whether the text names a file, or a secret by its path in Vault."""
    return bool(_PATH.fullmatch(value) or _FILE_NAME.fullmatch(value) or _KEY_VALUE_PATH.fullmatch(value))


def is_public(value: str) -> bool:
    """Whether the text is meant to be seen by everybody: certificates, public keys, checksums."""
    return bool(_PUBLIC.match(value))


def is_name(value: str) -> bool:
    """Whether the text names something in a program: a class, a URL, a pattern, a header of HTTP."""
    return any(form.fullmatch(value) for form in (_CLASS_NAME, _HEADER_NAME, _BARE_URL, _REGEX))


def is_variable_name(value: str) -> bool:
    """Whether the text is written like the name of an environment variable."""
    return bool(_ENV_NAME.fullmatch(value))


def is_sentence(value: str) -> bool:
    """Whether the text is written for people to read, as in a translation bundle."""
    if _PASSWORD_IN_WORDS.fullmatch(value):
        return value not in {"password", "passwd"}
    if not _SENTENCE.fullmatch(value) or " " not in value:
        return False
    if sum(word.strip(",.") in _TALKING for word in value.lower().split()) >= _FEWEST_TALKING:
        return True
    is_mixed = bool(_MIXED.search(value)) and not _PASSWORD_IN_WORDS.search(value)
    return not is_mixed and (value[0].isupper() or value[-1] in ".?!:…" or bool(_PASSWORD_IN_WORDS.search(value)))


def is_label(value: str) -> bool:
    """Whether a text of a few words tells people what to do or what is wrong."""
    words = {word.strip(",.") for word in value.lower().split()}
    return not words.isdisjoint(_TALKING) or value[-1] in ".?!:…" or bool(_PASSWORD_IN_WORDS.search(value))


def _stripped(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, start + len(text.strip())
