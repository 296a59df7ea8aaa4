"""A real S3 server for tests."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto.backends import get_backend
from moto.server import ThreadedMotoServer

REGION = "ap-southeast-1"


def s3_environ(endpoint: str) -> dict[str, str]:
    """The variables that lead a store to the server."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
    }


@contextmanager
def running_s3(bucket: str = "documents") -> Iterator[str]:
    """Start a server with an empty bucket and give its address.

    All servers of one process share their buckets, so this one leaves none behind.
    """
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="made-up",
        aws_secret_access_key="made-up",
    )
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    try:
        yield endpoint
    finally:
        get_backend("s3").reset()
        server.stop()
