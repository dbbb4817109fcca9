from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "companion.web"
    label = "web"

    def ready(self) -> None:
        from companion.web import languages
        from companion.web.site import checks

        languages.serve_all()
        checks.register()
