from shared.sql.scans.row_keys import PAGES_PER_STEP, ROWS_PER_PAGE, first_row_id


def test_a_key_tells_step_page_and_row() -> None:
    assert first_row_id(42, 3) + 17 == 42_00003_00017


def test_the_last_row_of_a_step_comes_before_the_first_of_the_next() -> None:
    assert first_row_id(7, PAGES_PER_STEP - 1) + ROWS_PER_PAGE == first_row_id(8, 0)


def test_nine_hundred_million_steps_fit_into_a_bigint() -> None:
    assert first_row_id(900_000_000, 0) < 2**63
