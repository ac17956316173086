"""Models: the catalogue, the models folder, and pulling. Knows nothing of what the models compute."""

from advisor.models.catalogue import (
    CATALOGUE,
    CataloguedModel,
    FileDigest,
    HubSource,
    Job,
    WheelMember,
    WheelSource,
    find_model,
)
from advisor.models.download import pull
from advisor.models.folder import (
    FileCheck,
    Origin,
    is_pulled,
    locate,
    pulled_folder,
    verify,
    weights_digest,
)

__all__ = [
    "CATALOGUE",
    "CataloguedModel",
    "FileCheck",
    "FileDigest",
    "HubSource",
    "Job",
    "Origin",
    "WheelMember",
    "WheelSource",
    "find_model",
    "is_pulled",
    "locate",
    "pull",
    "pulled_folder",
    "verify",
    "weights_digest",
]
