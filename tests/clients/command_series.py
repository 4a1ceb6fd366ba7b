"""A program: says commands of ``openstack`` one after the other, in one process.

It reads them from stdin, one a line. ``NAME = command`` keeps what is printed: ``{NAME}`` stands
for it in later lines. For each it prints what ``openstack`` prints as a line of JSON: exit code,
output, complaints.
"""

import contextlib
import io
import json
import re
import shlex
import sys

from openstackclient import shell

_KEPT = re.compile(r"(\w+) = (.*)")


def say(words: list[str]) -> tuple[int, str, str]:
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            program = shell.OpenStackShell()
            program.stdout, program.stderr = output, errors
            code = program.run(words)
        except SystemExit as end:
            code = int(end.code or 0)
    return code, output.getvalue(), errors.getvalue()


def main() -> None:
    kept: dict[str, str] = {}
    for line in sys.stdin:
        found = _KEPT.fullmatch(line.strip())
        name, command = found.groups() if found else ("", line.strip())
        code, output, errors = say([each.format_map(kept) for each in shlex.split(command)])
        if name:
            kept[name] = output.strip()
        print(json.dumps([code, output, errors]), flush=True)


if __name__ == "__main__":
    main()
