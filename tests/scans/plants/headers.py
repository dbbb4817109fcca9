"""Plants in the header and in sequences: rows 1 to 9, 31, 32, 35 and 36."""

from __future__ import annotations

from collections.abc import Iterator

from tests.builders import make_scan
from tests.scans.plants.plant import Files, Plant, plant_inside, plant_tag


def patient_and_people() -> Iterator[Plant]:
    for keyword, kind in {
        "PatientName": "name",
        "PatientID": "number",
        "IssuerOfPatientID": "text",
        "PatientBirthDate": "date",
        "PatientBirthTime": "time",
        "OtherPatientIDs": "text",
        "OtherPatientNames": "name",
        "PatientBirthName": "name",
        "PatientMotherBirthName": "name",
        "PatientAddress": "text",
        "PatientTelephoneNumbers": "number",
        "InsurancePlanIdentification": "text",
        "MedicalRecordLocator": "text",
        "ResponsiblePerson": "name",
        "MilitaryRank": "text",
    }.items():
        yield plant_tag("1", keyword, kind)
    for keyword in (
        "ReferringPhysicianName", "PhysiciansOfRecord", "PerformingPhysicianName",
        "NameOfPhysiciansReadingStudy", "OperatorsName", "RequestingPhysician",
        "ScheduledPerformingPhysicianName", "SecondaryReviewerName", "EvaluatorName",
    ):  # fmt: skip
        yield plant_tag("2", keyword, "name")
    for keyword in (
        "InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "StationName",
        "CountryOfResidence", "RegionOfResidence", "CurrentPatientLocation",
    ):  # fmt: skip
        yield plant_tag("3", keyword, "text")


def numbers_and_dates() -> Iterator[Plant]:
    for keyword in (
        "AccessionNumber", "StudyID", "RequestedProcedureID", "PerformedProcedureStepID",
        "PlacerOrderNumberImagingServiceRequest", "FillerOrderNumberImagingServiceRequest",
        "AdmissionID",
    ):  # fmt: skip
        yield plant_tag("4", keyword, "number")
    for keyword in (
        "StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate", "AdmittingDate",
        "PerformedProcedureStepStartDate", "DateOfGainCalibration", "ExpiryDate",
    ):  # fmt: skip
        yield plant_tag("5", keyword, "date")
    for keyword in ("StudyTime", "ContentTime", "SecondaryReviewTime"):
        yield plant_tag("5", keyword, "time")
    yield plant_tag("5", "AcquisitionDateTime", "datetime")
    yield plant_tag("5", "StudyUpdateDateTime", "datetime")
    yield plant_tag("5", "TimezoneOffsetFromUTC", "=+0530", rule="timezone")
    yield plant_tag("5", "PatientAge", "age", rule="age-over-89")

    def two_days(token: str) -> Files:
        return {
            "IM0001.dcm": make_scan(StudyDate=token, StudyInstanceUID="1.2.3.4"),
            "IM0002.dcm": make_scan(
                StudyDate="20240116" if token else "", StudyInstanceUID="1.2.3.5"
            ),
        }

    yield Plant("6", "two study dates", "header", "date", two_days, "set-dates", dicom=False)

    def one_number(token: str) -> Files:
        return {
            f"IM000{number}.dcm": make_scan(
                PatientID=token, StudyInstanceUID=f"1.2.3.{number}", InstitutionName=name
            )
            for number, name in ((1, "Redlake"), (2, "Bluehill"))
        }

    yield Plant(
        "6", "one number, two places", "header", "number", one_number, "set-one-number", dicom=False
    )


def nested() -> Iterator[Plant]:
    for path, kind in {
        "RequestAttributesSequence.RequestedProcedureDescription": "text",
        "RequestAttributesSequence.AccessionNumber": "number",
        "OtherPatientIDsSequence.PatientID": "number",
        "ReferencedPatientSequence.PatientName": "name",
        "ReferencedImageSequence.PurposeOfReferenceCodeSequence.PatientName": "name",
        "DerivationCodeSequence.EquivalentCodeSequence.RequestingPhysician": "name",
        "OperatorIdentificationSequence.PersonIdentificationCodeSequence.CodeMeaning": "text",
        "ProcedureCodeSequence.ContextGroupExtensionCreatorUID": "uid",
        "PatientInsurancePlanCodeSequence.CodeValue": "text",
        "ConceptNameCodeSequence.CodingSchemeURL": "text",
    }.items():
        place = "uid" if kind == "uid" else "nested"
        if kind == "uid":
            path = "ReferencedPatientSequence.ReferencedSOPInstanceUID"
        yield plant_inside("7", path, kind, place)
    for keyword, kind in {
        "PatientName": "name", "PatientID": "number", "BodyPartExamined": "text",
        "StudyDate": "date",
    }.items():  # fmt: skip
        path = f"OriginalAttributesSequence.ModifiedAttributesSequence.{keyword}"
        yield plant_inside("8", path, kind, rule="original-values")
    yield plant_inside("8", "OriginalAttributesSequence.ModifyingSystem", "text")
    for keyword, kind in {
        "InstitutionName": "text", "OperatorsName": "name", "StationName": "text",
        "ContributionDateTime": "datetime", "DeviceSerialNumber": "number",
        "ContributionDescription": "text",
    }.items():  # fmt: skip
        yield plant_inside("9", f"ContributingEquipmentSequence.{keyword}", kind)


def machines_and_signatures() -> Iterator[Plant]:
    yield plant_tag("31", "DeviceSerialNumber", "number")
    yield plant_tag("31", "DeviceUID", "uid", "uid")
    yield plant_tag("31", "GantryID", "text")
    yield plant_inside("31", "UDISequence.UniqueDeviceIdentifier", "number")
    yield plant_inside("31", "DeviceSequence.DeviceDescription", "text")
    yield plant_inside("31", "DeviceSequence.DeviceSerialNumber", "number")

    def typed(token: str) -> Files:
        text = f"hip implant s/n {token}7" if token else "hip"
        return {"IM0001.dcm": make_scan(ImageComments=text)}

    yield Plant("31", "implant in free text", "header", "text", typed, "implant-in-text")

    def certificate(token: str) -> Files:
        data = b"0\x82\x01\x0a" + bytes(20) + token.encode() + bytes(21)
        signature = {"CertificateOfSigner": data[: len(data) // 2 * 2], "CertificateType": "X509"}
        return {"IM0001.dcm": make_scan(DigitalSignaturesSequence=signature if token else None)}

    yield Plant("32", "certificate", "nested", "name", certificate)

    def encrypted(token: str) -> Files:
        locked = {
            "EncryptedContentTransferSyntaxUID": "1.2.840.10008.1.2",
            "EncryptedContent": b"\x91" * 64,
        }
        return {"IM0001.dcm": make_scan(EncryptedAttributesSequence=locked if token else None)}

    yield Plant("32", "encrypted content", "nested", "=", encrypted, "encrypted-content")


def low_risk() -> Iterator[Plant]:
    yield plant_inside("35", "ModalityLUTSequence.LUTExplanation", "text")
    for keyword, kind in {
        "Occupation": "text", "EthnicGroup": "text", "PatientReligiousPreference": "text",
        "PatientSex": "=F", "PatientWeight": "=71.5", "PatientSize": "=1.68",
    }.items():  # fmt: skip
        yield plant_tag("36", keyword, kind)
