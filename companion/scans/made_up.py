"""A made-up study to try the inspection on: nobody in it exists.

It shows what real discs hold: two visits, names in deeper layers, a maker's private
note, a claim of de-identification, a report beside the pictures, a file cut short.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

_CT = "1.2.840.10008.5.1.4.1.1.2"
_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
_ROOT = "1.2.826.0.1.3680043.10.9999"
_SIZE = 64
_SLICES = 4
_VISITS = (("20240115", "093012", "ACC-2024-77120"), ("20240902", "141530", "ACC-2024-90811"))
_PERSON: dict[str, Any] = {
    "PatientName": "Example^Robin^Madeup",
    "PatientID": "MU-5538201",
    "PatientBirthDate": "19710304",
    "PatientSex": "O",
    "PatientSize": "1.71",
    "PatientWeight": "68",
    "PatientAddress": "12 Nowhere Lane, Sampleton",
    "OtherPatientNames": "Specimen^Robin",
    "Occupation": "Teacher",
    "InstitutionName": "Sampleton General Hospital",
    "InstitutionAddress": "1 River Road, Sampleton",
    "StationName": "CTROOM2",
    "ReferringPhysicianName": "Pretend^Alex^^Dr",
    "OperatorsName": "Fictive^Sam",
    "Manufacturer": "Makebelieve Imaging",
    "ManufacturerModelName": "Slicer 64",
    "DeviceSerialNumber": "SN-99812",
    "SoftwareVersions": "V4.0",
}


@cache
def made_up_study() -> tuple[tuple[str, bytes], ...]:
    """The files of a made-up disc as ``(name, bytes)``, about 90 kB; always the same."""
    files = [
        (f"DISC/EXAMPLE_ROBIN/{day}/IM{number:04d}", _slice(day, time, accession, visit, number))
        for visit, (day, time, accession) in enumerate(_VISITS, start=1)
        for number in range(1, _SLICES + 1)
    ]
    whole = _slice(*_VISITS[1], 2, _SLICES + 1)
    files.append((f"DISC/EXAMPLE_ROBIN/20240902/IM{_SLICES + 1:04d}", whole[: len(whole) * 2 // 3]))
    files.append(("DISC/REPORT/RP0001", _report()))
    files.append(
        ("DISC/README.TXT", b"Disc for Robin Example, born 04 Mar 1971. Sampleton General.\r\n")
    )
    return tuple(files)


def _slice(day: str, time: str, accession: str, visit: int, number: int) -> bytes:
    study = f"{_ROOT}.{day}.{visit}"
    dataset = _dataset(
        **_PERSON,
        SOPClassUID=_CT,
        SOPInstanceUID=f"{study}.1.{number}",
        StudyInstanceUID=study,
        SeriesInstanceUID=f"{study}.1",
        FrameOfReferenceUID=f"{study}.2",
        Modality="CT",
        StudyDate=day,
        SeriesDate=day,
        AcquisitionDate=day,
        ContentDate=day,
        StudyTime=time,
        AcquisitionTime=time,
        AccessionNumber=accession,
        StudyID=accession[-4:],
        PatientAge="052Y" if visit == 1 else "053Y",
        StudyDescription="CT HEAD, follow-up for R. Example",
        SeriesDescription="HEAD 1.0 thin",
        BodyPartExamined="HEAD",
        PatientComments="Works at the school. Sister waits outside.",
        SeriesNumber=1,
        InstanceNumber=number,
        SliceThickness=1,
        ImageType=["ORIGINAL", "PRIMARY", "AXIAL"],
        RequestAttributesSequence=[
            {"RequestedProcedureID": f"RP-{accession[-5:]}", "ScheduledProcedureStepID": "SPS-1"}
        ],
        ReferencedPatientSequence=[{"ReferencedSOPInstanceUID": f"{study}.9"}],
    )
    if visit == 2:
        dataset.PatientIdentityRemoved = "YES"
        dataset.DeidentificationMethod = "Sample cleaner 1.0"
        dataset.OriginalAttributesSequence = Sequence(
            [
                _dataset(
                    SourceOfPreviousValues="Front desk",
                    AttributeModificationDateTime=f"{day}080000",
                    ReasonForTheAttributeModification="CORRECT",
                    ModifiedAttributesSequence=[{"PatientName": "Exampel^Robin"}],
                )
            ]
        )
    block = dataset.private_block(0x0009, "GEMS_GENIE_1", create=True)
    block.add_new(0x40, "LO", "Example Robin")
    dataset.update(
        _dataset(
            Rows=_SIZE, Columns=_SIZE, BitsAllocated=16, BitsStored=12, HighBit=11,
            SamplesPerPixel=1, PixelRepresentation=0, PhotometricInterpretation="MONOCHROME2",
        )
    )  # fmt: skip
    dataset.PixelData = _rings(number)
    dataset["PixelData"].VR = "OW"
    return _file(dataset)


def _report() -> bytes:
    pdf = _pdf(b"Report for Robin Example, born 4 March 1971.")
    day, time, accession = _VISITS[1]
    return _file(
        _dataset(
            **_PERSON,
            SOPClassUID=_PDF,
            SOPInstanceUID=f"{_ROOT}.{day}.2.3.1",
            StudyInstanceUID=f"{_ROOT}.{day}.2",
            SeriesInstanceUID=f"{_ROOT}.{day}.2.3",
            Modality="DOC",
            StudyDate=day,
            ContentDate=day,
            StudyTime=time,
            AccessionNumber=accession,
            DocumentTitle="CT head report, Robin Example",
            MIMETypeOfEncapsulatedDocument="application/pdf",
            EncapsulatedDocument=pdf + b"\n" * (len(pdf) % 2),
        )
    )


def _pdf(line: bytes) -> bytes:
    """A PDF of one line, with the table of places that readers ask for."""
    text = b"BT /F1 12 Tf 40 740 Td (" + line + b") Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Author(Dr Alex Pretend)>>",
    )
    file, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(file))
        file += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, b"".join(places))
    tail = b"trailer<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return file + table + tail % (len(objects) + 1, len(file))


def _dataset(**elements: Any) -> Dataset:
    dataset = Dataset()
    for keyword, value in elements.items():
        items = isinstance(value, list) and isinstance(value[0], dict)
        setattr(dataset, keyword, Sequence([_dataset(**v) for v in value]) if items else value)
    return dataset


def _file(dataset: Dataset) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(f"{_ROOT}.0")
    meta.SourceApplicationEntityTitle = "SAMPLETON_CT2"
    file = io.BytesIO()
    whole = FileDataset(file, dataset, file_meta=meta, preamble=bytes(128))
    dcmwrite(file, whole, enforce_file_format=True)
    return file.getvalue()


def _rings(number: int) -> bytes:
    """A skull of two ellipses and a grey inside, so that a viewer shows something."""
    middle = (_SIZE - 1) / 2
    values = bytearray()
    for row in range(_SIZE):
        for column in range(_SIZE):
            across, down = (column - middle) / 26, (row - middle) / (30 - number)
            far = across * across + down * down
            value = 3000 if 0.85 < far < 1 else 1100 + 40 * number if far <= 0.85 else 0
            values += value.to_bytes(2, "little")
    return bytes(values)
