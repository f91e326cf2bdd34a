"""Somebody who uses the pages over the network."""

import re
import time
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import urlencode

from launcher.ports import HOST

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
PART = re.compile(r'(name|value)="([^"]*)"')
LONGEST = 20


class Answer(NamedTuple):
    """What came back; status 0 where nothing did."""

    status: int
    text: str = ""
    location: str = ""


class Visitor:
    """Signed in where a person is given, with the cookies of a browser."""

    def __init__(self, port: int, staff=None) -> None:
        from django.conf import settings
        from django.test import Client

        self.port, self.staff, self.cookies, self.times = port, staff, {}, []
        if staff:
            client = Client()
            client.force_login(staff, backend=settings.AUTHENTICATION_BACKENDS[0])
            self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page; how long it took is kept."""
        return self._ask("GET", path)[:2]

    def post(self, path: str, **fields: str) -> int:
        """Send the form of a page; gives the status."""
        return self.send(path, **fields).status

    def send(self, path: str, page: str = "", **fields: str) -> Answer:
        """Send a form with the hidden fields of the page it is on, as a browser does."""
        found = self._ask("GET", page or path)
        if found.status != 200:
            return found
        hidden = [dict(PART.findall(tag)) for tag in HIDDEN.findall(found.text)]
        fields = {row["name"]: row.get("value", "") for row in hidden if "name" in row} | fields
        return self._ask("POST", path, urlencode(fields))

    def try_to_send(self, path: str, page: str = "", **fields: str) -> Answer:
        """The same where nobody may answer."""
        try:
            return self.send(path, page, **fields)
        except (OSError, HTTPException) as error:
            return Answer(0, type(error).__name__)

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Host": "localhost"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = HTTPConnection(HOST, self.port, timeout=LONGEST)
        began = time.monotonic()
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            line.close()
            self.times.append(time.monotonic() - began)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return Answer(answer.status, text, answer.headers.get("Location", ""))
