"""`python -m simulator`: serves the simulated tenant until it is stopped."""

import logging
import signal
import sys

from simulator.options import parse
from simulator.server import TenantServer
from simulator.world import World


def main() -> int:
    """Serves until Ctrl-C or SIGTERM; the exit code."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    server = TenantServer(World(parse()))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"simulated tenant: {server.world.base_url}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        server.world.state.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
