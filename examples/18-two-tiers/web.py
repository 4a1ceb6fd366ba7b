"""Answers with a page that counts its visits in the database."""

import json
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

TITLE, DATABASE = sys.argv[1:]


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        with urllib.request.urlopen(DATABASE, data=b"", timeout=10) as reply:
            visits = json.load(reply)["visits"]
        body = f"<title>{TITLE}</title><p>{TITLE}: visit number {visits}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("", 80), Page).serve_forever()
