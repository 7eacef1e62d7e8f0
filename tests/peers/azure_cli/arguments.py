"""Words to a command and its options, refused as the Azure CLI refuses them, by its own specification."""

from collections.abc import Sequence
from typing import Any

from tests.peers.azure_cli.specification import specification

Options = dict[str, list[str]]


class Refused(Exception):
    """The command ends with this exit code and text."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def parse(words: Sequence[str]) -> tuple[str, Options]:
    """Return the command's name and its options by their longest names. Raises Refused with code 2."""
    first = next((number for number, word in enumerate(words) if word.startswith("-")), len(words))
    name = " ".join(words[:first])
    taken = specification().commands.get(name)
    if taken is None:
        raise Refused(f"'{name}' is misspelled or not recognized by the system.", 2)
    options = _options(taken, words[first:])
    missing = [option for option, one in taken.items() if one["required"] and option not in options]
    if missing:
        raise Refused(f"the following arguments are required: {', '.join(missing)}", 2)
    return name, options


def _options(table: dict[str, dict[str, Any]], words: Sequence[str]) -> Options:
    by_name = {spelling: option for option, one in table.items() for spelling in one["names"]}
    found: Options = {}
    current = ""
    for word in words:
        if word in by_name:
            current = by_name[word]
            found[current] = []
        elif word.startswith("--") or not current:
            raise Refused(f"unrecognized arguments: {word}", 2)
        else:
            found[current].append(word)
    for option, values in found.items():
        _check(option, table[option], values)
    return found


def _check(option: str, allowed: dict[str, Any], values: Sequence[str]) -> None:
    least, most = {"none": (0, 0), "?": (0, 1), "one": (1, 1), "many": (1, 99)}[allowed["values"]]
    if not least <= len(values) <= most:
        raise Refused(f"argument {option}: expected {allowed['values']} value, got {len(values)}", 2)
    strange = [
        value for value in values if allowed["choices"] and value.lower() not in map(str.lower, allowed["choices"])
    ]
    if strange:
        raise Refused(f"argument {option}: '{strange[0]}' is not a valid value", 2)
