"""A scan that is asked for in the same moment as “Delete everything” does not outlive it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.core.errors import ConsentDeleted
from shared.core.periods import last_complete_months
from tests.support.browsing import Visit
from tests.support.collecting import TENANT, USER
from web.customer.scans import scan_start
from web.privacy.data_rights import data_delete

EVERYTHING = {"what": "everything"}


def test_of_both_at_once_no_scan_is_left(visit: Visit) -> None:
    for _ in range(8):
        visit.consent()
        with ThreadPoolExecutor(4) as pool:
            starts = [pool.submit(visit.ask, scan_start, "POST") for _ in range(2)]
            deletion = pool.submit(visit.visit, data_delete, "POST", form=EVERYTHING)
            starts += [pool.submit(visit.ask, scan_start, "POST") for _ in range(2)]
        assert deletion.result().status in (303, 401)
        assert {start.result().status for start in starts} <= {303, 401, 404}
        assert visit.parts.scans.recent(TENANT, USER, 10) == []
        visit.parts.time.sleep(86_400)


def test_after_the_deletion_an_open_session_starts_nothing(visit: Visit) -> None:
    visit.consent()
    visit.visit(data_delete, "POST", form=EVERYTHING)
    visit.sign_in()
    assert visit.ask(scan_start, "POST").status == 401
    now = visit.parts.clock.now()
    with pytest.raises(ConsentDeleted):
        visit.parts.scans.create(TENANT, USER, last_complete_months(now.date()), now)
