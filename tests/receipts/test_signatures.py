"""Digital signatures: those of DCMTK's ``dcmsign`` fit, and broken ones are told."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import NameOID
from pydicom import dcmread
from pydicom.filebase import DicomBytesIO

from companion.receipts import Kind, Mark, SignatureCheck, Trust, Verdict, signatures
from tests.builders import ROOT
from tests.receipts.making import compared, make_slice, receipt_of, rewritten, the_change

TODAY = datetime.now(UTC)
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Signer:
    """A made-up signer with key and certificate, who signs by ``dcmsign``."""

    def __init__(
        self, folder: Path, *, key: Any = RSA, issuer: str = "", ends: datetime | None = None
    ) -> None:
        self.folder = folder
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Made-up Machine 7")])
        by = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]) if issuer else name
        ends = ends or TODAY + timedelta(days=30)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(by)
            .public_key(key.public_key())
            .serial_number(7)
            .not_valid_before(ends - timedelta(days=90))
            .not_valid_after(ends)
            .sign(key, hashes.SHA256())
        )
        (folder / "key.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
        )
        (folder / "certificate.pem").write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
        )

    def signed(self, data: bytes, *options: str, mac: str = "+m2") -> bytes:
        """The scan with a signature."""
        before, after = self.folder / "unsigned.dcm", self.folder / "signed.dcm"
        before.write_bytes(data)
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        sign = [] if "+si" in options else ["+s", str(key), str(certificate)]
        command = ["dcmsign", *sign, *options, mac, str(before), str(after)]
        subprocess.run(
            [part.replace("KEY", str(key)).replace("CERT", str(certificate)) for part in command],
            check=True,
            capture_output=True,
        )
        return after.read_bytes()


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer(tmp_path)


def check_of(data: bytes) -> SignatureCheck:
    """What is said of the only signature of a scan."""
    (found,) = receipt_of(data).signatures
    return found


def edited(data: bytes, **elements: Any) -> bytes:
    """A scan with elements set anew, and all else, signatures too, left as it is."""
    dataset = dcmread(DicomBytesIO(data))
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    out = DicomBytesIO()
    dataset.save_as(out)
    return out.getvalue()


@pytest.mark.parametrize("mac", ["+mr", "+ms", "+mm", "+m2", "+m3", "+m5"])
def test_a_signature_fits_by_every_sum_that_the_standard_names(signer: Signer, mac: str) -> None:
    check = check_of(signer.signed(make_slice(), mac=mac))
    assert check.verdict is Verdict.VALID
    assert check.old_algorithm is (mac in {"+ms", "+mm"})


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP256R1()), dsa.generate_private_key(key_size=2048)],
    ids=["elliptic curve", "DSA"],
)
def test_a_signature_fits_by_other_kinds_of_key(tmp_path: Path, key: Any) -> None:
    assert check_of(Signer(tmp_path, key=key).signed(make_slice())).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "change",
    [{"PatientName": "Quillfeather^Ida"}, {"WindowCenter": "41"}, {"PixelData": bytes(512)}],
    ids=lambda change: next(iter(change)),
)
def test_a_signature_is_broken_by_any_change_of_what_it_signs(
    signer: Signer, change: dict[str, Any]
) -> None:
    assert check_of(edited(signer.signed(make_slice()), **change)).verdict is Verdict.BROKEN


def test_a_signature_itself_that_was_changed_is_broken(signer: Signer) -> None:
    dataset = dcmread(DicomBytesIO(signer.signed(make_slice())))
    item = dataset.DigitalSignaturesSequence[0]
    item.Signature = bytes([item.Signature[0] ^ 1]) + item.Signature[1:]
    out = DicomBytesIO()
    dataset.save_as(out)
    assert check_of(out.getvalue()).verdict is Verdict.BROKEN


def test_what_is_not_signed_may_change_and_is_counted(signer: Signer) -> None:
    person = ("PatientName", "PatientID", "PatientBirthDate")
    named = [part for keyword in (*person, "PixelData") for part in ("-t", keyword)]
    data = signer.signed(make_slice(), *named)
    check = check_of(edited(data, WindowCenter="41"))
    assert check.verdict is Verdict.VALID
    assert check.covers_person
    assert check.covers_picture
    assert (check.elements, check.unsigned > 10) == (4, True)


def test_a_picture_alone_says_nothing_of_the_person(signer: Signer) -> None:
    check = check_of(signer.signed(make_slice(), "-t", "PixelData"))
    assert (check.covers_picture, check.covers_person) == (True, False)


@pytest.mark.parametrize("options", [("+te", "-e"), ("+tb",), ("+td",)], ids=" ".join)
def test_a_signature_outlives_another_way_to_write(
    signer: Signer, tmp_path: Path, options: tuple[str, ...]
) -> None:
    data = rewritten(signer.signed(make_slice()), tmp_path, "dcmconv", *options)
    assert check_of(data).verdict is Verdict.VALID


def test_a_picture_compressed_since_cannot_be_checked_and_is_not_called_broken(
    signer: Signer, tmp_path: Path
) -> None:
    data = rewritten(signer.signed(make_slice()), tmp_path, "dcmcjpls")
    assert check_of(data).verdict is Verdict.STORED_OTHERWISE


def test_a_compressed_picture_is_checked_as_it_was_signed(signer: Signer, tmp_path: Path) -> None:
    data = signer.signed(rewritten(make_slice(), tmp_path, "dcmcjpls"))
    assert check_of(data).verdict is Verdict.VALID


def test_sequences_are_signed_with_what_is_in_them(signer: Signer) -> None:
    nested: dict[str, Any] = {
        "ReferencedStudySequence": [{"ReferencedSOPInstanceUID": f"{ROOT}.3"}, {}]
    }
    data = signer.signed(make_slice(**nested))
    assert check_of(data).verdict is Verdict.VALID
    dataset = dcmread(DicomBytesIO(data))
    dataset.ReferencedStudySequence[0].ReferencedSOPInstanceUID = f"{ROOT}.4"
    out = DicomBytesIO()
    dataset.save_as(out)
    assert check_of(out.getvalue()).verdict is Verdict.BROKEN


def test_a_signature_in_an_item_is_found_there(signer: Signer) -> None:
    nested: dict[str, Any] = {
        "ReferencedStudySequence": [{"ReferencedSOPInstanceUID": f"{ROOT}.3"}]
    }
    data = signer.signed(make_slice(**nested), "+si", "KEY", "CERT", "ReferencedStudySequence[0]")
    check = check_of(data)
    assert (check.verdict, check.path) == (Verdict.VALID, "00081110[0].")


def test_who_vouches_is_told_apart_from_whether_it_fits(tmp_path: Path) -> None:
    own = check_of(Signer(tmp_path).signed(make_slice()))
    assert (own.verdict, own.trust) == (Verdict.VALID, Trust.SELF_SIGNED)
    assert own.signer == own.issuer == "CN=Made-up Machine 7"
    issued = check_of(Signer(tmp_path, issuer="Made-up Authority").signed(make_slice()))
    assert (issued.verdict, issued.trust) == (Verdict.VALID, Trust.ISSUED)
    assert issued.issuer == "CN=Made-up Authority"
    assert own.valid_until == (TODAY + timedelta(days=30)).date()


def test_a_certificate_that_had_expired_is_told_and_the_signature_fits(tmp_path: Path) -> None:
    check = check_of(Signer(tmp_path, ends=TODAY - timedelta(days=10)).signed(make_slice()))
    assert (check.verdict, check.expired) == (Verdict.VALID, True)


@pytest.mark.parametrize(
    ("sequence", "keyword", "value", "verdict"),
    [
        ("MACParametersSequence", "MACAlgorithm", "WHIRLPOOL", Verdict.UNKNOWN_ALGORITHM),
        ("MACParametersSequence", "MACIDNumber", 9, Verdict.INCOMPLETE),
        ("MACParametersSequence", "DataElementsSigned", [], Verdict.INCOMPLETE),
        (
            "MACParametersSequence",
            "DataElementsSigned",
            [0x7FE00010] * 1_000,
            Verdict.INCOMPLETE,
        ),
        (
            "MACParametersSequence",
            "MACCalculationTransferSyntaxUID",
            "1.2.840.10008.1.2.2",
            Verdict.STORED_OTHERWISE,
        ),
        ("DigitalSignaturesSequence", "CertificateOfSigner", b"\x30\x03no", Verdict.INCOMPLETE),
        ("DigitalSignaturesSequence", "Signature", None, Verdict.INCOMPLETE),
        ("DigitalSignaturesSequence", "Signature", b"\1\2", Verdict.BROKEN),
    ],
)
def test_what_cannot_be_checked_is_told_as_that(
    signer: Signer, sequence: str, keyword: str, value: Any, verdict: Verdict
) -> None:
    dataset = dcmread(DicomBytesIO(signer.signed(make_slice())))
    setattr(getattr(dataset, sequence)[0], keyword, value)
    out = DicomBytesIO()
    dataset.save_as(out)
    assert check_of(out.getvalue()).verdict is verdict


def test_without_what_checks_them_signatures_are_not_checked(
    signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = signer.signed(make_slice())
    monkeypatch.setitem(__import__("sys").modules, "cryptography", None)
    assert check_of(data).verdict is Verdict.NOT_CHECKED


def test_too_many_signatures_are_counted_and_not_all_checked(signer: Signer) -> None:
    dataset = dcmread(DicomBytesIO(signer.signed(make_slice())))
    dataset.DigitalSignaturesSequence = list(dataset.DigitalSignaturesSequence) * 100
    out = DicomBytesIO()
    dataset.save_as(out)
    receipt = receipt_of(out.getvalue())
    assert receipt.files[0].signatures == 100
    assert sum(check.files for check in receipt.signatures) == signatures.MOST_SIGNATURES


def test_a_signature_that_came_or_went_is_told_and_is_no_changed_detail(signer: Signer) -> None:
    plain = make_slice()
    signed = signer.signed(plain)
    came = the_change(compared(plain, signed))
    assert (came.kind, came.marks) == (Kind.REWRAPPED, frozenset({Mark.SIGNATURE_NEW}))
    went = the_change(compared(signed, plain))
    assert (went.kind, went.marks) == (Kind.REWRAPPED, frozenset({Mark.SIGNATURE_GONE}))


def test_equal_signatures_of_many_slices_are_one(signer: Signer) -> None:
    files = {str(number): signer.signed(make_slice(number)) for number in range(1, 4)}
    (check,) = receipt_of(files).signatures
    assert check.files == 3


def test_no_signer_stands_in_what_is_printed_of_a_check(signer: Signer) -> None:
    check = check_of(signer.signed(make_slice()))
    assert "Made-up" not in repr(check)


def test_what_is_named_as_signed_and_is_not_there_makes_nothing_covered(signer: Signer) -> None:
    """Whoever has no key can name more elements, as long as these are not in the file."""
    dataset = dcmread(DicomBytesIO(signer.signed(make_slice(), "-t", "WindowCenter")))
    mac = dataset.MACParametersSequence[0]
    mac.DataElementsSigned = [mac.DataElementsSigned, 0x7FE00008, 0x7FE00009]
    out = DicomBytesIO()
    dataset.save_as(out)
    check = check_of(out.getvalue())
    assert (check.verdict, check.elements) == (Verdict.VALID, 1)
    assert (check.covers_picture, check.covers_person) == (False, False)


def test_one_of_name_number_and_birth_date_is_not_the_person(signer: Signer) -> None:
    check = check_of(signer.signed(make_slice(), "-t", "PatientID"))
    assert (check.verdict, check.covers_person) == (Verdict.VALID, False)


def test_a_time_stamp_is_told_and_not_checked(signer: Signer) -> None:
    dataset = dcmread(DicomBytesIO(signer.signed(make_slice())))
    item = dataset.DigitalSignaturesSequence[0]
    item.CertifiedTimestampType = "CMS_TSP"
    item.CertifiedTimestamp = b"\x30\x00"
    out = DicomBytesIO()
    dataset.save_as(out)
    check = check_of(out.getvalue())
    assert (check.verdict, check.time_stamp) == (Verdict.VALID, True)


def test_a_certificate_whose_name_cannot_be_read_spoils_nothing(signer: Signer) -> None:
    """The name is taken apart only when it is asked for, long after the certificate was."""
    data = signer.signed(make_slice())
    name = b"Made-up Machine 7"
    broken = data.replace(b"\x0c\x11" + name, b"\x0c\x11" + b"\xff" * len(name))
    assert broken != data
    receipt = receipt_of({"signed": broken, "beside": make_slice(2)})
    assert len(receipt.files) == 2
    (check,) = receipt.signatures
    assert (check.verdict, check.trust, check.signer) == (Verdict.VALID, Trust.UNKNOWN, "")


def test_a_certificate_of_no_version_that_there_is_cannot_be_read(signer: Signer) -> None:
    data = signer.signed(make_slice())
    broken = data.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x34")
    assert broken != data
    assert check_of(broken).verdict is Verdict.INCOMPLETE


def test_a_certificate_with_another_name_written_into_it_is_told(signer: Signer) -> None:
    """The picture's signature still fits, for the key is the same; the name proves nothing."""
    data = signer.signed(make_slice())
    check = check_of(data.replace(b"Made-up Machine 7", b"Other-name Clinic"))
    assert (check.verdict, check.trust) == (Verdict.VALID, Trust.ALTERED)
