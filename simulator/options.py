"""The command line of `python -m simulator`."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from simulator.configuration import NEUTRAL, Configuration, InvalidConfiguration, load
from simulator.estate.subscriptions import MOST_GROUPINGS
from simulator.fault_profiles import FAULT_PROFILES, NONE

SIZES = ("tiny", "small", "medium", "large")
ESTATE_HELP = "`hard` adds what Azure refuses, `committed` reservations and savings plans"
ESTATES = ("plain", "hard", "committed", "varied")


@dataclass(frozen=True)
class Options:
    """The command line, parsed. `speed_up` divides the length of Azure's quota windows."""

    port: int = 7072
    seed: int = 1
    size: str = "small"
    estate: str = "plain"
    state_dir: Path = Path(".simulator")
    speed_up: float = 60.0
    app_urls: tuple[str, ...] = ("http://127.0.0.1:7071",)
    token_life_seconds: int = 3599
    faults: str = NONE
    most_groupings: int = MOST_GROUPINGS
    configuration: Configuration = NEUTRAL


def parse(arguments: list[str] | None = None) -> Options:
    """Parse a command line; ends the process where it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A simulated Azure tenant.")
    defaults = Options()
    parser.add_argument("--port", type=int, default=defaults.port, help="0 lets the system choose")
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--size", choices=SIZES, default=defaults.size)
    parser.add_argument("--estate", choices=ESTATES, default=defaults.estate, help=ESTATE_HELP)
    parser.add_argument("--state-dir", type=Path, default=defaults.state_dir)
    parser.add_argument("--speed-up", type=float, default=defaults.speed_up, help="shortens quota windows")
    parser.add_argument("--app-url", action="append", dest="app_urls", help="where the app is served; repeatable")
    parser.add_argument("--token-life-seconds", type=int, default=defaults.token_life_seconds)
    parser.add_argument(
        "--most-groupings", type=int, default=defaults.most_groupings, help="a cost query with more is refused (min. 2)"
    )
    parser.add_argument("--faults", choices=tuple(FAULT_PROFILES), default=defaults.faults, help="fault profile")
    parser.add_argument("--config", type=_configuration, dest="configuration", default=NEUTRAL, metavar="FILE.json")
    values = vars(parser.parse_args(arguments))
    values["app_urls"] = tuple(values["app_urls"] or defaults.app_urls)
    return Options(**values)


def _configuration(text: str) -> Configuration:
    try:
        return load(Path(text))
    except InvalidConfiguration as error:
        raise argparse.ArgumentTypeError(str(error)) from None
