"""Tables, one file per subject; importing this package registers them all."""

from app.models import (
    applications,
    audit,
    boards,
    cooperatives,
    document_types,
    documents,
    envelopes,
    figures,
    jobs,
    notices,
    people,
    places,
    programme_versions,
    programmes,
    signing,
    workdays,
)

__all__ = [
    "applications",
    "audit",
    "boards",
    "cooperatives",
    "document_types",
    "documents",
    "envelopes",
    "figures",
    "jobs",
    "notices",
    "people",
    "places",
    "programme_versions",
    "programmes",
    "signing",
    "workdays",
]
