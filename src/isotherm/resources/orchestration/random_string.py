"""OS::Heat::RandomString: a string of random characters that stays the same."""

import itertools
import secrets
import string
from collections.abc import Mapping

from isotherm import kit
from isotherm.kit import Properties, attr, deprecated, hidden, prop, register, supported

CHARACTERS: Mapping[str, str] = {
    "lettersdigits": string.ascii_letters + string.digits,
    "letters": string.ascii_letters,
    "lowercase": string.ascii_lowercase,
    "uppercase": string.ascii_uppercase,
    "digits": string.digits,
    "hexdigits": string.digits + "ABCDEF",
    "octdigits": string.octdigits,
}


class CharacterClass(Properties):
    character_class: str = prop("Which characters.", name="class", default="lettersdigits", allowed=tuple(CHARACTERS))
    min: int = prop("How many of them at least.", default=1, ge=1, le=512)


class CharacterSequence(Properties):
    sequence: str = prop("The characters to draw from.")
    min: int = prop("How many of them at least.", default=1, ge=1, le=512)


class RandomStringProperties(Properties):
    length: int = prop("Number of characters.", default=32, ge=1, le=512)
    sequence: str | None = prop(
        "Draw from this class only.", allowed=tuple(CHARACTERS), support=hidden("5.0.0", deprecated("2014.2"))
    )
    character_classes: list[CharacterClass] = prop(
        "Classes of characters to draw from.", default=[{"class": "lettersdigits", "min": 1}]
    )
    character_sequences: list[CharacterSequence] | None = prop("Further sequences to draw from.")
    salt: str | None = prop("Changing it gives a new string.")


@register("OS::Heat::RandomString", support=supported("2014.1"))
class RandomString(kit.NamedType[RandomStringProperties]):
    """A random string, made once."""

    attributes = (attr("value", doc="The string.", volatile=True, reads=lambda ctx, _: ctx.data.get("value")),)

    async def create(self, ctx: kit.Context[RandomStringProperties]) -> kit.Outcome:
        ctx.data.setdefault("value", draw(ctx.props.length, pools(ctx.props)))
        return await super().create(ctx)

    def problems(self, properties: kit.Values) -> kit.Problems:
        named = ("character_classes", "character_sequences")
        lists = [properties.get(name) or [] for name in named]
        if any(isinstance(each, kit.Unknown) for each in lists):
            return
        parts = list(itertools.chain(*lists))
        minimums = [part.get("min", 1) for part in parts if isinstance(part, Mapping)]
        numbers = [properties.get("length", 32), *minimums]
        if properties.get("sequence") or any(isinstance(each, kit.Unknown) for each in numbers):
            return
        if sum(minimums) > numbers[0]:
            yield "length", "cannot be smaller than the combined minimums of classes and sequences"

    def reference(self, ctx: kit.Context[RandomStringProperties]) -> kit.Value:
        return ctx.data.get("value", ctx.resource)


def pools(props: RandomStringProperties) -> list[tuple[str, int]]:
    """The characters to draw from, each pool with its minimum."""
    if props.sequence:
        return [(CHARACTERS[props.sequence], 1)]
    return [
        *((CHARACTERS[each.character_class], each.min) for each in props.character_classes),
        *((each.sequence, each.min) for each in props.character_sequences or ()),
    ]


def draw(length: int, sources: list[tuple[str, int]]) -> str:
    """``length`` characters from a secure source, of each pool at least its minimum."""
    drawn = [secrets.choice(characters) for characters, least in sources for _ in range(least)]
    everything = "".join(characters for characters, _ in sources)
    drawn += [secrets.choice(everything) for _ in range(length - len(drawn))]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)
