"""Echo search: recall where a value is distinctive, silence where it is not."""

from __future__ import annotations

import pytest

from companion.scans.assess import findings
from companion.scans.findings import Finding, Place
from tests.scans.making import add_element, make_inventory, rules_in


def echoes(*elements: tuple[str, str]) -> dict[str, Finding]:
    return {one.rule: one for one in findings(make_inventory(*elements)) if "echo" in one.rule}


@pytest.mark.parametrize(
    "text",
    [
        "knee of Okonkwo", "OKONKWO_KNEE", "okonkwo, adaeze", "Adaeze Okonkwo", "Okonkwo^Adaeze",
        "adaezeokonkwo", "Óköñkwo", "ＯＫＯＮＫＷＯ", "MR(Okonkwo)",
    ],
)  # fmt: skip
def test_a_name_is_found_again_in_any_spelling(text: str) -> None:
    found = echoes(("00100010", "Okonkwo^Adaeze"), ("00081030", text))

    assert found["echo-name"].values == (text,)
    assert found["echo-name"].certainty == "likely"


@pytest.mark.parametrize(
    ("name", "tag", "text"),
    [
        ("PERFUSION", "00080008", "ORIGINAL\\PRIMARY\\PERFUSION"),
        ("KNEE^RIGHT", "00180015", "KNEE"),
        ("KNEE^RIGHT", "00081030", "MR knee"),
        ("Hand^Anna", "0008103E", "hand ap"),
        ("Li^Wei", "00081030", "liver with oil"),
        ("Okonkwo^Ada", "00081030", "Okonkwonian sign"),
        ("Stone^Al", "00180015", "STONES"),
        ("Siemens^Otto", "00080070", "SIEMENS"),
        ("Test^Patient", "00081030", "test patient scan"),
    ],
)
def test_common_words_and_parts_of_words_are_no_echo_of_a_name(
    name: str, tag: str, text: str
) -> None:
    found = echoes(("00100010", name), (tag, text))

    assert all(one.certainty == "possible" for one in found.values())
    if name != "Test^Patient":
        assert found == {}


def test_a_short_whole_name_is_found_but_its_parts_are_not() -> None:
    assert "echo-name" in echoes(("00100010", "Doe^Jane"), ("00081030", "scan Doe, Jane"))
    assert echoes(("00100010", "Doe^Jane"), ("00081030", "doe eyes")) == {}


def test_a_doctor_who_shares_the_family_name_is_no_echo() -> None:
    assert echoes(("00100010", "Okonkwo^Adaeze"), ("00080090", "Okonkwo^Benjamin")) == {}


def test_every_component_group_of_a_name_is_searched() -> None:
    name = "Yamada^Tarou=山田^太郎=やまだ^たろう"

    for text in ("患者 山田太郎", "山田^太郎", "やまだ たろう", "YAMADA knee"):
        assert "echo-name" in echoes(("00100010", name), ("00204000", text)), text


@pytest.mark.parametrize(
    ("number", "tag", "text"),
    [
        ("12", "00204000", "12"),
        ("1234", "00200011", "1234"),
        ("771203", "00280010", "771203"),
        ("771203", "00204000", "number 97712034"),
        ("1111111", "00204000", "1111111"),
        ("CT1", "00204000", "CT1"),
    ],
)
def test_short_numbers_and_numbers_in_numbers_are_no_echo(number: str, tag: str, text: str) -> None:
    assert echoes(("00100020", number), (tag, text)) == {}


def test_a_long_number_is_found_in_words_and_in_uids() -> None:
    inventory = make_inventory(
        ("00100020", "55382017"), ("00204000", "see 55382017/2"),
        ("0020000E", "1.2.276.0.99.55382017.3"),
    )  # fmt: skip

    assert {"echo-number", "uid-echo"} <= rules_in(inventory)


@pytest.mark.parametrize("institution", ["TOSHIBA", "GENERAL HOSPITAL", "Radiology"])
def test_an_institution_of_common_words_is_no_echo(institution: str) -> None:
    found = echoes(
        ("00080080", institution),
        ("00080070", "TOSHIBA"),
        ("00081030", "general hospital radiology"),
    )

    assert found == {}


def test_an_institution_of_its_own_name_is_found_again() -> None:
    found = echoes(("00080080", "Redlake Clinic"), ("00081030", "CT Redlake Clinic"))

    assert set(found) == {"echo-institution"}


def test_an_echo_in_a_private_note_tells_the_place() -> None:
    inventory = make_inventory(("00100010", "Okonkwo^Adaeze"))
    add_element(inventory, "00991001", "for OKONKWO", "LO", creator="ACME", name="ACME: unknown")

    (echo,) = [one for one in findings(inventory) if one.rule == "echo-name"]

    assert (echo.place, echo.tag, echo.name) == ("private", "00991001", "ACME: unknown")


