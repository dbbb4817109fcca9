"""Made-up scans, studies, ZIPs and other things that tests need.

Append only: everybody's tests build on these.
"""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

CT = "1.2.840.10008.5.1.4.1.1.2"
ROOT = "2.25.1234567"


def make_dataset(**elements: Any) -> Dataset:
    """A data set by keyword; a dict becomes a one-item sequence, a list of dicts many."""
    dataset = Dataset()
    for keyword, value in elements.items():
        if isinstance(value, Dataset | dict):
            value = [value]
        if isinstance(value, list) and value and isinstance(value[0], Dataset | dict):
            items = [item if isinstance(item, Dataset) else make_dataset(**item) for item in value]
            value = Sequence(items)
        setattr(dataset, keyword, value)
    return dataset


def make_scan(
    *,
    syntax: str = ExplicitVRLittleEndian,
    preamble: bytes = bytes(128),
    meta: Mapping[str, Any] | None = None,
    private: Mapping[tuple[int, str, int], tuple[str, Any]] | None = None,
    trailing: bytes = b"",
    bare: bool = False,
    **elements: Any,
) -> bytes:
    """A scan's bytes. Without arguments it holds no identifier of a person.

    ``private``: ``{(group, creator, offset): (VR, value)}``. ``bare`` leaves out the
    preamble and the file meta information. ``elements`` by keyword; None leaves out.
    """
    plain: dict[str, Any] = {
        "SOPClassUID": CT,
        "SOPInstanceUID": f"{ROOT}.1",
        "Modality": "CT",
        "Rows": 4,
        "Columns": 4,
        "BitsAllocated": 16,
        "BitsStored": 12,
        "HighBit": 11,
        "PixelRepresentation": 0,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "PixelData": bytes(32),
    }
    plain.update(elements)
    with warnings.catch_warnings():  # values that break the rules are wanted here
        warnings.simplefilter("ignore")
        dataset = make_dataset(**{key: value for key, value in plain.items() if value is not None})
        for (group, creator, offset), (vr, value) in (private or {}).items():
            dataset.private_block(group, creator, create=True).add_new(offset, vr, value)
    encoding: dict[str, Any] = {
        "implicit_vr": syntax == "1.2.840.10008.1.2",
        "little_endian": syntax != "1.2.840.10008.1.2.2",
    }
    if "PixelData" in dataset:
        dataset["PixelData"].VR = "OW" if syntax != "1.2.840.10008.1.2.4.50" else "OB"
        dataset["PixelData"].is_undefined_length = syntax.startswith("1.2.840.10008.1.2.4")
    file = io.BytesIO()
    if bare:
        dcmwrite(file, dataset, **encoding)
        return file.getvalue() + trailing
    header = FileMetaDataset()
    header.MediaStorageSOPClassUID = dataset.get("SOPClassUID", CT)
    header.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", f"{ROOT}.1")
    header.TransferSyntaxUID = UID(syntax)
    header.ImplementationClassUID = UID("1.2.3.4")
    for keyword, value in (meta or {}).items():
        setattr(header, keyword, value)
    whole = FileDataset(file, dataset, file_meta=header, preamble=preamble)
    dcmwrite(file, whole, enforce_file_format=True, **encoding)
    return file.getvalue() + trailing


def make_element(tag: int, vr: str, value: bytes, length: int | None = None) -> bytes:
    """One element in explicit VR little endian, with a length that may lie."""
    size = len(value) if length is None else length
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    if vr in {"OB", "OW", "OF", "OD", "OL", "SQ", "UN", "UT", "UC", "UR"}:
        return head + struct.pack("<HI", 0, size) + value
    return head + struct.pack("<H", size) + value


def make_raw_scan(body: bytes, *, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """Preamble and meta header before ``body``, which is taken as it is."""
    uid = syntax.encode() + (b"\0" if len(syntax) % 2 else b"")
    meta = make_element(0x00020010, "UI", uid)
    length = make_element(0x00020000, "UL", struct.pack("<I", len(meta)))
    return bytes(128) + b"DICM" + length + meta + body


def make_study(slices: int, *, pixels: int = 512 * 512 * 2) -> Iterator[tuple[str, bytes]]:
    """A CT study as ``(name, bytes)``: 175 elements a slice, nested and private ones."""
    for number, (head, tail) in enumerate(_study_headers(slices, pixels), start=1):
        yield f"study/IM{number:05d}", head + bytes(pixels) + tail


def make_zip(
    entries: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
    *,
    method: int = zipfile.ZIP_DEFLATED,
    comment: bytes = b"",
) -> bytes:
    """A ZIP of ``entries``; names are taken as they are."""
    file = io.BytesIO()
    pairs = entries.items() if isinstance(entries, Mapping) else entries
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as archive:
        warnings.simplefilter("ignore")  # two entries of one name are wanted here
        for name, data in pairs:
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 15, 9, 30, 0)), data, method)
        archive.comment = comment
    return file.getvalue()


