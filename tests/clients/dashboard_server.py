"""Serves Horizon, unmodified, on a free port; run by the Python of its environment, which knows
nothing of ours: ``dashboard_server.py AUTH_URL FOLDER``. Prints its address when it listens.
"""

from __future__ import annotations

import os
import socketserver
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

SETTINGS = """
from openstack_dashboard.settings import *

ALLOWED_HOSTS = ["*"]
CACHES = {{"default": {{"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}}
COMPRESS_ENABLED = COMPRESS_OFFLINE = False
DEBUG = False
OPENSTACK_KEYSTONE_URL = {auth_url!r}
SECRET_KEY = "known to all, as this is a test"
SESSION_ENGINE = "django.contrib.sessions.backends.file"
SESSION_FILE_PATH = {folder!r}
"""


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def log_request(self, code: object = "", size: object = "") -> None:
        pass


def main(auth_url: str, folder: str) -> None:
    (Path(folder) / "served.py").write_text(SETTINGS.format(auth_url=auth_url, folder=folder))
    sys.path.insert(0, folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "served"

    from django.core.wsgi import get_wsgi_application  # type: ignore[import-not-found]

    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
