"""Profiles in and out of files: all or nothing, with the row of each fault."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from companion.providers import cms, profiles, publishing, saving, transfer
from companion.providers.models import Answer, Profile, Revision
from tests.builders import make_provider

pytestmark = pytest.mark.django_db

HEADER = "slug,name,jurisdiction,retention,B1.en,B1.en.on"
CMS_HEADER = (
    '"Facility ID","Facility Name","Address","City/Town","State","ZIP Code",'
    '"County/Parish","Telephone Number","Hospital Type"'
)


def make_file(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def make_cms_row(number: str = "010001", **cells: str) -> str:
    usual = {
        "name": "MERCY HOSPITAL OF THE LAKES",
        "street": "1 MAIN ST",
        "city": "SPRINGFIELD",
        "state": "CA",
        "postcode": "90210",
        "phone": "(555) 010-0100",
    }
    row = usual | cells
    return ",".join(
        f'"{cell}"'
        for cell in (
            number,
            row["name"],
            row["street"],
            row["city"],
            row["state"],
            row["postcode"],
            "LAKE",
            row["phone"],
            "Acute Care Hospitals",
        )
    )


def faults(data: str | bytes, read: Any = transfer.read_csv) -> list[str]:
    with pytest.raises(transfer.FileRefused) as refused:
        read(data if isinstance(data, bytes) else data.encode())
    return refused.value.faults


def test_a_csv_makes_drafts_with_answers(tmp_path: Path) -> None:
    file = make_file(tmp_path, "a.csv", f"{HEADER}\nlake,Lake,us,Seven years,No.,2026-11-01\n")
    call_command("providers", "import", str(file))
    profile = Profile.objects.get(slug="lake")
    assert profile.retention == "Seven years"
    assert profile.answers.get().text == "No."
    assert profiles.find("lake") is None


def test_publish_shows_them_to_patients_at_once(tmp_path: Path) -> None:
    file = make_file(tmp_path, "a.csv", f"{HEADER}\nlake,Lake,us,,No.,\n")
    call_command("providers", "import", str(file), "--publish")
    assert profiles.find("lake").answer("B1", "en").text == "No."


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    file = make_file(tmp_path, "a.csv", f"{HEADER}\nlake,Lake,us,,,\n")
    call_command("providers", "import", str(file), "--dry-run")
    assert not Profile.objects.exists()


def test_one_bad_row_keeps_all_rows_out_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = make_file(
        tmp_path, "a.csv",
        f"{HEADER}\ngood,Good,us,,,\nbad,Bad,atlantis,,,\nworse,,us,,No.,yesterday\n",
    )  # fmt: skip
    with pytest.raises(CommandError) as stopped:
        call_command("providers", "import", str(file))
    assert stopped.value.returncode == 2
    message = str(stopped.value)
    assert "row 3: jurisdiction" in message
    assert "row 4: name" in message
    assert "row 4: B1.en.on" in message
    assert "Nothing was changed." in message
    assert not Profile.objects.exists()


def test_a_database_error_halfway_takes_all_back(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = transfer.read_csv(f"{HEADER}\none,One,us,,,\ntwo,Two,us,,,\n".encode())

    def full(*_: Any, **__: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(Revision.objects, "bulk_create", full)
    with pytest.raises(RuntimeError):
        saving.save(entries, "import", publish=False)
    assert not Profile.objects.exists()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"slug,name,jurisdiction\nlake,Caf\xe9,us\n", "line 2: is not UTF-8"),
        ("slug,name\nlake,Lake\n", "the column jurisdiction is missing"),
        ("slug,name,jurisdiction,colour\nlake,Lake,us,red\n", "'colour' is not known"),
        ("slug,name,jurisdiction,W1.en\nlake,Lake,us,No\n", "'W1.en' is not known"),
        ("slug,name,jurisdiction,name\nlake,Lake,us,x\n", "'name' stands twice"),
        ("slug,name,jurisdiction\nlake,Lake\n", "row 2: has 2 cells, not 3"),
        ("slug,name,jurisdiction\nlake,Lake,us\nlake,Other,us\n", "row 3: slug: lake stands"),
        ("slug,name,jurisdiction\n", "holds no hospital"),
        ("", "is empty"),
        ("slug,name,jurisdiction\n" + f"lake,{'x' * 200_000},us\n", "row 2: cannot be read"),
    ],
)
def test_a_file_that_is_not_right_is_refused_with_its_place(data: str | bytes, fault: str) -> None:
    assert any(fault in line for line in faults(data)), faults(data)


def test_a_hundred_thousand_rows_are_refused_in_one_sentence() -> None:
    rows = "".join(f"h-{number},Hospital,us\n" for number in range(100_000))
    found = faults("slug,name,jurisdiction\n" + rows)
    assert found == ["file: has more than 20000 rows; send it in parts"]


def test_a_broken_toml_is_refused() -> None:
    assert "is not TOML" in faults("[[provider]\n", transfer.read_toml)[0]
    assert "[[provider]]" in faults("provider = 3\n", transfer.read_toml)[0]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("answers = 5", "provider 2: answers: write each as"),
        ('[provider.answers]\nB1 = "No."', "provider 2: answers.B1: write each as"),
        ('[provider.answers.B1]\nen = "No."', "provider 2: answers.B1.en: write each as"),
        ("[provider.answers.B1.en]\non = 2026-11-01", "provider 2: answers.B1.en: write each"),
        ('[provider.answers.B1.en]\ntext = ["No."]', "provider 2: B1.en: write a text in quotes"),
        ('retention = ["x"]', "provider 2: retention: write a text in quotes"),
        ("retention = true", "provider 2: retention: write a text in quotes"),
        ("retention = {a = 1}", "provider 2: retention: write a text in quotes"),
        (f"a = {'[' * 5_000}", "file: has brackets within brackets"),
        (f"a = {'9' * 5_000}", "file: is not TOML"),
    ],
)
def test_a_toml_of_other_shapes_is_refused_in_one_line(lines: str, fault: str) -> None:
    first = '[[provider]]\nslug = "one"\nname = "One"\njurisdiction = "us"\n'
    second = f'[[provider]]\nslug = "two"\nname = "Two"\njurisdiction = "us"\n{lines}\n'
    (told,) = faults(first + second, transfer.read_toml)
    assert told.startswith(fault)
    assert "\n" not in told


def test_a_day_that_is_still_to_come_is_refused() -> None:
    data = (
        "slug,name,jurisdiction,reviewed_on,B1.en,B1.en.on\nlake,Lake,us,2999-01-01,No,2999-01-01\n"
    )
    assert faults(data) == [
        "row 2: reviewed_on: This date is in the future.",
        "row 2: B1.en.on: This date is in the future.",
    ]


def test_an_exported_cell_cannot_act_and_reads_back(tmp_path: Path) -> None:
    texts = ["=cmd|'/c calc'!A1", "+49 89 1234", "'=1", " -2", "'quoted'", "@sum"]
    for number, text in enumerate(texts):
        make_provider(f"h-{number}", name=text, answers={("B1", "en"): text})
    before = {f"h-{number}": profiles.find(f"h-{number}") for number in range(len(texts))}
    file = tmp_path / "all.csv"
    call_command("providers", "export", "--format", "csv", "--out", str(file))
    with file.open(encoding="utf-8", newline="") as lines:
        cells = [cell for row in csv.reader(lines) for cell in row]
    assert [cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@"))] == []
    Profile.objects.all().delete()
    call_command("providers", "import", str(file), "--publish")
    for slug, hospital in before.items():
        found = profiles.find(slug)
        assert found.name == hospital.name.strip()
        assert found.answer("B1", "en").text == hospital.answer("B1", "en").text.strip()


@pytest.mark.parametrize("kind", ["toml", "csv"])
def test_an_export_reads_back_as_it_was(kind: str, tmp_path: Path) -> None:
    make_provider(
        note='A "quoted" note\nwith lines, commas; and \\ signs',
        answers={("B1", "en"): "No.\nNever.", ("B1", "es"): "No."},
    )
    make_provider("second", name="Hôpital Saint-Éloi", jurisdiction="eu-fr", country="FR")
    before = {slug: profiles.find(slug) for slug in ("lakeside", "second")}
    file = tmp_path / f"all.{kind}"
    call_command("providers", "export", "--format", kind, "--out", str(file))
    Profile.objects.all().delete()
    call_command("providers", "import", str(file), "--publish")
    assert {slug: profiles.find(slug) for slug in before} == before


def test_an_import_leaves_what_the_file_does_not_name(tmp_path: Path) -> None:
    make_provider(retention="Seven years", answers={("B1", "en"): "No."})
    file = make_file(tmp_path, "a.csv", "slug,name,jurisdiction\nlakeside,New name,us\n")
    call_command("providers", "import", str(file))
    profile = Profile.objects.get(slug="lakeside")
    assert (profile.name, profile.retention) == ("New name", "Seven years")
    assert profile.answers.count() == 1


def test_the_cms_list_makes_hospitals_that_can_be_found(tmp_path: Path) -> None:
    rows = [make_cms_row(), make_cms_row("010002", name="ST. JOHN'S", state="OH", postcode="1234")]
    file = make_file(tmp_path, "cms.csv", "\n".join([CMS_HEADER, *rows]))
    call_command("providers", "import-cms", str(file))
    first = profiles.find("mercy-hospital-of-the-lakes-springfield-ca")
    assert first.name == "Mercy Hospital of the Lakes"
    assert (first.jurisdiction, first.phone) == ("us-ca", "(555) 010-0100")
    assert first.address == "1 Main St\nSpringfield, CA 90210"
    assert first.imported
    assert first.secondary_use == ""
    second = profiles.find("st-johns-springfield-oh")
    assert (second.name, second.postcode, second.jurisdiction) == ("St. John's", "01234", "us")


def test_two_hospitals_of_one_name_in_one_town_get_two_slugs() -> None:
    rows = cms.read("\n".join([CMS_HEADER, make_cms_row(), make_cms_row("010002")]).encode())
    cms.save(rows)
    slugs = sorted(Profile.objects.values_list("slug", flat=True))
    base = "mercy-hospital-of-the-lakes-springfield-ca"
    assert slugs == [base, f"{base}-010002"]


def test_a_second_cms_import_changes_only_what_changed_and_no_office_of_its_own(
    django_user_model: Any,
) -> None:
    rows = [make_cms_row(str(number)) for number in ("010001", "010002", "010003")]
    cms.save(cms.read("\n".join([CMS_HEADER, *rows]).encode()))
    taken_over = Profile.objects.get(source_id="cms:010003")
    taken_over.officers.add(django_user_model.objects.create(username="rosa"))
    slugs = set(Profile.objects.values_list("slug", flat=True))
    rows = [
        make_cms_row("010001"),
        make_cms_row("010002", name="RENAMED HOSPITAL"),
        make_cms_row("010003", name="RENAMED TOO"),
    ]
    counts = cms.save(cms.read("\n".join([CMS_HEADER, *rows]).encode()))
    assert counts == cms.Counts(made=0, changed=1, same=1, kept=1)
    assert set(Profile.objects.values_list("slug", flat=True)) == slugs
    assert Profile.objects.get(source_id="cms:010003").name == "Mercy Hospital of the Lakes"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (["a,b", "1,2"], "has no column 'facility id'"),
        ([CMS_HEADER, make_cms_row(state="California")], "row 2: State"),
        ([CMS_HEADER, make_cms_row(postcode="K1A 0B1")], "row 2: ZIP Code"),
        ([CMS_HEADER, make_cms_row(), make_cms_row()], "row 3: Facility ID: stands in row 2"),
        ([CMS_HEADER, make_cms_row(name="")], "row 2: Facility Name"),
        ([CMS_HEADER, '"010001","X"'], "row 2: has 2 cells"),
    ],
)
def test_a_cms_list_that_is_not_right_is_refused(rows: list[str], fault: str) -> None:
    assert any(fault in line for line in faults("\n".join(rows), cms.read))


def import_cms(folder: Path, *rows: str) -> None:
    file = make_file(folder, "cms.csv", "\n".join([CMS_HEADER, *rows]))
    call_command("providers", "import-cms", str(file))


LAKES = "mercy-hospital-of-the-lakes-springfield-ca"


def test_a_second_cms_list_publishes_no_draft(tmp_path: Path) -> None:
    import_cms(tmp_path, make_cms_row())
    draft = Profile.objects.get(slug=LAKES)
    draft.note, draft.phone = "Not to be seen yet", "(555) 010-7777"
    draft.save()
    Answer.objects.create(
        profile=draft, question="B1", language="en", text="Unsaid", answered_on=date(2026, 11, 2)
    )
    import_cms(tmp_path, make_cms_row(street="2 MAIN ST", phone="(555) 010-0199"))
    shown = profiles.find(LAKES)
    assert (shown.note, shown.answers) == ("", {})
    assert (shown.street, shown.phone) == ("2 Main St", "(555) 010-0199")
    draft.refresh_from_db()
    assert (draft.note, draft.phone) == ("Not to be seen yet", "(555) 010-7777")
    assert draft.street == "2 Main St"


@pytest.mark.parametrize("publish", [True, False])
def test_a_cms_list_leaves_what_somebody_took_down_or_published(
    publish: bool, tmp_path: Path
) -> None:
    import_cms(tmp_path, make_cms_row())
    profile = Profile.objects.get(slug=LAKES)
    profile.phone = "(555) 010-7777"
    profile.save()
    if publish:
        publishing.publish([profile], "boss")
    else:
        publishing.take_down(profile, "boss")
    before = profiles.find(LAKES)
    import_cms(tmp_path, make_cms_row(phone="(555) 010-0199"))
    assert profiles.find(LAKES) == before
    assert (before is not None) == publish


def test_older_cms_column_names_are_known() -> None:
    header = CMS_HEADER.replace("Facility ID", "Provider ID").replace(
        "Facility Name", "Hospital Name"
    )
    header = header.replace("City/Town", "City").replace("Telephone Number", "Phone Number")
    assert len(cms.read(f"{header}\n{make_cms_row()}".encode())) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ST. MARY'S HOSPITAL OF THE LAKES", "St. Mary's Hospital of the Lakes"),
        ("WAKE-FOREST MED CTR, LLC", "Wake-Forest Med CTR, LLC"),
        ("O'CONNOR HOSPITAL", "O'connor Hospital"),
        ("Already Written Well", "Already Written Well"),
    ],
)
def test_capitals_become_a_name(text: str, name: str) -> None:
    assert cms.named(text) == name


def test_the_command_says_what_is_wrong_with_the_file_name(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"\.csv or \.toml"):
        call_command("providers", "import", str(make_file(tmp_path, "a.xlsx", "x")))
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("providers", "import", str(tmp_path / "none.csv"))


def test_the_reminder_list_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    make_provider("stale", reviewed_on=None, email="privacy@lake.example")
    call_command("providers", "due")
    assert "never       stale" in capsys.readouterr().out


# --- Export and import are inverse, and the public list keeps its say ---------------------


def make_cms_list(count: int) -> bytes:
    """Hospitals in few towns and under few names, so that many share both."""
    rows = (
        make_cms_row(
            f"{number:06}", name=f"GENERAL HOSPITAL {number % 40}", city=f"TOWN {number % 70}"
        )
        for number in range(count)
    )
    return "\n".join([CMS_HEADER, *rows]).encode()


def exported(folder: Path, kind: str, name: str) -> bytes:
    file = folder / f"{name}.{kind}"
    call_command("providers", "export", "--format", kind, "--out", str(file))
    return file.read_bytes()


@pytest.mark.parametrize(("kind", "count"), [("csv", 5_400), ("toml", 5_400)])
def test_the_whole_public_list_goes_out_and_comes_back(
    kind: str, count: int, tmp_path: Path
) -> None:
    listed = make_cms_list(count)
    cms.save(cms.read(listed))
    publishing.take_down(Profile.objects.get(source_id="cms:000007"), "rosa")
    publishing.publish(Profile.objects.filter(source_id="cms:000008"), "rosa")
    before = exported(tmp_path, kind, "before")
    Profile.objects.all().delete()

    call_command("providers", "import", str(tmp_path / f"before.{kind}"), "--publish")

    assert exported(tmp_path, kind, "after") == before
    counts = cms.save(cms.read(listed))
    # The one that was taken down was no part of the export; the other stays somebody's own.
    assert counts == cms.Counts(made=1, changed=0, same=count - 2, kept=1)


def test_one_s_own_export_taken_in_again_changes_nothing(tmp_path: Path) -> None:
    cms.save(cms.read(make_cms_list(20)))
    exported(tmp_path, "csv", "all")
    entries = transfer.read_csv((tmp_path / "all.csv").read_bytes())
    history = Revision.objects.count()

    counts = saving.save(entries, "import", publish=True)

    assert counts == saving.Counts(made=0, changed=0, same=20)
    assert Revision.objects.count() == history
    assert publishing.taken_over() == set()


def test_the_public_list_finds_its_names_taken_by_rows_from_elsewhere(tmp_path: Path) -> None:
    cms.save(cms.read(make_cms_list(500)))
    entries = transfer.read_csv(exported(tmp_path, "csv", "all"))
    Profile.objects.all().delete()
    foreign = [
        transfer.Entry(entry.row, {**entry.fields, "source_id": ""}, entry.answers)
        for entry in entries
    ]
    saving.save(foreign, "import", publish=True)

    assert cms.save(cms.read(make_cms_list(500))).made == 500


def test_a_number_of_the_public_list_belongs_to_one_profile() -> None:
    head = "slug,name,jurisdiction,source_id,taken_over"
    assert faults(f"{head}\na,A,us,cms:000001,\nb,B,us,cms:000001,\n") == [
        "row 3: source_id: cms:000001 stands in row 2 too"
    ]
    assert faults(f"{head}\na,A,us,npi:1,maybe\n") == [
        "row 2: source_id: write it as cms:010001, or leave it empty",
        "row 2: taken_over: write yes, or leave it empty",
    ]
    cms.save(cms.read(make_cms_list(1)))
    with pytest.raises(transfer.FileRefused) as refused:
        saving.save(
            transfer.read_csv(f"{head}\nother,Other,us,cms:000000,\n".encode()),
            "import",
            publish=False,
        )
    assert refused.value.faults == ["row 2: source_id: cms:000000 is general-hospital-0-town-0-ca"]
