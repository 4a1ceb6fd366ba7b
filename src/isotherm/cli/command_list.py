"""Commands as they are listed, and what a mistyped one may have been meant to be."""

from __future__ import annotations

import click

from isotherm.core.suggestions import suggest


class CommandList(click.Group):
    """Shows the first sentence about each command, however long it is."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, _sentence(each)) for name, each in commands if each])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        hint = "" if args[0] in known else suggest(args[0], known)
        if hint:
            ctx.fail(f"There is no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)


def _sentence(command: click.Command) -> str:
    first = " ".join((command.help or "").split("\n\n")[0].split())
    return f"{first.partition('. ')[0].rstrip('.')}."
