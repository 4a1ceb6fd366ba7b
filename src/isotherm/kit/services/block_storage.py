"""Block storage: volumes and what they are made of."""

from isotherm.kit.finder import Finder
from isotherm.kit.service import Service, declare

BLOCK_STORAGE = declare(
    Service("block-storage", version="v3", per_project=True, microversions="volume")
)

_VERSION = "3.47"

VOLUME = BLOCK_STORAGE.entity(
    "volume",
    "/volumes",
    list_path="/volumes/detail",
    microversion=_VERSION,
    finder=Finder("cinder.volume"),
)
SNAPSHOT = BLOCK_STORAGE.entity("snapshot", "/snapshots", finder=Finder("cinder.snapshot"))
BACKUP = BLOCK_STORAGE.entity(
    "backup",
    "/backups",
    list_path="/backups/detail",
    microversion=_VERSION,
    finder=Finder("cinder.backup"),
)
VOLUME_TYPE = BLOCK_STORAGE.entity(
    "volume_type",
    "/types",
    finder=Finder("cinder.vtype", name_filter="", filters={"is_public": "None"}),
)
QOS_SPECS = BLOCK_STORAGE.entity(
    "qos_specs", "/qos-specs", "qos_specs", finder=Finder("cinder.qos_specs", name_filter="")
)
ENCRYPTION = BLOCK_STORAGE.entity(
    "encryption", "/types/{parent}/encryption", id_field="encryption_id"
)
QUOTA_SET = BLOCK_STORAGE.entity("quota_set", "/os-quota-sets")
