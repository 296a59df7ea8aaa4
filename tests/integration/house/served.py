"""Serves the application in two processes as ``run.py`` does, its settings and its port given as JSON.

Each answer says which process it is from; ``/slow`` takes a while.
"""

import json
import os
import sys
import time
from typing import Any

from app import serving
from app.factory import create_app


def main(chosen: dict[str, Any], port: int) -> None:
    app = create_app(chosen)

    @app.after_request
    def sign(response: Any) -> Any:
        response.headers["X-Process"] = str(os.getpid())
        return response

    @app.route("/slow")
    def slow() -> str:
        time.sleep(1.0)
        return "done"

    doors = serving.bind("127.0.0.1", port)
    print(doors[0].getsockname()[1], flush=True)
    serving.serve(app, doors, 2)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), 0)
