"""The address of PostgreSQL says how far its certificate is looked at, and who signs it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from servers import log_file
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from infra.certificates import Authority
from infra.settings import Settings
from services import bootstrap
from services.bootstrap import Platform
from services.commandline import security_checks
from services.commandline.checks import CheckResult
from services.local import postgres
from services.local.postgres import NOBODY, LocalPostgres

# The package's own PostgreSQL is built without TLS.
WITH_TLS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))

pytestmark = pytest.mark.skipif(not WITH_TLS, reason="needs Debian's postgresql")


class SecurePostgres(LocalPostgres):
    def __init__(self, directory: Path) -> None:
        self.ca, self.foreign = Authority(directory / "ca"), Authority(directory / "foreign")
        self.ca.found()
        self.foreign.found()
        certificate, key = self.ca.issue("postgres", ["127.0.0.1"])
        if os.geteuid() == 0:
            os.chown(key, NOBODY, NOBODY)
        settings = ["ssl=on", f"ssl_cert_file={certificate}", f"ssl_key_file={key}"]
        log = log_file("secure-postgres")
        super().__init__(directory, log, fsync=False, settings=settings, temporary=True)

    def asked(self, **query: str) -> Platform:
        url = make_url(self.url).update_query_dict(query)
        shown = url.render_as_string(hide_password=False)
        return bootstrap.platform(Settings(database_url=SecretStr(shown)))


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecurePostgres]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres, "programs", lambda: WITH_TLS[-1])
        patch.setattr(security_checks, "OF_THIS_MACHINE", set())
        server = SecurePostgres(tmp_path_factory.mktemp("secure"))
        server.start()
        yield server
        server.stop()


def test_a_server_whose_certificate_is_believed_is_spoken_to_in_secret(
    secure: SecurePostgres,
) -> None:
    platform = secure.asked(sslmode="verify-full", sslrootcert=str(secure.ca.certificate))
    with platform.database.read() as connection:
        query = text("SELECT ssl FROM pg_stat_ssl WHERE pid=pg_backend_pid()")
        assert connection.execute(query).scalar_one()
    assert security_checks.encryption(platform).result is CheckResult.OK
    platform.close()


def test_a_server_that_somebody_else_vouches_for_is_not_spoken_to(secure: SecurePostgres) -> None:
    platform = secure.asked(sslmode="verify-full", sslrootcert=str(secure.foreign.certificate))
    with pytest.raises(OperationalError, match="certificate verify failed"):
        platform.prepare()
    platform.close()


def test_the_doctor_warns_of_a_way_that_others_can_read(secure: SecurePostgres) -> None:
    platform = secure.asked(sslmode="disable")
    found = security_checks.encryption(platform)
    assert found.result is CheckResult.WARN
    assert "sslmode=verify-full" in found.do
    platform.close()
