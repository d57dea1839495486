"""An endpoint that stands in for AWS: moto's server, in memory, on loopback."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from moto.moto_server.threaded_moto_server import ThreadedMotoServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def endpoint() -> Iterator[str]:
    """Serve Clean Rooms and STS on a free port of 127.0.0.1 while the context lasts; yields the address, ``http://127.0.0.1:PORT``."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line a request otherwise
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()
