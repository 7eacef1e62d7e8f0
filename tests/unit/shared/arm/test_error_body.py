import pytest

from shared.arm.error_body import read_error
from shared.arm.request import Json

PARSER = {"code": "ParserFailure", "line": 1, "characterPositionInLine": 17, "token": "wher", "expectedToken": "Ǐ"}

PLACE = "line 1, position 17, at “wher”"


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        (
            {"error": {"code": "BadRequest", "details": [{"code": "InvalidQuery"}, PARSER]}},
            PLACE,
        ),
        (
            {"Error": {"Details": [{key.upper(): value for key, value in PARSER.items()}]}},
            PLACE,
        ),
        ({"error": {"details": [{"line": 2, "characterPositionInLine": 0}]}}, "line 2, position 0"),
        ({"error": {"details": [{"line": "1", "characterPositionInLine": 3}]}}, ""),
        ({"error": {"code": "BadRequest"}}, ""),
        (None, ""),
        ([], ""),
    ],
)
def test_where_in_a_query_the_fault_is(payload: Json, place: str) -> None:
    assert read_error(payload, 400).place == place


def test_a_long_token_is_cut() -> None:
    assert len(read_error({"error": {"details": [{**PARSER, "token": "x" * 500}]}}, 400).place) < 80
