"""Plants in pictures, words, the meta header and the index: rows 14 to 28."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit

from tests.builders import make_element, make_raw_scan, make_scan
from tests.scans.plants.files import make_cda, make_jpeg, make_model, make_pdf
from tests.scans.plants.plant import SOP_CLASS, Files, Plant, plant_inside, plant_tag


def _overlay(element: int, vr: str) -> Plant:
    def build(token: str) -> Files:
        body = (
            SOP_CLASS
            + make_element(0x60000010, "US", b"\4\0")
            + make_element(0x60000011, "US", b"\4\0")
        )
        if token:
            value = token.encode() + b" " * (len(token) % 2)
            body += make_element(0x60000000 | element, vr, value)
        return {"IM0001.dcm": make_raw_scan(body)}

    return Plant("14", f"6000,{element:04X}", "overlay", "text", build)


def pictures() -> Iterator[Plant]:
    yield _overlay(0x0022, "LO")
    yield _overlay(0x1500, "LO")
    yield _overlay(0x4000, "LT")

    def plane(token: str) -> Files:
        body = (
            SOP_CLASS
            + make_element(0x60000010, "US", b"\4\0")
            + make_element(0x60000011, "US", b"\4\0")
        )
        if token:
            body += make_element(0x60003000, "OW", b"\x5a\xa5")
        return {"IM0001.dcm": make_raw_scan(body)}

    yield Plant("14", "overlay plane", "overlay", "=", plane, "overlay")

    def icon(token: str) -> Files:
        thumb = {"Rows": 2, "Columns": 2, "BitsAllocated": 8, "PixelData": b"\1\2\3\4"}
        return {"IM0001.dcm": make_scan(IconImageSequence=thumb if token else None)}

    yield Plant("15", "icon image", "icon", "=", icon, "icon")
    yield plant_tag("16", "BurnedInAnnotation", "=YES", "picture", "burned-in-yes")

    def ultrasound(token: str) -> Files:
        return {"IM0001.dcm": make_scan(Modality=token or "CT")}

    yield Plant("16", "ultrasound picture", "picture", "=US", ultrasound, "burned-in-likely")
    yield plant_tag("17", "StudyDescription", "=CT HEAD W/O CONTRAST", "face", "face-possible")
    yield plant_tag("17", "RecognizableVisualFeatures", "=YES", "face", "face-possible")
    yield Plant("18", "photograph", "picture", "=XC", ultrasound, "photograph")
    for keyword in ("GPSLatitude", "GPSLongitude"):
        yield plant_tag("19", keyword, "=48.137154", "header", "gps")

    def photo(token: str) -> Files:
        return {
            "IM0001.dcm": make_scan(
                syntax=JPEGBaseline8Bit,
                PixelData=encapsulate([make_jpeg(position=bool(token))]),
                SamplesPerPixel=3,
                PhotometricInterpretation="RGB",
                BitsAllocated=8,
                BitsStored=8,
                HighBit=7,
            )
        }

    yield Plant(
        "19", "GPS in a JPEG frame", "picture", "=48.500000, 11.250000", photo, "gps-in-picture"
    )

    def described(token: str) -> Files:
        picture = make_jpeg(description=token)
        return {
            "IM0001.dcm": make_scan(
                syntax=JPEGBaseline8Bit, PixelData=encapsulate([picture]), SamplesPerPixel=3,
                PhotometricInterpretation="RGB", BitsAllocated=8, BitsStored=8, HighBit=7,
            )
        }  # fmt: skip

    yield Plant("19", "EXIF text in a JPEG frame", "picture", "text", described)


def _document(where: str, make: Callable[[str], bytes], mime: str) -> Plant:
    def build(token: str) -> Files:
        data = make(token)
        data += b"\0" * (len(data) % 2)
        return {
            "DOC0001.dcm": make_scan(
                SOPClassUID="1.2.840.10008.5.1.4.1.1.104.1", Modality="DOC", PixelData=None,
                Rows=None, Columns=None, MIMETypeOfEncapsulatedDocument=mime,
                EncapsulatedDocument=data,
            )
        }  # fmt: skip

    return Plant("20", where, "document", "text", build)


def words() -> Iterator[Plant]:
    yield plant_tag("20", "DocumentTitle", "text", "document")
    yield _document("text of a PDF", make_pdf, "application/pdf")
    yield _document("author of a PDF", lambda token: make_pdf(author=token), "application/pdf")
    yield _document("CDA document", make_cda, "text/XML")
    yield _document("STL model", make_model, "model/stl")
    for path, kind in {
        "ContentSequence.TextValue": "text",
        "ContentSequence.PersonName": "name",
        "ContentSequence.ContentSequence.TextValue": "text",
        "ContentSequence.ContentSequence.ContentSequence.PersonName": "name",
        "ContentSequence.Date": "date",
        "ContentSequence.DateTime": "datetime",
    }.items():
        yield plant_inside("21", path, kind, "report-text")
    yield plant_inside("21", "ContentSequence.UID", "uid", "uid")
    yield plant_inside("21", "VerifyingObserverSequence.VerifyingObserverName", "name")
    yield plant_inside("21", "VerifyingObserverSequence.VerifyingOrganization", "text")
    path = "GraphicAnnotationSequence.TextObjectSequence.UnformattedTextValue"
    yield plant_inside("22", path, "text", "annotation")
    for keyword, kind in {
        "ContentLabel": "text", "ContentDescription": "text", "ContentCreatorName": "name",
        "PresentationCreationDate": "date",
    }.items():  # fmt: skip
        yield plant_tag("22", keyword, kind, "annotation")
    yield plant_inside("23", "WaveformAnnotationSequence.UnformattedTextValue", "text", "waveform")
    path = "WaveformSequence.ChannelDefinitionSequence.ChannelLabel"
    yield plant_inside("23", path, "text", "waveform")

    def ecg(token: str) -> Files:
        return {"IM0001.dcm": make_scan(Modality=token or "CT")}

    yield Plant("23", "heart trace", "waveform", "=ECG", ecg, "heart-or-brain-trace")
    yield plant_tag("24", "ContainerIdentifier", "text")
    yield plant_inside("24", "SpecimenDescriptionSequence.SpecimenIdentifier", "text")
    path = "SpecimenDescriptionSequence.SpecimenPreparationSequence."
    path += "SpecimenPreparationStepContentItemSequence.TextValue"
    yield plant_inside("24", path, "text")

    def label(token: str) -> Files:
        kind = ["ORIGINAL", "PRIMARY", token] if token else ["ORIGINAL", "PRIMARY"]
        return {"IM0001.dcm": make_scan(ImageType=kind)}

    yield Plant("24", "slide label", "picture", "=LABEL", label, "slide-label")
    yield plant_tag("25", "RTPlanLabel", "text")
    yield plant_tag("25", "RadiationMachineName", "text")
    yield plant_inside("25", "StructureSetROISequence.ROIName", "text")
    yield plant_inside("25", "RTROIObservationsSequence.ROIInterpreter", "name")
    yield plant_inside("25", "BeamSequence.TreatmentMachineName", "text")
    for keyword in (
        "StudyDescription", "SeriesDescription", "AdditionalPatientHistory", "PatientComments",
        "ImageComments", "StudyComments", "RequestedProcedureComments",
        "ImagingServiceRequestComments", "ProtocolName",
    ):  # fmt: skip
        yield plant_tag("26", keyword, "text")
    for keyword in ("StudyDescription", "SeriesDescription", "Manufacturer", "SequenceName"):
        yield _echo(keyword)


def _echo(keyword: str) -> Plant:
    def build(token: str) -> Files:
        plain: dict[str, Any] = {keyword: "HX fu"}
        told: dict[str, Any] = {"PatientName": f"{token}^Ann", keyword: f"HX {token} fu"}
        return {"IM0001.dcm": make_scan(**(told if token else plain))}

    rule = "" if keyword == "Manufacturer" else "echo-name"
    if keyword == "Manufacturer":
        # Makers are not searched: "TOSHIBA" would be found in every scan of theirs.
        keyword = "AcquisitionContextDescription"
        rule = "echo-name"
    return Plant("26", f"name typed into {keyword}", "header", "name", build, rule)


def _meta(keyword: str, kind: str) -> Plant:
    def build(token: str) -> Files:
        return {"IM0001.dcm": make_scan(meta={keyword: token} if token else None)}

    return Plant("27", keyword, "file-meta", kind, build)


def meta_and_index() -> Iterator[Plant]:
    for keyword in (
        "SourceApplicationEntityTitle", "SendingApplicationEntityTitle",
        "ReceivingApplicationEntityTitle",
    ):  # fmt: skip
        yield _meta(keyword, "text")

    def private_information(token: str) -> Files:
        meta = {
            "PrivateInformationCreatorUID": "1.2.3",
            "PrivateInformation": token.encode() + b"\0",
        }
        return {"IM0001.dcm": make_scan(meta=meta if token else None)}

    yield Plant("27", "PrivateInformation", "file-meta", "text", private_information)
    for keyword, kind in {
        "PatientName": "name", "PatientID": "number", "StudyDate": "date",
        "StudyDescription": "text", "AccessionNumber": "number",
    }.items():  # fmt: skip
        yield _index(keyword, kind)


def _index(keyword: str, kind: str) -> Plant:
    def build(token: str) -> Files:
        record = {"DirectoryRecordType": "PATIENT", keyword: token}
        return {
            "DICOMDIR": make_scan(
                SOPClassUID="1.2.840.10008.1.3.10", SOPInstanceUID="2.25.8", PixelData=None,
                Modality=None, Rows=None, Columns=None, DirectoryRecordSequence=record,
            )
        }  # fmt: skip

    return Plant("28", keyword, "directory", kind, build)
