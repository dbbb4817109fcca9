"""The staff's pages: who gets in, who may edit what, and what can be published."""

from __future__ import annotations

import io
import logging
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from companion.providers import accounts, history, profiles, publishing, saving, transfer
from companion.providers.models import Profile, Revision
from tests.builders import make_provider
from tests.server import ROOT

pytestmark = pytest.mark.django_db


def make_code(name: str) -> str:
    device = TOTPDevice.objects.get(user__username=name)
    return f"{totp(device.bin_key):06d}"


def make_officer(name: str, *profiles_: Profile, operator: bool = False) -> Client:
    """Somebody signed in with both factors."""
    made = accounts.enrol(name, list(profiles_), operator=operator)
    client = Client()
    response = sign_in(client, name, made.password, make_code(name))
    assert response.status_code == 302
    return client


def sign_in(client: Client, name: str, password: str, code: str) -> Any:
    return client.post(
        "/admin/login/?next=/admin/",
        {"username": name, "password": password, "otp_token": code, "next": "/admin/"},
    )


def sheet_form(profile: Profile, **answers: str) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in answers.items()}


def test_nobody_gets_in_without_the_second_factor() -> None:
    made = accounts.enrol("rosa", [make_provider()])
    client = Client()
    for code in ("", "000000", "abc"):
        assert sign_in(client, "rosa", made.password, code).status_code == 200
        assert client.get("/admin/providers/profile/").status_code == 302


def test_both_factors_let_in() -> None:
    client = make_officer("rosa", make_provider())
    assert client.get("/admin/providers/profile/").status_code == 200


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = accounts.enrol("rosa", [make_provider()])
    client = Client(REMOTE_ADDR="203.0.113.9")
    with caplog.at_level(logging.DEBUG):
        for _ in range(5):
            answer = sign_in(client, "rosa", "wrong password", "123456")
    assert answer.status_code == 429
    assert b"wait an hour" in answer.content
    answer = sign_in(client, "rosa", made.password, make_code("rosa"))
    assert answer.status_code == 429
    ours = "\n".join(record.getMessage() for record in caplog.records if "axes" in record.name)
    assert "rosa" not in ours
    assert "203.0.113.9" not in ours


