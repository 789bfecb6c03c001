"""`makerlab serve`: the web server."""

import gc

from waitress import serve as waitress_serve

from makerlab.app import create_app
from makerlab.core.logs import init_logs, log
from makerlab.core.settings import Settings


def serve(settings: Settings) -> None:
    init_logs("serve")
    answer(settings)


def answer(settings: Settings) -> None:
    """Pages, for ever."""
    app = create_app(settings)
    settle()
    log.info("serving", address=settings.address)
    waitress_serve(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        connection_limit=2000,
        max_request_body_size=(settings.upload_mb + 1) * 1_000_000,
        ident=None,
        **_behind(settings.proxy),
    )


def settle() -> None:
    """What was imported stays for good: the collector need not walk through it while a page is made."""
    gc.collect()
    gc.freeze()


def _behind(proxy: str) -> dict[str, object]:
    """Without this everybody behind the proxy would count as one address; with it from anybody, as any."""
    if not proxy:
        return {}
    headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
    return {"trusted_proxy": proxy, "trusted_proxy_headers": headers, "clear_untrusted_proxy_headers": True}
