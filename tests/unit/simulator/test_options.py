from pathlib import Path

import pytest

from simulator.options import Options, parse


def test_nothing_said_is_the_default() -> None:
    assert parse([]) == Options()


def test_everything_can_be_said() -> None:
    text = "--port 1 --seed 2 --size large --estate hard --state-dir x --speed-up 3 --app-url a --app-url b"
    options = parse([*text.split(), "--token-life-seconds", "60", "--faults", "azure"])
    assert options == Options(1, 2, "large", "hard", Path("x"), 3.0, ("a", "b"), 60, "azure")


def test_an_unknown_size_ends_the_process() -> None:
    with pytest.raises(SystemExit):
        parse(["--size", "huge"])
