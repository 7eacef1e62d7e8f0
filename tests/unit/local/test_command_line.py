from datetime import date

import pytest

from local.command_line import COMMANDS, LARGEST_PORT, WRONG_USAGE, parse


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--port", "0"], "'0' is not a port: give a number from 1 to 65534"),
        (["--port", "65535"], "'65535' is not a port"),
        (["serve", "--port", "70x"], "'70x' is not a port"),
        (["scan", "--port", "-1"], "'-1' is not a port"),
        (["scam"], "there is no command 'scam'"),
        (["purge", "--as-of", "tomorrow"], "'tomorrow' is not a date: write it as YYYY-MM-DD"),
        (["purge", "--as-of", "2026-02-30"], "'2026-02-30' is not a date"),
        (["purge"], "required: --as-of"),
        (["delete", "--tenant", "x"], "required: --reason"),
        (["scan", "--seed", "one"], "'one' is not a whole number"),
        (["scan", "--speed-up", "0"], "'0' is not a number above 0"),
        (["scan", "--speed-up", "nan"], "'nan' is not a number above 0"),
        (["--size", "huge"], "invalid choice: 'huge'"),
        (["--as-of", "2026-01-01"], "unrecognized arguments"),
    ],
)
def test_a_wrong_command_line_gets_one_line_and_the_list_of_commands(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == WRONG_USAGE
    printed = capsys.readouterr()
    line, *rest = printed.err.splitlines()
    assert printed.out == ""
    assert message in line
    assert [word for word in COMMANDS if not any(row.startswith(f"  {word} ") for row in rest)] == []


def test_without_a_command_it_serves() -> None:
    assert parse([]).command == "serve"
    assert parse(["--size", "tiny"]).command == "serve"


def test_the_largest_port_leaves_one_for_the_simulated_tenant() -> None:
    assert parse(["--port", str(LARGEST_PORT)]).port + 1 == 65535


def test_a_day_is_read() -> None:
    assert parse(["purge", "--as-of", "2026-11-30"]).as_of == date(2026, 11, 30)
