"""Horizon as a process, and somebody who looks at its pages."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from tests.clients.service import Service, environment

PYTHON = Path(sys.executable).parents[1] / "dashboard" / "bin" / "python"
SERVER = Path(__file__).with_name("dashboard_server.py")


class Dashboard:
    """A browser without scripts: cookies, forms, redirects."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._cookies = CookieJar()
        self._browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._cookies)
        )

    def log_in(self, service: Service) -> None:
        clouds = yaml.safe_load((service.state / "clouds.yaml").read_text())["clouds"]
        account = clouds["isotherm"]["auth"]
        self.page("/auth/login/")
        self.submit(
            "/auth/login/",
            auth_type="credentials",
            domain="Default",
            region="default",
            username=account["username"],
            password=account["password"],
        )

    def page(self, path: str, **query: str) -> Page:
        return self._open(urllib.request.Request(f"{self._url}{path}?{urlencode(query)}"))

    def row(self, stack_id: str) -> str:
        """What the list of stacks shows of one, as its script asks for it."""
        query = urlencode({"action": "row_update", "table": "stacks", "obj_id": stack_id})
        headers = {"X-Requested-With": "XMLHttpRequest"}
        request = urllib.request.Request(f"{self._url}/project/stacks/?{query}", None, headers)
        return self._open(request).text

    def submit(self, path: str, **fields: str) -> Page:
        (token,) = [each.value for each in self._cookies if each.name == "csrftoken"]
        body = urlencode({**fields, "csrfmiddlewaretoken": token or ""}).encode()
        return self._open(urllib.request.Request(self._url + path, body))

    def _open(self, request: urllib.request.Request) -> Page:
        with self._browser.open(request, timeout=120) as reply:
            return Page(reply.read().decode())


class Page:
    """What somebody sees, and the fields of its form."""

    def __init__(self, source: str) -> None:
        self.source = source
        shown = re.sub(r"<(script|style|head)\b.*?</\1>", " ", source, flags=re.DOTALL)
        self.text = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", shown)))

    def field(self, name: str) -> str:
        """The value of a field that the form carries along."""
        tag = re.search(rf'<input[^>]*\bname="{name}"[^>]*>', self.source)
        assert tag is not None, self.text
        value = re.search(r'\bvalue="([^"]*)"', tag[0])
        return html.unescape(value[1]) if value else ""

    def choices(self, name: str) -> Mapping[str, str]:
        """What a list of the form offers: shown text to value."""
        found = re.search(rf'<select name="{name}".*?</select>', self.source, re.DOTALL)
        assert found is not None, self.text
        options = re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', found[0])
        return {html.unescape(text): value for value, text in options}

    def data(self) -> Any:
        return json.loads(self.source)


@contextmanager
def running_dashboard(service: Service, folder: Path) -> Iterator[Dashboard]:
    with (folder / "dashboard.log").open("w") as log:
        process = subprocess.Popen(
            [str(PYTHON), str(SERVER), f"{service.url}/identity/v3", str(folder)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment(),
        )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, (folder / "dashboard.log").read_text()
        yield Dashboard(url)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