def test_a_long_text_is_cut_around_the_hit() -> None:
    inventory = make_inventory(("00100010", "Okonkwo^Adaeze"))
    inventory.add_text(Place.OTHER_FILE, "text", "word " * 300 + "Okonkwo" + " word" * 300)

    (echo,) = [one for one in findings(inventory) if one.rule == "echo-name"]

    assert "Okonkwo" in echo.values[0]
    assert len(echo.values[0]) < 150


def test_a_name_that_was_made_up_by_a_cleaner_is_not_searched_for() -> None:
    assert echoes(("00100010", "Anonymous"), ("00081030", "anonymous knee")) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Sørensen^Åse", "seen: SOERENSEN"), ("Müller^Jörg", "mueller, joerg"),
        ("Weißbach^Anna", "WEISSBACH A"), ("Łukaszewski^Jan", "lukaszewski"),
        ("Đukić^Đorđe", "for DJUKIC"), ("O'Brien^Niamh", "OBRIEN was here"),
        ("O'Brien^Niamh", "O BRIEN was here"), ("Lind-Falk^Maj", "LINDFALK"),
        ("van der Berg^Joost", "VANDERBERG, JOOST"), ("Ng^Bo", "for NG^BO"), ("Ng^Bo", "ng, bo"),
        # The header has A to Z alone, as many do, and a letter the name's own characters.
        ("MUELLER^JOERG", "Jörg Müller"), ("Soerensen^Aase", "Åse Sørensen"),
        ("Lukaszewski^Michal", "Michał Łukaszewski"), ("Thorsdottir^Sif", "Sif Þórsdóttir"),
        # The same characters on both sides, of those that Unicode does not take apart.
        ("Sørensen^Åse", "Åse Sørensen"), ("Łukaszewski^Michał", "Łukaszewski, Michał"),
        ("Œuvrard^Zoë", "Œuvrard Zoë"), ("Ilıca^Işıl", "Işıl Ilıca"),
    ],
)  # fmt: skip
def test_a_name_is_found_where_its_letters_are_spelled_out_or_joined(name: str, text: str) -> None:
    assert echoes(("00100010", name), ("00204000", text))["echo-name"].values == (text,)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ONEIL^TIM", "O'Neil"), ("O'Neil^Tim", "O\u2019Neil"), ("O'Neil^Tim", "O`Neil"),
        ("VANDERVELDE^JAN", "van der Velde, J."), ("Velde^Jan van der", "vandervelde_jan"),
        ("van der Velde^Jan", "vdvelde"), ("DELACRUZ^ANA", "de la Cruz"),
        ("MacAllen^Ian", "MCALLEN"), ("McAllen^Ian", "Mac Allen"), ("McAllen^Ian", "mc_allen_ian"),
        ("MULLER^JORG", "Mueller"), ("Lind-Übelacker^Max", "uebelacker"),
        ("Nguyễn^Văn Anh", "nguyenvananh"), ("Brandenburgerova^Ida", "BRANDENBURGEROVA"),
        ("Brandenburgerovax^Ida", "BRANDENBURGEROVA"), ("Okonkwo^Tim", "tokonkwo"),
        ("Орлов^Сергей", "orlov_2"), ("Орлов^Сергей", "Sergej"), ("ﾔﾏﾀﾞ^ﾀﾛｳ", "YAMADA TARO"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "ヤマダ様"), ("Παππάς^Νίκος", "PAPPAS"),
        ("Küßnach^Jörg", "K??nach"), ("Küßnach^Jörg", "K__nach"), ("Küßnach^Jörg", "KNACH"),
    ],
)  # fmt: skip
def test_a_name_is_found_as_others_write_it(name: str, text: str) -> None:
    found = echoes(("00100010", name), ("00204000", f"seen: {text}"))

    assert set(found) == {"echo-name"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Oscar^Li", "o scar"), ("Vander^Tim", "van de"),
        ("Stone^Al", "st one"), ("Parker^Al", "perker"), ("Орлов^Сергей", "orlovian"),
        ("Dela^Al", "de la"), ("Okonkwo^Tim", "akonkwo"), ("Jörg^Al", "j_rg"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_name_written_by_others_is_no_echo(name: str, text: str) -> None:
    assert echoes(("00100010", name), ("00204000", f"seen: {text}")) == {}


def test_a_part_that_may_never_have_been_spelled_out_is_a_guess_in_its_short_form() -> None:
    found = echoes(("00100010", "Bauerle^Hanna"), ("00204000", "seen by Baurle"))

    assert found["echo-name"].certainty == "possible"


@pytest.mark.parametrize("text", ["along the bone", "bong", "Michaela", "the vanguard"])
def test_spellings_of_a_short_name_are_no_echo_in_ordinary_words(text: str) -> None:
    assert "echo-name" not in echoes(("00100010", "Ng^Bo"), ("00204000", text))


def test_a_name_from_back_to_front_is_found_and_shown_turned_round() -> None:
    found = echoes(("00100010", "Okonkwo^Adaeze"), ("00204000", "ezeadA^owknokO"))

    assert found["echo-name"].values == ("Okonkwo^Adaeze",)


@pytest.mark.parametrize("number", ["MR Knee Left", "PHANTOM", "Discovery", "ROUTINE HEAD"])
def test_a_number_that_is_words_is_no_echo(number: str) -> None:
    found = echoes(("00100020", number), ("00081030", f"{number} routine"))

    assert "echo-number" not in found


def test_a_company_or_the_device_itself_is_looked_for_as_no_staff() -> None:
    for author in ("Redlake Imaging GmbH", "Oriqua"):
        inventory = make_inventory(("00700084", author), ("00081090", "Oriqua Suite"))
        add_element(inventory, "10191001", f"{author} normal", "LO", creator="ORIQUA_1")

        assert "echo-staff" not in rules_in(inventory)


def test_a_person_who_signs_is_still_looked_for() -> None:
    inventory = make_inventory(("00700084", "Brandt^Uwe"), ("00204000", "as Brandt, Uwe said"))

    assert "echo-staff" in rules_in(inventory)


@pytest.mark.parametrize(
    "text",
    [
        "okonkwo adaeze\\04.02.61\\000", "Okonkwo^Adaeze", "Patient name: Okonkwo",
        "okonkwo adaeze", "OKONKWO, ADAEZE", "scan Adaeze Okonkwo", "58203917", "MRN 58203917",
        "okonkwo 040261",
    ],
)  # fmt: skip
def test_a_person_in_a_field_of_no_table_is_possible(text: str) -> None:
    found = [one for one in findings(make_inventory(("00201020", text))) if one.tag == "00201020"]

    assert [(one.rule, one.certainty) for one in found] == [("unknown-field", "possible")]


@pytest.mark.parametrize(
    "text",
    [
        "SUPINE 04.02.61", "A\\B\\000", "AXIAL^KNEE", "v1 2019-04-03", "000000000", "head first",
        "Okonkwo knee protocol routine", "OKO_ADA_ADV_BREAST", "Okonkwo Adaeze Systems, Inc.",
    ],
)  # fmt: skip
def test_a_field_of_no_table_without_a_person_says_nothing(text: str) -> None:
    assert "unknown-field" not in rules_in(make_inventory(("00201020", text)))


@pytest.mark.parametrize("vr", ["DS", "IS", "CS"])
@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Okonkwo Adaeze", True), ("OKONKWO^ADAEZE", True), ("1.5\\okonkwo", True),
        ("tel 555-010-4567", True), ("name=Okonkwo", True), ("NaN", False), ("Infinity", False),
        ("-1.#QNAN0", False), ("1.5 mm", False), ("unknown", False), ("chest/abdomen", False),
    ],
)  # fmt: skip
def test_words_where_a_number_or_a_code_should_be_are_told(vr: str, text: str, tells: bool) -> None:
    found = findings(make_inventory(("00280030", text, vr)))

    assert [one.rule for one in found] == (["unknown-field"] if tells else [])


def test_a_name_in_place_of_the_class_of_a_scan_is_told() -> None:
    found = findings(make_inventory(("00080016", "Okonkwo^Adaeze", "UI")))

    assert [(one.rule, one.values) for one in found] == [("unknown-field", ("Okonkwo^Adaeze",))]


@pytest.mark.parametrize("tag", ["00080104", "00080070"])
def test_a_name_as_scans_write_it_is_told_in_a_code_too_but_no_strange_words(tag: str) -> None:
    assert "unknown-field" in rules_in(make_inventory((tag, "Okonkwo^Adaeze")))
    assert "unknown-field" not in rules_in(make_inventory((tag, "Rathke cleft 58203917")))


@pytest.mark.parametrize(("operator", "is_person"), [("meduser", False), ("Medusa^Ute", True)])
def test_the_account_of_a_machine_is_looked_for_as_no_staff(operator: str, is_person: bool) -> None:
    found = rules_in(make_inventory(("00081070", operator), ("00204000", f"drawn by {operator}")))

    assert ("echo-staff" in found) is is_person
