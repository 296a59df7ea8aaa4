"""Opens the S3 bucket that documents are kept in, with the times it may take to answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from obstore.store import S3Store

if TYPE_CHECKING:  # obstore has these names for type checkers only
    from obstore.store import ClientConfig, RetryConfig, S3Config

_CONNECT_TIMEOUT = timedelta(seconds=5)
# Of one try and of all: a person gets our page before a server in front gives up, which is usually after 60 s.
_TIMEOUT = timedelta(seconds=25)
_RETRY_FOR = timedelta(seconds=10)
_QUICK = timedelta(seconds=3)  # whoever asks whether the store answers does not wait as long as a file would


def s3_store(url: str, environ: Mapping[str, str], *, quick: bool = False) -> S3Store:
    """Keys left out of ``environ`` are looked for where S3 clients look: the machine's role."""
    bucket, _, prefix = url.removeprefix("s3://").strip("/").partition("/")
    if not bucket:
        raise ValueError("DOCUMENT_STORE must be s3://bucket or s3://bucket/prefix")
    endpoint = environ.get("AWS_ENDPOINT_URL", "")
    # One DELETE for one file: not every S3 look-alike knows the bulk request.
    config: S3Config = {"disable_bulk_delete": True}
    config["region"] = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    if endpoint:
        config["endpoint"] = endpoint
    if environ.get("AWS_ACCESS_KEY_ID"):
        config["access_key_id"] = environ["AWS_ACCESS_KEY_ID"]
        config["secret_access_key"] = environ.get("AWS_SECRET_ACCESS_KEY", "")
    if environ.get("AWS_SESSION_TOKEN"):
        config["session_token"] = environ["AWS_SESSION_TOKEN"]
    client: ClientConfig = {
        "allow_http": endpoint.startswith("http://"),
        "connect_timeout": _QUICK if quick else _CONNECT_TIMEOUT,
        "timeout": _QUICK if quick else _TIMEOUT,
    }
    retry: RetryConfig = {"max_retries": 0 if quick else 2, "retry_timeout": _RETRY_FOR}
    return S3Store(bucket, prefix=prefix or None, config=config, client_options=client, retry_config=retry)
