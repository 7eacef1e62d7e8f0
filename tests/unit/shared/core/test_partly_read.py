"""What was refused, in words."""

from shared.core.partly_read import Unread, sentence, unread_of, with_another

MARIADB = Unread("MariaDB, single scope", "BadRequest", "Azure refused our query (BadRequest).")
REDHAT = Unread("RedHat, shared scope", "NotOffered", "Azure does not offer this.")


def written(*unread: Unread) -> str:
    text = None
    for each in unread:
        text = with_another(text, each)
    return text or ""


def test_what_is_written_is_read_again() -> None:
    assert unread_of(written(MARIADB, REDHAT)) == (MARIADB, REDHAT)
    assert unread_of(None) == ()


def test_each_reason_names_what_it_is_about() -> None:
    assert sentence(written(MARIADB, REDHAT), 30) == (
        "2 of 30 lists were not read, so what they would say is not known. "
        "MariaDB, single scope: Azure refused our query (BadRequest). RedHat, shared scope: Azure does not offer this."
    )


def test_one_is_one() -> None:
    assert sentence(written(MARIADB), 4).startswith("1 of 4 lists was not read, so what it would say is not known. ")


def test_of_many_some_are_named_and_the_rest_counted() -> None:
    many = [Unread(f"list {number}", "BadRequest", MARIADB.reason) for number in range(9)]
    assert "list 0; list 1; list 2; list 3; and 5 more: Azure refused" in sentence(written(*many), 30)
