"""The stand-in for the Azure CLI refuses what the real one refuses, by the real one's own table."""

import pytest

from bicep import commands
from tests.architecture.az_commands import of_code
from tests.peers.azure_cli.arguments import Refused, parse


@pytest.mark.parametrize("words", of_code(), ids=lambda words: " ".join(words)[:60])
def test_it_takes_every_command_of_the_deployment(words: tuple[str, ...]) -> None:
    name, options = parse(words)
    assert words[: len(name.split())] == tuple(name.split())
    assert len(options) == len([word for word in words if word.startswith("--")])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sql server updat --name s", "misspelled or not recognized"),
        ("group show", "the following arguments are required: --resource-group"),
        ("group show --name g --colour red", "unrecognized arguments: --colour"),
        ("group show --name", "expected one value, got 0"),
        ("group show --name g h", "expected one value, got 2"),
        ("keyvault update --name v --public-network-access Open", "'Open' is not a valid value"),
        ("provider register --namespace n --wait now", "expected none value, got 1"),
    ],
)
def test_it_refuses_what_the_real_one_refuses(line: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as raised:
        parse(line.split())
    assert raised.value.code == 2


def test_a_command_is_printed_as_a_shell_takes_it() -> None:
    assert str(commands.desk_consent("id")).endswith("--scope 'openid profile'")
