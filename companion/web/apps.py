from django.apps import AppConfig
from django.core import checks


class WebConfig(AppConfig):
    name = "companion.web"
    label = "web"

    def ready(self) -> None:
        from companion.web import branding

        checks.register(branding.check)
