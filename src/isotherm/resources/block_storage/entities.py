"""Coordinates of block storage objects, and of their attachments to servers."""

from isotherm.kit import Entity

VOLUME = Entity(
    "block-storage", "volume", "/volumes", "volumes", "/volumes/detail", microversion="3.47"
)
BACKUP = Entity(
    "block-storage", "backup", "/backups", "backups", "/backups/detail", microversion="3.47"
)
ATTACHMENT = Entity(
    "compute",
    "volumeAttachment",
    "/servers/{parent}/os-volume_attachments",
    "volumeAttachments",
    id_field="volumeId",
)
