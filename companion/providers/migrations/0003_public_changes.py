"""Which changes patients saw: told of each from now on, and of those before as far as is known."""

from django.db import migrations, models


def mark(apps, schema_editor):
    Revision = apps.get_model("providers", "Revision")
    revisions = Revision.objects.using(schema_editor.connection.alias)
    revisions.filter(kind__in=("published", "unpublished")).update(public=True)
    # An import may have made a draft, or what patients see: the latest one of this content did.
    shown = (
        revisions.filter(kind="imported", profile__published__isnull=False)
        .order_by("profile", "-pk")
        .values_list("pk", "profile", "content", "profile__published")
    )
    found = {}
    for pk, profile, content, published in shown.iterator():
        if content == published:
            found.setdefault(profile, pk)
    keys = list(found.values())
    for at in range(0, len(keys), 500):
        revisions.filter(pk__in=keys[at : at + 500]).update(public=True)


class Migration(migrations.Migration):
    dependencies = [("providers", "0002_breaches")]

    operations = [
        migrations.AddField("revision", "public", models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
