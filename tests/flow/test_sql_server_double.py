"""A whole scan over the double of SQL Server: host, queues, functions and pages send it nothing but T-SQL."""

from pathlib import Path

from shared.core.models import ScanKey
from shared.sql.collected.recommendations import Recommendations
from simulator.people import CONTOSO
from tests.flow.walking import Walker, ended, local_run
from tests.peers.sqlserver.server import DoubledDatabase
from tests.support.databases import double_of_sql_server


def test_from_the_consent_to_the_report(tmp_path: Path) -> None:
    with double_of_sql_server(), local_run(tmp_path) as run:
        assert isinstance(run.services.database, DoubledDatabase)
        walker = Walker(run)
        page = ended(walker, walker.sign_in("owner@contoso.example"))
        scan_id = page.url.rpartition("/")[2]
        assert walker.open(f"{page.url}/report").status == 200
        counts = Recommendations(run.services.database).row_counts(ScanKey(CONTOSO.tenant_id, scan_id))
        assert counts["costs"] > 100
        assert counts["inventory"] > 10
        assert run.services.database.server.connected > 2, "a writer and readers"
