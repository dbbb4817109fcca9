from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "companion.web"
    label = "web"

    def ready(self) -> None:
        from companion.web.site import checks

        checks.register()
