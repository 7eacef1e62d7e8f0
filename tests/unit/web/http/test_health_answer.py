from tests.support.browsing import Visit
from web.http.health import health


def test_the_app_says_that_it_runs_without_asking_the_database(visit: Visit) -> None:
    visit.parts.database.dispose()
    del visit.parts.database
    assert visit.ask(health).status == 200
    assert "database" not in vars(visit.parts)
