"""Values that the declared character set cannot hold: both readings, never certain, a note."""

from __future__ import annotations

import pytest

from companion.scans.findings import Certainty, Finding, Note, Report, Status
from companion.scans.inspection import Entry, inspect
from tests.builders import make_element, make_raw_scan, make_scan

NAME = 0x00100010


def make_named(name: bytes, charset: bytes | None = None, *more: bytes) -> bytes:
    elements = [] if charset is None else [make_element(0x00080005, "CS", charset)]
    return make_raw_scan(b"".join([*elements, *more, make_element(NAME, "PN", name)]))


def read(*files: bytes) -> Report:
    return inspect([Entry(f"IM{number}", [data]) for number, data in enumerate(files)])


def names(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == "patient-name"]


@pytest.mark.parametrize("charset", [None, b"ISO_IR 6", b"ISO_IR 100"])
@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("Белоусова^Тамара", "cp1251"),
        ("Юдина^Клара", "koi8-r"),
        ("谢^婉婷", "gb18030"),
        ("鄭^詠心", "big5"),
        ("윤^아름", "cp949"),
        ("松本^潤", "cp932"),
        ("Řehoř^Božena", "cp1250"),
        ("Petrauskaitė^Rūta", "cp1257"),
        ("Καραγιάννη^Ελένη", "cp1253"),
    ],
)
def test_a_name_in_another_code_page_is_shown_in_both_readings(
    charset: bytes | None, name: str, page: str
) -> None:
    report = read(make_named(name.encode(page), charset))

    (found,) = names(report)
    assert found.values == (name, name.encode(page).decode("latin-1"))
    assert found.certainty is Certainty.LIKELY
    (record,) = report.files
    assert Note.LETTERS_GUESSED in record.notes
    assert record.status is Status.READ


@pytest.mark.parametrize("charset", [None, b"ISO_IR 100", b"ISO_IR 144", b"ISO_IR 126"])
@pytest.mark.parametrize("name", ["Müller^Jörg", "Юдина^Клара", "Łoś^Żaneta"])
def test_a_name_in_utf_8_under_another_set_is_read_as_it_is_and_noted(
    name: str, charset: bytes | None
) -> None:
    report = read(make_named(name.encode(), charset))

    assert [found.values for found in names(report)] == [(name,)]
    assert Note.LETTERS_GUESSED in report.files[0].notes


def test_a_name_that_does_not_fit_its_set_is_not_called_a_placeholder() -> None:
    report = read(make_named("Тимофеев^Аркадий".encode("cp1251"), b"ISO_IR 192"))

    assert names(report)[0].values[0] == "Тимофеев^Аркадий"
    assert "placeholder" not in {found.rule for found in report.findings}


@pytest.mark.parametrize(
    ("name", "raw", "charset"),
    [
        ("Müller^Jörg", "Müller^Jörg".encode("latin-1"), b"ISO_IR 100"),
        ("Núñez^Íñigo", "Núñez^Íñigo".encode("latin-1"), b"ISO_IR 100"),
        ("Белоусова^Тамара", "Белоусова^Тамара".encode("iso8859-5"), b"ISO_IR 144"),
        ("Καραγιάννη^Ελένη", "Καραγιάννη^Ελένη".encode("iso8859-7"), b"ISO_IR 126"),
        ("谢^婉婷", "谢^婉婷".encode("gb18030"), b"GB18030"),
        ("谢^婉婷", "谢^婉婷".encode("gbk"), b"GBK"),
        ("Юдина^Клара", "Юдина^Клара".encode(), b"ISO_IR 192"),
        ("Wójcik^Łukasz", "Wójcik^Łukasz".encode("iso8859-2"), b"ISO_IR 101"),
        ("Hong^Gildong=洪^吉洞=홍^길동", b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7="
         b"\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf", b"\\ISO 2022 IR 149"),
        ("Brandt^Anna", b"Brandt^Anna", None),
    ],
)  # fmt: skip
def test_a_name_in_its_declared_set_is_certain_and_has_no_note(
    name: str, raw: bytes, charset: bytes | None
) -> None:
    report = read(make_named(raw, charset))

    (found,) = names(report)
    assert found.values == (name,)
    assert found.certainty is Certainty.CERTAIN
    (record,) = report.files
    assert not {Note.LETTERS_GUESSED, Note.VALUE_NOT_DECODED} & set(record.notes)


