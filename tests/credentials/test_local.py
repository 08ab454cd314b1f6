"""A password for a server of the same machine is told as local, one that another machine may take is not."""

import pytest

from hmco_charts import credentials


def local(text: str) -> list[bool]:
    return [hit.is_local for hit in credentials.find(f"{text}\n", "app.conf")]


@pytest.mark.parametrize(
    "text",
    [
        "url = postgres://app:Xk29dkPq@localhost:5432/app",
        "url = postgres://app:Xk29dkPq@localhost/app?host=127.0.0.1",
        "url = mongodb://app:Xk29dkPq@127.0.0.1:27017,[::1]:27017/app",
        "url = jdbc:postgresql://localhost/app?user=app&password=Xk29dkPq",
        "dsn = host=localhost dbname=app password=Xk29dkPq",
    ],
)
def test_a_server_of_the_same_machine_is_local(text: str) -> None:
    assert local(text) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "url = postgres://app:Xk29dkPq@localhost.example.com/app",
        "url = postgres://app:Xk29dkPq@localhost/app?host=db.example.com",
        "url = postgres://app:Xk29dkPq@localhost/app?host=/cloudsql/project:region:instance",
        "url = postgres://app:Xk29dkPq@localhost/app?hostaddr=10.0.0.1",
        "url = http://localhost/login?next=https://api.example.com/?password=Xk29dkPqzz81",
        "url = https://api.example.com/?back=http://localhost/&password=Xk29dkPqzz81",
        "url = jdbc:sqlserver://localhost;serverName=db.example.com;password=Xk29dkPq",
        "dsn = dbname=app dbhost=db.example.com smtp-host=localhost password=Xk29dkPq",
        "dsn = Data Source=localhost;Failover Partner=db2.example.com;User Id=a;Password=Xk29dkPq",
        "dsn = Driver={X};HOSTNAME=db.example.com;Address=127.0.0.1;UID=a;PWD=Xk29dkPq",
    ],
)
def test_a_server_of_another_machine_is_not(text: str) -> None:
    assert True not in local(text)
    assert local(text)
