"""Servers that stand between a client and the endpoint: one that ends TLS, and a proxy. Both record what reaches them."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass
class Proxy:
    """A proxy that is running, and the first line of each request that reached it."""

    address: str
    first_lines: list[str] = field(default_factory=list)


def write_certificate(folder: Path) -> Path:
    """Write a certificate of 127.0.0.1 that signs itself, and its key, into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(
            name,
            name,
            key.public_key(),
            x509.random_serial_number(),
            now - timedelta(days=1),
            now + timedelta(days=1),
        )
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "certificate.pem"
    file.write_bytes(certificate.public_bytes(encoding) + private)
    return file


@contextmanager
def serve_tls(certificate: Path, address: str) -> Iterator[str]:
    """Serve an HTTP address over TLS while the context lasts; yield the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def handle(connection: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            context.wrap_socket(connection, server_side=True) as client,
        ):
            _forward(client, address, client.recv(65536))

    with _serve(handle) as port:
        yield f"https://127.0.0.1:{port}"


@contextmanager
def serve_proxy() -> Iterator[Proxy]:
    """Serve as an HTTP proxy while the context lasts. The proxy refuses to open tunnels."""
    proxy = Proxy("")

    def handle(client: socket.socket) -> None:
        data = client.recv(65536)
        line = data.split(b"\r\n", 1)[0].decode()
        proxy.first_lines.append(line)
        method, target, _ = line.split(" ")
        if method == "CONNECT":
            client.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        else:
            url = urlsplit(target)
            _forward(
                client,
                f"{url.scheme}://{url.netloc}",
                data.replace(f"{url.scheme}://{url.netloc}".encode(), b"", 1),
            )

    with _serve(handle) as port:
        proxy.address = f"http://127.0.0.1:{port}"
        yield proxy


def _forward(client: socket.socket | ssl.SSLSocket, address: str, data: bytes) -> None:
    """Pass what the client sends on to the address, and the answers back, until the client goes away."""
    url = urlsplit(address)
    with socket.create_connection((str(url.hostname), int(url.port or 80))) as server:

        def pass_answers_back() -> None:
            with contextlib.suppress(OSError):
                while chunk := server.recv(65536):
                    client.sendall(chunk)

        threading.Thread(target=pass_answers_back, daemon=True).start()
        while data:
            server.sendall(data)
            data = client.recv(65536)


@contextmanager
def _serve(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    def handle_quietly(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            handle(connection)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(
                    target=handle_quietly, args=[listener.accept()[0]], daemon=True
                ).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
