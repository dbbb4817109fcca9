"""gunicorn's settings, for script/server and for production alike.

One process with many threads: the heavy work runs in child processes of its own, and
limits such as "two letters at a time" hold for the whole server.
"""

import os
import socket
import sys

from django.core.exceptions import ImproperlyConfigured
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from companion import environment
from companion.web.logs import ValueFreeFormatter
from companion.web.whole_answers import WholeAnswer

try:
    port = environment.number("PORT", 8000, 1, 65_535)
    bind = environment.listening("BIND", f"127.0.0.1:{port}")
except ImproperlyConfigured as fault:
    sys.exit(environment.one_line(fault))
workers = 1
# gthread, so that a slow upload holds a thread and not the server.
worker_class = "gthread"
threads = 32
# Loaded once in the master, so that a worker that died is replaced in moments.
preload_app = True
# Only gunicorn's own heartbeat; memory, never a disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108
timeout = 120
graceful_timeout = 10
keepalive = 5
# No access log: it would hold addresses and queries.
accesslog = None
errorlog = "-"
# Below it: a line with address and header for each malformed request.
loglevel = "error"
# Nobody needs to steer the running process through a socket of its own.
control_socket_disable = True
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190


class ValueFreeLogger(Logger):
    """gunicorn's own lines name addresses, headers and paths; ours do not."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(ValueFreeFormatter())


logger_class = ValueFreeLogger
# There is no setting for it: this is the class that each answer is made of.
wsgi.Response = WholeAnswer


def on_starting(server: Arbiter) -> None:
    """Say of an address why nobody can listen there; gunicorn's own line must not name it."""
    if os.environ.keys() & {"LISTEN_FDS", "GUNICORN_FD"}:
        return  # it listens already: systemd, or the server before, hands it over
    for address in server.cfg.address:
        if not isinstance(address, tuple):
            continue  # a file
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        try:
            with socket.socket(family) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
        except OSError as fault:
            print(f"companion: {bind}: {fault.strerror}", file=sys.stderr)  # noqa: T201


def post_worker_init(worker: object) -> None:  # noqa: ARG001
    """Load what reads and cleans scans, the directory and the PDF pool before a patient waits."""
    from django.conf import settings

    from companion.cleaning.isolation import sandbox as cleaning
    from companion.providers import breach_search, search
    from companion.scans.isolation import sandbox
    from companion.web import counts, pdf_pool
    from companion.web.scans.uploads import lookers

    sandbox.warm()
    cleaning.warm()
    lookers().warm()
    pdf_pool.warm()
    search.find("warm")
    breach_search.index.list_state()
    if settings.COMPANION_METRICS:
        counts.serve(settings.COMPANION_METRICS)
