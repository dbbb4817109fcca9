"""gunicorn's settings, for script/server and for production alike.

One process with many threads: the heavy work runs in child processes of its own, and
limits such as "two letters at a time" hold for the whole server.
"""

import os

from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from companion.web.logs import ValueFreeFormatter
from companion.web.whole_answers import WholeAnswer

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
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
