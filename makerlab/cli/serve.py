"""`makerlab serve`: the web server."""

from waitress import serve as waitress_serve

from makerlab.app import create_app
from makerlab.core.logs import init_logs, log
from makerlab.core.settings import Settings


def serve(settings: Settings) -> None:
    init_logs("serve")
    app = create_app(settings)
    log.info("serving", address=settings.address)
    waitress_serve(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        connection_limit=2000,
        max_request_body_size=(settings.upload_mb + 1) * 1_000_000,
        ident=None,
    )