def _study_headers(slices: int, pixels: int) -> Iterator[tuple[bytes, bytes]]:
    common: dict[str, Any] = {
        "SpecificCharacterSet": "ISO_IR 192",
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "StudyDate": "20240115",
        "SeriesDate": "20240115",
        "AcquisitionDate": "20240115",
        "ContentDate": "20240115",
        "StudyTime": "093012.123",
        "AccessionNumber": "ACC-2024-771203",
        "Manufacturer": "Acme Imaging",
        "InstitutionName": "Riverside General Hospital",
        "InstitutionAddress": "12 River Road, Springfield",
        "ReferringPhysicianName": "Okafor^Grace^^Dr",
        "StationName": "CTROOM2",
        "StudyDescription": "CT CHEST ABDOMEN PELVIS",
        "SeriesDescription": "AXIAL 1.0 B30f",
        "OperatorsName": "Lind^Per",
        "ManufacturerModelName": "Model 64",
        "PatientName": "Doe^Jane^Quincy",
        "PatientID": "MRN-5538201",
        "PatientBirthDate": "19710304",
        "PatientSex": "F",
        "PatientAge": "052Y",
        "PatientSize": "1.68",
        "PatientWeight": "71",
        "DeviceSerialNumber": "SN-99812",
        "SoftwareVersions": "VA40A",
        "ProtocolName": "CAP routine",
        "StudyInstanceUID": f"{ROOT}.20240115.9",
        "SeriesInstanceUID": f"{ROOT}.20240115.9.1",
        "FrameOfReferenceUID": f"{ROOT}.20240115.9.2",
        "StudyID": "7712",
        "SeriesNumber": "3",
        "BodyPartExamined": "CHEST",
        "KVP": "120",
        "RequestAttributesSequence": {
            "RequestedProcedureID": "RP-771203",
            "ScheduledProcedureStepID": "SPS-1",
            "RequestedProcedureDescription": "CT chest",
        },
        "ReferencedStudySequence": {
            "ReferencedSOPClassUID": CT,
            "ReferencedSOPInstanceUID": f"{ROOT}.5",
        },
        "OtherPatientIDsSequence": [
            {"PatientID": "OLD-88120", "IssuerOfPatientID": "St Mary"},
            {"PatientID": "NAT-4410", "IssuerOfPatientID": "National"},
        ],
        "ProcedureCodeSequence": {
            "CodeValue": "CTCAP",
            "CodingSchemeDesignator": "99LOCAL",
            "CodeMeaning": "CT chest abdomen pelvis",
        },
    }
    first = make_scan(**common, Rows=512, Columns=512, PixelData=None, **_filler())
    start = first.index(b"\x08\x00\x05\x00CS")  # everything behind the meta header
    meta, body = first[:start], first[start:]
    block = b"".join(
        make_element(0x00290000 | (0x1000 + offset), "LO", f"private value {offset:02d}".encode())
        for offset in range(70)
    )
    private = make_element(0x00290010, "LO", b"ACME PRIVATE 01 ") + block
    cut = body.index(b"\x40\x00\x75\x02SQ")
    body = body[:cut] + private + body[cut:]
    for number in range(1, slices + 1):
        uid = f"{ROOT}.20240115.9.1.{100000 + number}".encode()
        uid += b"\0" * (len(uid) % 2)
        position = f"-250\\-250\\{number * 1.0:09.3f} ".encode()
        position += b" " * (len(position) % 2)
        varying = {
            b"\x08\x00\x18\x00UI": make_element(0x00080018, "UI", uid),
            b"\x08\x00\x33\x00TM": make_element(
                0x00080033, "TM", f"0930{number % 60:02d}.{number % 1000:03d}0 "[:12].encode()
            ),
            b"\x20\x00\x13\x00IS": make_element(0x00200013, "IS", f"{number:06d}".encode()),
            b"\x20\x00\x32\x00DS": make_element(0x00200032, "DS", position),
            b"\x20\x00\x41\x10DS": make_element(0x00201041, "DS", f"{number:08.2f}".encode()),
        }
        slice_body = body
        for mark, element in varying.items():
            at = slice_body.index(mark)
            end = at + 8 + struct.unpack_from("<H", slice_body, at + 6)[0]
            slice_body = slice_body[:at] + element + slice_body[end:]
        pixel_head = make_element(0x7FE00010, "OW", b"", pixels)
        yield meta + slice_body + pixel_head, b""


