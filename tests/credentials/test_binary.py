"""Binary data of a ConfigMap."""

import pytest

from hmco_charts.credentials import find_in_bytes

PKCS8 = bytes.fromhex("308204be020100300d06092a864886f70d0101010500")
PKCS1 = bytes.fromhex("308204a30201000282010100c0")
SEC1 = bytes.fromhex("30770201010420") + b"k" * 32
PKCS12 = bytes.fromhex("3082093f0201033082")
JKS = bytes.fromhex("feedfeed00000002")
ENTRY = b"\0\0\0\2\0\3ca1" + b"\0" * 8 + b"\0\5X.509" + b"\0\0\0\6\x30\x82\0\2\5\0"
JKS_OF_CERTIFICATES = JKS + b"\0\0\0\1" + ENTRY
PKCS12_OF_CERTIFICATES = bytes.fromhex("30820010020103300b06092a864886f70d010701")


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (PKCS8, "tls.der", [("private-key", "high")]),
        (PKCS1, "rsa.der", [("private-key", "high")]),
        (SEC1, "ec.der", [("private-key", "high")]),
        (PKCS12, "server.p12", [("key-store", "high")]),
        (JKS, "keystore.jks", [("key-store", "high")]),
        (JKS, "truststore.jks", [("key-store", "low")]),
        (JKS_OF_CERTIFICATES, "cacerts", []),
        (JKS_OF_CERTIFICATES.replace(b"\2\0\3ca1", b"\1\0\3ca1"), "store.jks", [("key-store", "high")]),
        (JKS_OF_CERTIFICATES[:-4], "store.jks", [("key-store", "high")]),
        (PKCS12_OF_CERTIFICATES, "store.p12", [("key-store", "low")]),
        (b"password: hunter2\n", "config.yaml", [("literal", "medium")]),
        (b"\xef\xbb\xbfpassword: hunter2\n", "config.yaml", [("literal", "medium")]),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "logo.png", []),
        (b"\x1f\x8b\x08\x00password=x", "dashboards.tgz", []),
        (bytes.fromhex("3082018d30820133a003020102"), "ca.der", []),
        (b"", "empty", []),
    ],
)
def test_binary_data_is_judged_by_its_first_bytes_or_its_text(
    data: bytes, name: str, expected: list[tuple[str, str]]
) -> None:
    assert [(hit.kind, hit.confidence) for hit in find_in_bytes(data, name)] == expected