def test_a_group_of_a_name_without_its_escape_sequence_is_read_by_the_declared_set() -> None:
    raw = "Yun^Areum=尹^=윤^아름".encode("cp949")
    (found,) = names(read(make_named(raw, b"\\ISO 2022 IR 149")))
    assert found.values[0] == "Yun^Areum=尹^=윤^아름"


def test_a_name_in_two_code_pages_is_one_patient() -> None:
    number = make_element(0x00100020, "LO", b"4711-A")
    files = [
        make_named("Белоусова^Тамара".encode(page), None) + number for page in ("cp1251", "koi8-r")
    ]
    report = read(*files)
    assert not [finding for finding in report.findings if finding.rule == "two-patients"]
    assert all("Белоусова^Тамара" in finding.values for finding in names(report))


def test_short_texts_are_read_by_the_longer_ones_of_their_file() -> None:
    hospital = make_element(0x00080080, "LO", "Краевая больница".encode("cp1251"))
    (found,) = names(read(make_named("Ли^Ян".encode("cp1251"), None, hospital)))
    assert found.values[0] == "Ли^Ян"


def test_every_file_with_such_a_name_says_so() -> None:
    data = make_named("Белоусова^Тамара".encode("cp1251"), None)
    report = read(data, data, data)
    assert all(Note.LETTERS_GUESSED in record.notes for record in report.files)
    (found,) = names(report)
    assert found.files == 3


def test_a_folder_named_in_its_own_letters_is_an_echo_of_a_name_in_a_code_page() -> None:
    data = make_named("Καραγιάννη^Ελένη".encode("cp1253"), None)
    report = inspect([Entry("Καραγιάννη/IM1", [data])])
    assert "file-name-echo" in {finding.rule for finding in report.findings}


def test_letters_that_no_code_page_explains_leave_the_file_partly_read() -> None:
    report = read(make_named(b"\x81\x41\x9d\x42\xff\x43\x90\x44\xfe\x45", None))
    (record,) = report.files
    assert Note.VALUE_NOT_DECODED in record.notes
    assert record.status is Status.PARTLY_READ


def test_a_sign_that_needs_no_language_is_no_reason_for_alarm() -> None:
    sign = make_element(0x00181030, "LO", "37 °C".encode("latin-1"))
    report = read(make_named(b"Brandt^Anna", None, sign))
    assert report.files[0].status is Status.READ


def test_a_thousand_values_in_a_wrong_code_page_take_no_longer_than_a_file_may() -> None:
    texts = [f"Белоусова {number}".encode("cp1251") for number in range(5_000)]
    values = b"".join(
        make_element(0x00091000 + number % 200, "LO", text) for number, text in enumerate(texts)
    )
    report = read(make_raw_scan(values), make_scan(PatientName="Brandt^Anna"))
    assert ("Brandt^Anna",) in {finding.values for finding in names(report)}


def test_of_many_doubtful_texts_all_are_noted_and_the_next_file_is_read() -> None:
    values = b"".join(
        make_element(0x00091000 + number, "LO", f"Юдина {number}".encode("koi8-r"))
        for number in range(3_000)
    )
    charset = make_element(0x00080005, "CS", b"ISO_IR 100")
    report = read(make_raw_scan(charset + values), make_named(b"Brandt^Anna", b"ISO_IR 100"))
    assert Note.LETTERS_GUESSED in report.files[0].notes
    assert names(report)[0].values == ("Brandt^Anna",)
