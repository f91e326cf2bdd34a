"""Ports: whether one is free, and what a page on it answers."""

import http.client
import socket
from contextlib import closing

from launcher.trouble import Trouble

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server of ours could listen on the port."""
    with closing(socket.socket()) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, port))
        except OSError:
            return False
    return True


def check_free(port: int) -> None:
    """Refuses a port that another program has, and names one that is free."""
    if not is_free(port):
        free = next((other for other in range(max(port, 1023) + 1, 65536) if is_free(other)), 0)
        raise Trouble(f"Port {port} is taken or not allowed: pass another one, for example --port {free}.")


def read(port: int, path: str) -> tuple[int, bytes]:
    """Status and body of a page, asked for as a reverse proxy would; status 0 where nobody answers."""
    headers = {"Host": f"localhost:{port}", "X-Forwarded-Proto": "https"}
    with closing(http.client.HTTPConnection(HOST, port, timeout=10)) as connection:
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
