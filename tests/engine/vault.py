"""A stand-in for Vault, which keeps the keys of stacks.

With a passphrase, every command of the engine would derive the key anew, and take a quarter of a
second for it. This one hides a key as text that anybody can read.
"""

from __future__ import annotations

import json
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRETS_PROVIDER = "hashivault://tests"
_MARK = "vault:v1:"


class _Transit(BaseHTTPRequestHandler):
    """The two operations of Vault's engine `transit` that Pulumi calls."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "plaintext" in body:
            data = {"ciphertext": _MARK + body["plaintext"]}
        else:
            data = {"plaintext": body["ciphertext"].removeprefix(_MARK)}
        answer = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@cache
def start_vault() -> dict[str, str]:
    """Start the stand-in, which ends with this process; return the variables that name it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Transit)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return {
        "VAULT_SERVER_URL": f"http://127.0.0.1:{server.server_port}",
        "VAULT_SERVER_TOKEN": "any",
    }