def test_five_wrong_codes_lock_the_account_behind_a_right_password() -> None:
    made = accounts.enrol("rosa", [make_provider()])
    client = Client(REMOTE_ADDR="203.0.113.10")
    answers = [sign_in(client, "rosa", made.password, "000000").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert sign_in(client, "rosa", made.password, make_code("rosa")).status_code == 429


def test_a_forgotten_code_is_no_wrong_one() -> None:
    made = accounts.enrol("rosa", [make_provider()])
    client = Client(REMOTE_ADDR="203.0.113.11")
    for _ in range(6):
        assert sign_in(client, "rosa", made.password, "").status_code == 200
    assert sign_in(client, "rosa", made.password, make_code("rosa")).status_code == 302


def test_an_officer_sees_and_edits_only_the_own_profile() -> None:
    own, other = make_provider("own"), make_provider("other", name="Other Hospital")
    client = make_officer("rosa", own)
    assert b"Other Hospital" not in client.get("/admin/providers/profile/").content
    assert client.get(f"/admin/providers/profile/{own.pk}/change/").status_code == 200
    for page in ("change", "history"):
        answer = client.get(f"/admin/providers/profile/{other.pk}/{page}/")
        assert answer.status_code in {302, 403}, page
        assert b"Other Hospital" not in answer.content
    for page in ("sheet/en", "preview", "publish", "take-down"):
        assert client.get(f"/admin/providers/profile/{other.pk}/{page}/").status_code == 403
        answer = client.post(f"/admin/providers/profile/{other.pk}/{page}/", {"B1": "Hacked"})
        assert answer.status_code == 403
    assert profiles.find("other") is not None
    assert not other.answers.exists()


@pytest.mark.parametrize("path", ["add/", "{}/delete/"])
def test_an_officer_neither_adds_nor_deletes(path: str) -> None:
    own = make_provider()
    client = make_officer("rosa", own)
    assert client.get(f"/admin/providers/profile/{path.format(own.pk)}").status_code == 403


def test_not_even_an_operator_deletes_or_renames_a_link_that_patients_have() -> None:
    own = make_provider()
    client = make_officer("boss", operator=True)
    assert client.get(f"/admin/providers/profile/{own.pk}/delete/").status_code == 403
    page = client.get(f"/admin/providers/profile/{own.pk}/change/").content.decode()
    assert 'name="slug"' not in page


def test_an_officer_cannot_name_other_officers() -> None:
    own = make_provider()
    client = make_officer("rosa", own)
    page = client.get(f"/admin/providers/profile/{own.pk}/change/").content.decode()
    assert 'name="officers"' not in page


def test_the_sheet_is_saved_as_a_draft_and_shown_after_publishing() -> None:
    own = make_provider()
    client = make_officer("rosa", own)
    base = f"/admin/providers/profile/{own.pk}"
    answer = client.post(f"{base}/sheet/es/", {"B1": "No los damos.", "B1-on": "2026-11-20"})
    assert answer.status_code == 302
    assert profiles.find("lakeside").answer("B1", "es") is None
    assert "No los damos." in client.get(f"{base}/preview/?language=es").content.decode()
    client.post(f"{base}/publish/", {"reviewed": "yes"})
    shown = profiles.find("lakeside").answer("B1", "es")
    assert (shown.text, shown.on.isoformat()) == ("No los damos.", "2026-11-20")


def test_an_emptied_answer_is_taken_away() -> None:
    own = make_provider(answers={("B1", "en"): "No."})
    client = make_officer("rosa", own)
    client.post(f"/admin/providers/profile/{own.pk}/sheet/en/", {"B1": ""})
    assert not own.answers.exists()


def test_an_answer_that_is_too_long_or_hides_letters_is_refused() -> None:
    own = make_provider()
    client = make_officer("rosa", own)
    for text in ("x" * 1_501, "safe\u202etxt"):
        answer = client.post(f"/admin/providers/profile/{own.pk}/sheet/en/", {"B1": text})
        assert answer.status_code == 200
        assert b"errorlist" in answer.content
    assert not own.answers.exists()


def test_a_day_that_is_still_to_come_is_refused() -> None:
    own = make_provider()
    client = make_officer("rosa", own)
    form = sheet_form(own, B1="No.", B1_on="2999-01-01")
    page = client.post(f"/admin/providers/profile/{own.pk}/sheet/en/", form)
    assert "This date is in the future." in page.content.decode()
    assert not own.answers.exists()
    form = {"name": own.name, "jurisdiction": "us", "reviewed_on": "2999-01-01"}
    page = client.post(f"/admin/providers/profile/{own.pk}/change/", form)
    assert "This date is in the future." in page.content.decode()


def test_the_history_page_names_each_change_and_its_maker() -> None:
    own = make_provider()
    client = make_officer("rosa", own)
    client.post(f"/admin/providers/profile/{own.pk}/sheet/en/", {"B1": "Never."})
    page = client.get(f"/admin/providers/profile/{own.pk}/history/").content.decode()
    assert "rosa" in page
    assert "Never." in page


def test_whoever_has_looked_it_through_is_named() -> None:
    own = make_provider(reviewed_by="Somebody before")
    client = make_officer("rosa", own)
    client.post(f"/admin/providers/profile/{own.pk}/publish/", {"reviewed": "yes"})
    assert profiles.find("lakeside").reviewed_by == "rosa"


@pytest.mark.parametrize("number", ["abc", "0", "9" * 40])
def test_a_history_that_is_nobody_s_is_not_found(number: str) -> None:
    client = make_officer("boss", operator=True)
    assert client.get(f"/admin/providers/profile/{number}/history/").status_code == 404


def test_the_end_of_a_line_is_no_change() -> None:
    own = make_provider(note="One\nTwo", answers={("B1", "en"): "No.\nNever."})
    client = make_officer("rosa", own)
    form = sheet_form(own, B1="No.\r\nNever.", B1_on="2026-11-02")
    client.post(f"/admin/providers/profile/{own.pk}/sheet/en/", form)
    own.note = "One\r\nTwo"
    own.save()
    publishing.publish([own], "rosa")
    assert own.answers.get().answered_on == date(2026, 11, 2)
    assert all(entry.changes == () for entry in history.of(own)[:-1])
    assert profiles.find("lakeside").note == "One\nTwo"


def test_the_breadcrumbs_are_those_that_django_styles() -> None:
    own = make_provider()
    client = make_officer("rosa", own)
    page = client.get(f"/admin/providers/profile/{own.pk}/publish/").content.decode()
    assert page.count('<nav aria-label="Breadcrumbs">') == 1
    assert '<div class="breadcrumbs">' in page


def test_two_profiles_cannot_have_one_slug() -> None:
    make_provider("lakeside")
    client = make_officer("boss", operator=True)
    answer = client.post(
        "/admin/providers/profile/add/",
        {"slug": "lakeside", "name": "Copy", "jurisdiction": "us"},
    )
    assert answer.status_code == 200
    assert b"already exists" in answer.content
    assert Profile.objects.filter(slug="lakeside").count() == 1


NOTE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://evil.example/p.png) "
    '<p style="color:red" onclick="x()">hi</p> <img src=x onerror=alert(1)> '
    "[good](https://lakeside.example/)"
)


