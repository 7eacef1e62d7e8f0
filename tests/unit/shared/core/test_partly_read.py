"""What was refused, in words."""

from shared.core.partly_read import RefusedRequest, refused_requests, sentence, with_refusal

MARIADB = RefusedRequest("MariaDB, single scope", "BadRequest", "Azure refused our query (BadRequest).")
REDHAT = RefusedRequest("RedHat, shared scope", "NotOffered", "Azure does not offer this.")


def written(*unread: RefusedRequest) -> str:
    text = None
    for each in unread:
        text = with_refusal(text, each)
    return text or ""


def test_what_is_written_is_read_again() -> None:
    assert refused_requests(written(MARIADB, REDHAT)) == (MARIADB, REDHAT)
    assert refused_requests(None) == ()


def test_each_reason_names_what_it_is_about() -> None:
    assert sentence(written(MARIADB, REDHAT), 30) == (
        "2 of 30 lists were not read; their content is unknown. "
        "MariaDB, single scope: Azure refused our query (BadRequest). RedHat, shared scope: Azure does not offer this."
    )


def test_one_is_one() -> None:
    assert sentence(written(MARIADB), 4).startswith("1 of 4 lists was not read; its content is unknown. ")


def test_of_many_some_are_named_and_the_rest_counted() -> None:
    many = [RefusedRequest(f"list {number}", "BadRequest", MARIADB.reason) for number in range(9)]
    assert "list 0; list 1; list 2; list 3; and 5 more: Azure refused" in sentence(written(*many), 30)
