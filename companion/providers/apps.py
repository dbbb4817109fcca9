from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "companion.providers"
    label = "providers"
    verbose_name = "Hospitals"
