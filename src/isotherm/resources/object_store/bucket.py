"""AWS::S3::Bucket: a container of objects, in the words of AWS."""

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register
from isotherm.resources.object_store.container_type import ContainerType
from isotherm.resources.object_storing import names_in

EVERYBODY = ".r:*"
SOMEBODY = "*:*"
"""Whoever has a token: the object store lets nobody else write."""


class Website(Properties):
    index: str | None = prop("Object that stands for a folder.", name="IndexDocument")
    error: str | None = prop("Object that is shown for what is not there.", name="ErrorDocument")


class Tag(Properties):
    key: str = prop("Name.", name="Key")
    value: str = prop("Value.", name="Value")


class BucketProperties(Properties):
    access: str | None = prop(
        "Who may do what; by default only the owner.",
        name="AccessControl",
        allowed=(
            "Private",
            "PublicRead",
            "PublicReadWrite",
            "AuthenticatedRead",
            "BucketOwnerRead",
            "BucketOwnerFullControl",
        ),
    )
    website: Website | None = prop("How the bucket is shown as a website.", name="WebsiteConfiguration")
    tags: list[Tag] | None = prop("Tags, kept as metadata.", name="Tags")


@register("AWS::S3::Bucket")
class Bucket(ContainerType[BucketProperties]):
    """A container of objects, in the words of AWS."""

    attributes = (
        attr("DomainName", doc="Host of the object store.", fetched=True),
        attr("WebsiteURL", doc="Address of the bucket.", fetched=True),
    )

    def container(self, ctx: kit.Context[BucketProperties]) -> str:
        return ctx.physical_name

    def settings(self, ctx: kit.Context[BucketProperties]) -> dict[str, str]:
        owner = f"{ctx.stack.project_id}:{ctx.stack.user_id}"
        readers = {
            "PublicRead": EVERYBODY,
            "PublicReadWrite": EVERYBODY,
            "AuthenticatedRead": f"{ctx.stack.project_id}:*",
        }
        site = ctx.props.website
        pages = {"web-index": site.index, "web-error": site.error} if site else {}
        tags = {f"s3-tag-{each.key}": each.value for each in ctx.props.tags or ()}
        meta = {f"x-container-meta-{name}": each for name, each in {**pages, **tags}.items() if each}
        return {
            "x-container-read": readers.get(ctx.props.access or "", owner),
            "x-container-write": SOMEBODY if ctx.props.access == "PublicReadWrite" else owner,
            **meta,
        }

    async def delete(self, ctx: kit.Context[BucketProperties]) -> kit.Outcome:
        if ctx.physical_id and await names_in(ctx.api, ctx.physical_id):
            reason = f"The bucket {ctx.physical_id} is not empty"
            return kit.Failed(reason, kind="ResourceActionNotSupported")
        return await super().delete(ctx)
