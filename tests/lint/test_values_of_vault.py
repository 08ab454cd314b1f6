"""What VLT001 says of values for the charts of Vault and OpenBao, by what they give to the environment."""

from pathlib import Path

import pytest

from hmco_charts.lint import lint

BAD = Path(__file__).parent / "rules" / "VLT001" / "bad"
STARTS = "the server starts today only because the environment gives the URL, and the key is dead."


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("values_of_the_chart_with_the_url_in_the_environment", "Vault"),
        ("values_with_the_url_in_the_environment", "OpenBao"),
    ],
)
def test_the_server_starts_where_values_give_the_url_by_the_environment(name: str, product: str) -> None:
    (finding,) = lint([BAD / f"{name}.yaml"], select=["VLT001"]).findings
    assert finding.message == f"{product}'s `postgresql` storage has no parameter `connection_string`; {STARTS}"


def test_the_server_stops_where_they_give_another_variable(tmp_path: Path) -> None:
    text = (BAD / "values_of_the_chart_with_the_url_in_the_environment.yaml").read_text()
    (tmp_path / "values.yaml").write_text(text.replace("VAULT_PG_CONNECTION_URL", "VAULT_TOKEN"))
    (finding,) = lint([tmp_path / "values.yaml"], select=["VLT001"]).findings
    assert finding.message.endswith("; Vault stops with 'missing connection_url'.")
