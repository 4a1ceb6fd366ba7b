"""Keeps visits in SQLite and tells them over HTTP: POST adds one, GET counts them."""

import json
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

FILE = "/srv/database/visits.sqlite"


class Visits(BaseHTTPRequestHandler):
    def do_POST(self):
        self.answer("INSERT INTO visits (at) VALUES (datetime('now'))")

    def do_GET(self):
        self.answer()

    def answer(self, statement=None):
        with sqlite3.connect(FILE) as database:
            database.execute("CREATE TABLE IF NOT EXISTS visits (at TEXT)")
            if statement:
                database.execute(statement)
            (count,) = database.execute("SELECT count(*) FROM visits").fetchone()
        body = json.dumps({"visits": count}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("", int(sys.argv[1])), Visits).serve_forever()
