"""Log lines of a local run, on stderr."""

import logging
import sys

FORMAT = "%(asctime)s %(levelname)-7s %(name)s %(message)s"

OUR_LOGGERS = ("caleta", "collectors", "local", "retention", "shared", "web")


def log_to_stderr(level: int = logging.INFO) -> None:
    """Log our own loggers from `level` on, others from WARNING on."""
    logging.basicConfig(stream=sys.stderr, format=FORMAT, level=logging.WARNING)
    for name in OUR_LOGGERS:
        logging.getLogger(name).setLevel(level)
