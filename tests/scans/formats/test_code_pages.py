"""In which code page a text was written: names of made-up people, as hospitals write them."""

from __future__ import annotations

import random

import pytest

from companion.content.alphabets import alphabets
from companion.scans.formats import code_pages

NAMES = {
    "cp1251": ["Белоусова^Тамара", "МЕЛЬНИКОВ^ГЕННАДИЙ", "Тё^Сергей", "Їжак^Євгенія"],
    "koi8-r": ["Юдин^Артур", "Гущина^Жанна"],
    "cp866": ["Эрдман^Клара", "Яшин^Яков"],
    "iso8859-5": ["Белоусова^Тамара", "Юдин^Артур"],
    "cp1253": ["Καραγιάννη^Ελένη", "ΖΕΡΒΑΣ^ΦΩΤΗΣ"],
    "cp1255": ["פרידמן^אסתר", "אברהם^משה"],
    "cp1256": ["العلي^زينب", "صالح^يوسف"],
    "cp874": ["ประเสริฐ^มานี"],
    "gb18030": ["谢^婉婷", "马^腾飞", "毛^晓彤"],
    "big5": ["鄭^詠心", "洪^秀柱", "周^杰倫"],
    "cp932": ["松本^潤", "長谷川^博己", "ナカムラ^シンジ"],
    "cp949": ["윤^아름", "남궁^민", "권^나라"],
    "cp1250": ["Kośmider^Zdzisław", "Řehoř^Ondřej", "Hájek^Luboš", "Kőszegi^Zsófia"],
    "cp1254": ["Güneş^Tuğba", "Kılıç^Doğan"],
    "cp1257": ["Petrauskaitė^Rūta", "Ozoliņš^Kārlis"],
    "cp1252": ["Grünewald^Søren", "Béranger^Chloé", "Peña^Íñigo", "Gonçalves^João"],
    "cp850": ["Béranger^Chloé", "Peña^Íñigo", "Grünewald^Søren"],
    "utf-8": ["Müller^Jörg", "谢^婉婷"],
}
DECLARED = {
    "latin_1": [
        "Müller^Jörg", "MÜLLER^JÖRG", "Lefèvre^Zoé", "Núñez^María", "Guðrún Þórðardóttir",
        "Sørensen^Bjørn", "Ångström^Å", "Conceição^João", "38 °C", "12 µSv", "3×4 cm²",
        "«Dr. Böhm»", "¿Dolor?", "Nº 5", "Ö",
    ],
    "iso8859_2": ["Wójcik^Łukasz", "Dvořák^Jiří", "Szűcs^Győző"],
    "iso8859_5": ["Белоусова^Тамара", "ЩЕРБАКОВ", "Жданова^Зоя"],
    "iso8859_7": ["Καραγιάννη^Ελένη", "ΝΙΚΟΛΑΙΔΗΣ^ΗΛΙΑΣ"],
    "iso8859_8": ["כהן^יעקב"],
    "iso8859_6": ["محمد^علي"],
    "iso8859_9": ["Şahin^Gülşen", "Yılmaz^Işık"],
    "gb18030": ["王^小明", "诸葛^亮"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("page", "name"), [(page, name) for page, names in NAMES.items() for name in names]
)
def test_a_name_of_two_words_tells_its_code_page(page: str, name: str) -> None:
    raw = name.encode(page)
    assert code_pages.read_as(raw, code_pages.guess([raw])) == name


@pytest.mark.parametrize(
    ("declared", "text"), [(page, text) for page, texts in DECLARED.items() for text in texts]
)
def test_a_text_in_its_declared_code_page_is_not_odd(declared: str, text: str) -> None:
    assert not code_pages.is_odd(text.encode(declared), declared)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (page, name)
        for page, names in NAMES.items()
        for name in names
        if page not in ("cp1252", "cp850")
    ],
)
def test_another_code_page_under_latin_1_is_odd(page: str, name: str) -> None:
    if name.encode(page) == name.encode("latin_1", "replace"):
        pytest.skip("these letters have the same bytes in both")
    assert code_pages.is_odd(name.encode(page), "latin_1")


def test_texts_of_one_origin_are_weighed_together() -> None:
    short, long = "Ли".encode("cp1251"), "Краевая больница".encode("cp1251")
    assert code_pages.guess([short, long]) == "cp1251"


def test_a_code_page_that_the_file_names_elsewhere_is_likelier() -> None:
    raw = "Ким".encode("koi8-r")
    assert code_pages.guess([raw], ("koi8-r",)) == "koi8-r"


def test_bytes_by_chance_have_hardly_ever_a_code_page() -> None:
    chance = random.Random(20_261)
    blocks = [bytes(chance.randrange(256) for _ in range(24)) for _ in range(200)]
    assert sum(code_pages.guess([block]) is not None for block in blocks) <= 4


def test_a_long_text_is_known_by_its_words() -> None:
    text = "Scan of 2019-04-02\r\nБелоусова Тамара Ивановна\r\nГородская больница\r\n" * 400
    assert code_pages.guess_of_text(text.encode("koi8-r")) == "koi8-r"


def test_a_text_cut_amid_a_character_is_still_read() -> None:
    name = "권나라" * 30
    assert code_pages.guess([name.encode("cp949")]) == "cp949"


def test_every_alphabet_reads_its_own_letters() -> None:
    for one in alphabets():
        for letter in one.letters:
            assert any(_has(page, letter) for page in one.code_pages), (one.language, letter)


def _has(page: str, letter: str) -> bool:
    try:
        letter.encode(page)
    except UnicodeEncodeError:
        return False
    return True
