"""OS::Cinder::*: volumes and what belongs to them."""

from isotherm.resources.block_storage import volume, volume_attachment

__all__ = ["volume", "volume_attachment"]