def test_a_note_keeps_its_words_and_loses_all_that_acts() -> None:
    make_provider(note=NOTE)
    page = Client().get("/at/lakeside/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert '<a href="https://lakeside.example/"' in main
    # Raw HTML stands there as text: its signs are escaped, so that none of it is a tag.
    assert "<script" not in main
    assert not re.search(r"<[^>]+(javascript:|onclick|onerror|style=|evil\.example)", main)


def test_a_huge_table_is_refused_as_a_note() -> None:
    own = make_provider()
    client = make_officer("rosa", own)
    row = "|" + "a|" * 60 + "\n"
    note = row + "|" + "-|" * 60 + "\n" + row * 25
    assert len(note) < 4_000
    answer = client.post(
        f"/admin/providers/profile/{own.pk}/change/",
        {"name": own.name, "jurisdiction": "us", "note": note},
    )
    assert answer.status_code == 200
    assert "too long to read" in answer.content.decode()


def test_the_admin_knows_hospitals_and_no_letter() -> None:
    registered = {model._meta.label for model in admin.site._registry}
    assert registered == {"providers.Profile"}


def test_the_command_makes_an_account_that_can_sign_in() -> None:
    make_provider()
    out = io.StringIO()
    call_command("providers", "officer", "rosa", "--profile", "lakeside", stdout=out)
    password = re.search(r"Password: (\S+)", out.getvalue())[1]
    assert "otpauth://totp/" in out.getvalue()
    assert sign_in(Client(), "rosa", password, make_code("rosa")).status_code == 302
    assert not User.objects.get(username="rosa").is_superuser


def test_a_database_without_the_staffs_tables_is_told_with_what_mends_it(tmp_path: Path) -> None:
    settings = {
        "DJANGO_SETTINGS_MODULE": "companion.settings",
        "COMPANION_ADMIN": "off",
        "COMPANION_DATABASE": str(tmp_path / "db.sqlite3"),
    }
    staff = settings | {"COMPANION_ADMIN": "on", "COMPANION_SECRET_KEY": "not a secret" * 5}

    def manage(variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        environment = os.environ | variables
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    manage(settings, "migrate").check_returncode()
    refused = manage(staff, "providers", "officer", "rosa", "--operator")
    assert refused.returncode != 0
    assert "run manage.py migrate, then this again. Nothing was changed." in refused.stderr
    assert "Traceback" not in refused.stderr
    manage(staff, "migrate").check_returncode()
    assert "Password: " in manage(staff, "providers", "officer", "rosa", "--operator").stdout


def test_the_command_switches_an_account_off() -> None:
    own = make_provider()
    client = make_officer("rosa", own)
    call_command("providers", "officer", "rosa", "--off")
    assert client.get("/admin/providers/profile/").status_code == 302


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rosa"], "--profile"),
        (["rosa", "--profile", "nope"], "No such profile: nope"),
        (["nobody", "--off"], "no account"),
    ],
)
def test_the_command_says_what_is_missing(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("providers", "officer", *arguments)


def test_passwords_are_kept_by_a_hasher_that_is_hard_on_memory() -> None:
    accounts.enrol("rosa", [make_provider()])
    assert User.objects.get(username="rosa").password.startswith("scrypt$")


# --- An officer's way: to the own profile, in the own language, and out with it ----------


def test_an_officer_lands_on_the_own_profile() -> None:
    own = make_provider("lakeside")
    make_provider("hillside")
    client = make_officer("rosa", own)
    assert client.get("/admin/")["Location"] == f"/admin/providers/profile/{own.pk}/change/"


def test_whoever_edits_several_profiles_lands_on_their_list() -> None:
    both = [make_provider("lakeside"), make_provider("hillside")]
    for client in (make_officer("rosa", *both), make_officer("boss", operator=True)):
        assert client.get("/admin/")["Location"] == "/admin/providers/profile/"


def test_an_officer_without_a_profile_gets_a_page() -> None:
    assert make_officer("rosa").get("/admin/").status_code == 200


@pytest.mark.parametrize("kind", ["csv", "toml"])
def test_an_officer_takes_the_own_profile_along_as_a_file(kind: str) -> None:
    own = make_provider("lakeside", name="Lakeside General")
    client = make_officer("rosa", own)
    answer = client.get(f"/admin/providers/profile/{own.pk}/export/{kind}/")
    assert answer["Content-Disposition"] == f'attachment; filename="hospital.{kind}"'
    read = transfer.read_csv if kind == "csv" else transfer.read_toml
    (entry,) = read(answer.content)
    assert entry.fields["name"] == "Lakeside General"
    assert f"{own.pk}/export/{kind}/" in client.get("/admin/", follow=True).content.decode()


def test_nobody_takes_another_hospital_s_file_or_an_unknown_kind() -> None:
    own, other = make_provider("lakeside"), make_provider("hillside")
    client = make_officer("rosa", own)
    assert client.get(f"/admin/providers/profile/{other.pk}/export/csv/").status_code in {403, 404}
    assert client.get(f"/admin/providers/profile/{own.pk}/export/exe/").status_code == 404
    assert Client().get(f"/admin/providers/profile/{own.pk}/export/csv/").status_code == 302


@pytest.mark.parametrize(
    ("language", "publish", "export", "public"),
    [
        ("es", "Publicar", "Guardar como archivo", "los pacientes podían leer"),
        ("de", "Veröffentlichen", "Als Datei speichern", "was Patienten lesen konnten"),
        ("fr", "Publier", "Enregistrer comme fichier", "les patients pouvaient lire"),
    ],
)
def test_the_staff_s_pages_are_in_the_officer_s_language(
    language: str, publish: str, export: str, public: str
) -> None:
    own = make_provider("lakeside")
    client = make_officer("rosa", own)
    page = f"/admin/providers/profile/{own.pk}/change/"
    theirs = client.get(page, headers={"Accept-Language": f"{language}-CH,{language};q=0.9"})
    assert theirs["Content-Language"] == language
    assert f'<html lang="{language}"' in theirs.content.decode()
    for word in (publish, export):
        assert word in theirs.content.decode()

    client.post("/admin/language/", {"language": language})
    assert client.get(page, headers={"Accept-Language": "en"})["Content-Language"] == language
    changes = client.get(f"/admin/providers/profile/{own.pk}/history/").content.decode()
    assert public in changes
    assert "us-ca" not in changes  # the place has its name
    client.post("/admin/language/", {"language": "tlh"})
    client.get("/admin/language/?language=en")
    assert client.get(page)["Content-Language"] == language


def test_a_stranger_keeps_no_language_and_gets_no_cookie_for_it() -> None:
    stranger = Client()
    stranger.post("/admin/language/", {"language": "es"})
    assert "staff" not in stranger.cookies
    asked = stranger.get("/admin/login/", headers={"Accept-Language": "es"})
    assert asked["Content-Language"] == "es"
    # Visitors' pages go on by their address alone.
    assert stranger.get("/", headers={"Accept-Language": "es"})["Content-Language"] == "en"


def test_the_history_of_what_patients_saw_leaves_drafts_out() -> None:
    own = make_provider("lakeside", name="Lakeside General", phone="1")
    publishing.publish([own], "rosa")
    for phone in ("2", "3"):
        own.phone = phone
        own.save()
        publishing.saved(own, "rosa")
    publishing.publish([own], "rosa")
    publishing.take_down(own, "rosa")

    down, second = history.of(own, public=True)[:2]
    assert [change.before for change in second.changes if change.what == "phone"] == ["1"]
    assert [change.after for change in second.changes if change.what == "phone"] == ["3"]
    assert {change.after for change in down.changes} == {""}
    kinds = [entry.revision.kind for entry in history.of(own, public=True)]
    assert "draft" not in kinds
    assert "draft" in [entry.revision.kind for entry in history.of(own)]

    client = make_officer("rosa", own)
    page = f"/admin/providers/profile/{own.pk}/history/"
    assert "Draft saved" in client.get(page).content.decode()
    assert "Draft saved" not in client.get(f"{page}?public").content.decode()


def test_whoever_publishes_sees_what_patients_will_read_otherwise() -> None:
    own = make_provider("lakeside")
    publishing.publish([own], "rosa")
    client = make_officer("rosa", own)
    page = f"/admin/providers/profile/{own.pk}/publish/"
    assert "same as what they see now" in client.get(page).content.decode()
    own.retention = "Ten years, on our own servers."
    own.save()
    assert "Ten years, on our own servers." in client.get(page).content.decode()


def test_an_import_that_nobody_published_is_no_public_change() -> None:
    head = "slug,name,jurisdiction,phone"
    saving.save(transfer.read_csv(f"{head}\na,A,us,1\n".encode()), "import", publish=False)
    profile = Profile.objects.get(slug="a")
    assert history.of(profile, public=True) == []
    saving.save(transfer.read_csv(f"{head}\na,A,us,1\n".encode()), "import", publish=True)
    assert len(history.of(profile, public=True)) == 1


def test_the_migration_knows_which_changes_patients_saw() -> None:
    from importlib import import_module

    from django.apps import apps
    from django.db import connection

    shown, hidden = make_provider("lakeside", publish=False), make_provider("draft", publish=False)
    publishing.publish([shown], "cms", "imported")
    content = profiles.content_of(hidden)
    Revision.objects.create(profile=hidden, kind="imported", content=content)
    Revision.objects.update(public=False)
    migration = import_module("companion.providers.migrations.0003_public_changes")
    migration.mark(apps, connection.schema_editor())
    assert [entry.revision.profile for entry in history.of(shown, public=True)] == [shown]
    assert history.of(hidden, public=True) == []