def _filler() -> dict[str, Any]:
    """Technical elements that a CT slice carries."""
    numbers = [
        "SliceThickness",
        "DataCollectionDiameter",
        "ReconstructionDiameter",
        "DistanceSourceToDetector",
        "DistanceSourceToPatient",
        "GantryDetectorTilt",
        "TableHeight",
        "FilterType",
        "ConvolutionKernel",
        "PatientPosition",
        "ExposureTime",
        "XRayTubeCurrent",
        "Exposure",
        "GeneratorPower",
        "FocalSpots",
        "SingleCollimationWidth",
        "TotalCollimationWidth",
        "TableSpeed",
        "TableFeedPerRotation",
        "SpiralPitchFactor",
        "SliceLocation",
        "ImageComments",
        "AcquisitionNumber",
        "InstanceNumber",
        "PositionReferenceIndicator",
        "WindowCenter",
        "WindowWidth",
        "RescaleIntercept",
        "RescaleSlope",
        "RescaleType",
        "LossyImageCompression",
        "ContentTime",
        "SeriesTime",
        "AcquisitionTime",
        "RotationDirection",
        "ScanOptions",
    ]
    values: dict[str, Any] = {
        "FilterType": "BODY",
        "ConvolutionKernel": "B30f",
        "PatientPosition": "HFS",
        "ImageComments": "none",
        "PositionReferenceIndicator": "SN",
        "RescaleType": "HU",
        "LossyImageCompression": "00",
        "ContentTime": "093000.0000 ",
        "SeriesTime": "093000",
        "AcquisitionTime": "093001",
        "RotationDirection": "CW",
        "ScanOptions": "HELICAL",
        "SingleCollimationWidth": 0.6,
        "TotalCollimationWidth": 38.4,
        "TableSpeed": 46.0,
        "TableFeedPerRotation": 23.0,
        "SpiralPitchFactor": 0.6,
    }
    filler = {name: values.get(name, "1") for name in numbers}
    filler["ImagePositionPatient"] = [-250, -250, 1]
    filler["ImageOrientationPatient"] = [1, 0, 0, 0, 1, 0]
    filler["PixelSpacing"] = [0.7, 0.7]
    return filler


def make_multipart(
    files: Iterable[tuple[str, bytes]], fields: Mapping[str, str] | None = None
) -> tuple[bytes, str]:
    """A form's body and its content type; file names are taken as they are."""
    boundary = b"----companion-tests"
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (boundary, name.encode(), value.encode())
        for name, value in (fields or {}).items()
    ]
    parts += [
        b'--%s\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n%s\r\n" % (boundary, name.encode(), data)
        for name, data in files
    ]
    body = b"".join(parts) + b"--%s--\r\n" % boundary
    return body, f"multipart/form-data; boundary={boundary.decode()}"


def make_provider(
    slug: str = "lakeside",
    *,
    answers: Mapping[tuple[str, str], str] | None = None,
    publish: bool = True,
    **fields: Any,
) -> Any:
    """A hospital's profile, published unless said otherwise; ``{("B1", "en"): text}``."""
    from datetime import date

    from companion.providers import publishing
    from companion.providers.models import Answer, Profile

    usual = {
        "name": "Lakeside General Hospital",
        "jurisdiction": "us-ca",
        "street": "12 River Road",
        "city": "Springfield",
        "state": "CA",
        "postcode": "90210",
        "country": "US",
        "office_name": "Privacy Office",
        "languages": "en, es",
        "reviewed_by": "Rosa Reyes",
        "reviewed_on": date.today(),
    }
    profile = Profile.objects.create(slug=slug, **(usual | fields))
    for (question, language), text in (answers or {}).items():
        Answer.objects.create(
            profile=profile,
            question=question,
            language=language,
            text=text,
            answered_on=date(2026, 11, 2),
        )
    if publish:
        publishing.publish([profile], "tests")
    return profile


def make_breach_row(
    *,
    name: str = "Mercy Clinic",
    state: str = "OH",
    kind: str = "Healthcare Provider",
    people: str = "1200",
    day: str = "03/04/2025",
    types: str = "Theft",
    locations: str = "Laptop",
    associate: str = "No",
    description: str = "",
) -> list[str]:
    """A row of the public list of breaches, in the order of its columns."""
    return [name, state, kind, people, day, types, locations, associate, description]


def make_breach_file(*rows: list[str], titles: Mapping[int, str] | None = None) -> bytes:
    """The list as the portal exports it; ``titles`` are written over its columns' own."""
    import csv

    from companion.providers.breach_list import COLUMNS

    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow([(titles or {}).get(at, title) for at, title in enumerate(COLUMNS)])
    writer.writerows(rows)
    return file.getvalue().encode()
