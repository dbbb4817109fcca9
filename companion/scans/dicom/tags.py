"""Names for the tags that the code asks for, from pydicom's dictionary by keyword.

A tag is an ``int`` here (0x00100010). Reports, paths and the inventory write it as eight
hexadecimal digits ("00100010"): ``digits`` turns the one into the other.
"""

from __future__ import annotations

from pydicom.datadict import tag_for_keyword


def _tag(keyword: str) -> int:
    """The tag of a keyword; ``LookupError`` for one that the dictionary does not have."""
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise LookupError(f"{keyword} is not in the DICOM dictionary")
    return tag


def digits(tag: int) -> str:
    """A tag as eight upper-case hexadecimal digits."""
    return f"{tag:08X}"


# How a data set is put together (PS3.5).
ITEM = _tag("Item")
ITEM_DELIMITATION = _tag("ItemDelimitationItem")
SEQUENCE_DELIMITATION = _tag("SequenceDelimitationItem")
DATA_SET_TRAILING_PADDING = _tag("DataSetTrailingPadding")
DIGITAL_SIGNATURES_SEQUENCE = _tag("DigitalSignaturesSequence")
MAC_PARAMETERS_SEQUENCE = _tag("MACParametersSequence")
ENCRYPTED_ATTRIBUTES_SEQUENCE = _tag("EncryptedAttributesSequence")
SPECIFIC_CHARACTER_SET = _tag("SpecificCharacterSet")
TRANSFER_SYNTAX_UID = _tag("TransferSyntaxUID")
DIRECTORY_RECORD_SEQUENCE = _tag("DirectoryRecordSequence")

# Patient, study, hospital.
PATIENT_NAME = _tag("PatientName")
PATIENT_ID = _tag("PatientID")
PATIENT_BIRTH_DATE = _tag("PatientBirthDate")
OTHER_PATIENT_NAMES = _tag("OtherPatientNames")
PATIENT_AGE = _tag("PatientAge")
PATIENT_SEX = _tag("PatientSex")
PATIENT_SIZE = _tag("PatientSize")
PATIENT_WEIGHT = _tag("PatientWeight")
PERSON_NAME = _tag("PersonName")
STUDY_DATE = _tag("StudyDate")
STUDY_INSTANCE_UID = _tag("StudyInstanceUID")
SERIES_INSTANCE_UID = _tag("SeriesInstanceUID")
INSTANCE_NUMBER = _tag("InstanceNumber")
SOP_INSTANCE_UID = _tag("SOPInstanceUID")
MEDIA_STORAGE_SOP_INSTANCE_UID = _tag("MediaStorageSOPInstanceUID")
FILE_META_LENGTH = _tag("FileMetaInformationGroupLength")
REFERENCED_SOP_INSTANCE_UID = _tag("ReferencedSOPInstanceUID")
FRAME_OF_REFERENCE_UID = _tag("FrameOfReferenceUID")
INSTITUTION_NAME = _tag("InstitutionName")

# What was scanned and how it is described.
MANUFACTURER = _tag("Manufacturer")
MANUFACTURER_MODEL_NAME = _tag("ManufacturerModelName")
SOFTWARE_VERSIONS = _tag("SoftwareVersions")
SOP_CLASS_UID = _tag("SOPClassUID")
MODALITY = _tag("Modality")
IMAGE_TYPE = _tag("ImageType")
BODY_PART_EXAMINED = _tag("BodyPartExamined")
STUDY_DESCRIPTION = _tag("StudyDescription")
SERIES_DESCRIPTION = _tag("SeriesDescription")
PROTOCOL_NAME = _tag("ProtocolName")
REQUESTED_PROCEDURE_DESCRIPTION = _tag("RequestedProcedureDescription")
PERFORMED_PROCEDURE_STEP_DESCRIPTION = _tag("PerformedProcedureStepDescription")
SCHEDULED_PROCEDURE_STEP_DESCRIPTION = _tag("ScheduledProcedureStepDescription")
ANATOMIC_REGION_SEQUENCE = _tag("AnatomicRegionSequence")
SPECIMEN_LABEL_IN_IMAGE = _tag("SpecimenLabelInImage")

# What a file says about its own de-identification.
PATIENT_IDENTITY_REMOVED = _tag("PatientIdentityRemoved")
DEIDENTIFICATION_METHOD = _tag("DeidentificationMethod")
DEIDENTIFICATION_METHOD_CODE_SEQUENCE = _tag("DeidentificationMethodCodeSequence")
BURNED_IN_ANNOTATION = _tag("BurnedInAnnotation")
RECOGNIZABLE_VISUAL_FEATURES = _tag("RecognizableVisualFeatures")
LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED = _tag("LongitudinalTemporalInformationModified")

# Where a program was at work (PS3.3 10.16, C.7.6.1.1.6, C.8.20.2; PS3.16 TID 1004).
ALGORITHM_NAME = _tag("AlgorithmName")
ALGORITHM_SOURCE = _tag("AlgorithmSource")
ALGORITHM_VERSION = _tag("AlgorithmVersion")
CONTENT_CREATOR_NAME = _tag("ContentCreatorName")
CONTENT_QUALIFICATION = _tag("ContentQualification")
CONTRIBUTING_EQUIPMENT_SEQUENCE = _tag("ContributingEquipmentSequence")
CONVERSION_TYPE = _tag("ConversionType")
CONVOLUTION_KERNEL = _tag("ConvolutionKernel")
DERIVATION_DESCRIPTION = _tag("DerivationDescription")
DEVICE_SERIAL_NUMBER = _tag("DeviceSerialNumber")
IMAGE_COMMENTS = _tag("ImageComments")
IMPLEMENTATION_VERSION_NAME = _tag("ImplementationVersionName")
MANUFACTURER = _tag("Manufacturer")
MANUFACTURER_MODEL_NAME = _tag("ManufacturerModelName")
PURPOSE_OF_REFERENCE_CODE_SEQUENCE = _tag("PurposeOfReferenceCodeSequence")
RECONSTRUCTION_ALGORITHM = _tag("ReconstructionAlgorithm")
RECONSTRUCTION_METHOD = _tag("ReconstructionMethod")
SCAN_OPTIONS = _tag("ScanOptions")
SECONDARY_CAPTURE_DEVICE_MANUFACTURER = _tag("SecondaryCaptureDeviceManufacturer")
SECONDARY_CAPTURE_DEVICE_MANUFACTURER_MODEL_NAME = _tag(
    "SecondaryCaptureDeviceManufacturerModelName"
)
SEGMENT_ALGORITHM_NAME = _tag("SegmentAlgorithmName")
SEGMENT_ALGORITHM_TYPE = _tag("SegmentAlgorithmType")
SEGMENT_LABEL = _tag("SegmentLabel")
SEGMENT_SEQUENCE = _tag("SegmentSequence")
SEGMENTATION_ALGORITHM_IDENTIFICATION_SEQUENCE = _tag("SegmentationAlgorithmIdentificationSequence")
SOFTWARE_VERSIONS = _tag("SoftwareVersions")

# A written report (PS3.3 C.17), and a device that is part of the patient.
CODE_MEANING = _tag("CodeMeaning")
CODE_VALUE = _tag("CodeValue")
CODING_SCHEME_DESIGNATOR = _tag("CodingSchemeDesignator")
COMPLETION_FLAG = _tag("CompletionFlag")
CONCEPT_CODE_SEQUENCE = _tag("ConceptCodeSequence")
CONCEPT_NAME_CODE_SEQUENCE = _tag("ConceptNameCodeSequence")
CONTENT_DATE = _tag("ContentDate")
CONTENT_DESCRIPTION = _tag("ContentDescription")
CONTENT_LABEL = _tag("ContentLabel")
DEVICE_SEQUENCE = _tag("DeviceSequence")
DOCUMENT_TITLE = _tag("DocumentTitle")
MEASURED_VALUE_SEQUENCE = _tag("MeasuredValueSequence")
MEASUREMENT_UNITS_CODE_SEQUENCE = _tag("MeasurementUnitsCodeSequence")
MIME_TYPE_OF_ENCAPSULATED_DOCUMENT = _tag("MIMETypeOfEncapsulatedDocument")
NUMERIC_VALUE = _tag("NumericValue")
TEXT_OBJECT_SEQUENCE = _tag("TextObjectSequence")
PRELIMINARY_FLAG = _tag("PreliminaryFlag")
TEXT_VALUE = _tag("TextValue")
UNFORMATTED_TEXT_VALUE = _tag("UnformattedTextValue")
VERIFICATION_FLAG = _tag("VerificationFlag")

# Signatures, and what a record held before it was corrected.
CERTIFICATE_OF_SIGNER = _tag("CertificateOfSigner")
SIGNATURE = _tag("Signature")
CERTIFIED_TIMESTAMP = _tag("CertifiedTimestamp")
ORIGINAL_ATTRIBUTES_SEQUENCE = _tag("OriginalAttributesSequence")
MODIFIED_ATTRIBUTES_SEQUENCE = _tag("ModifiedAttributesSequence")
NONCONFORMING_MODIFIED_ATTRIBUTES_SEQUENCE = _tag("NonconformingModifiedAttributesSequence")

# Sequences that say what everything inside them is.
CONTENT_SEQUENCE = _tag("ContentSequence")
CONCEPT_NAME_CODE_SEQUENCE = _tag("ConceptNameCodeSequence")
VERIFYING_OBSERVER_SEQUENCE = _tag("VerifyingObserverSequence")
AUTHOR_OBSERVER_SEQUENCE = _tag("AuthorObserverSequence")
PARTICIPANT_SEQUENCE = _tag("ParticipantSequence")
WAVEFORM_SEQUENCE = _tag("WaveformSequence")
WAVEFORM_ANNOTATION_SEQUENCE = _tag("WaveformAnnotationSequence")
GRAPHIC_ANNOTATION_SEQUENCE = _tag("GraphicAnnotationSequence")
ICON_IMAGE_SEQUENCE = _tag("IconImageSequence")

# Pixels, and what describes them.
SAMPLES_PER_PIXEL = _tag("SamplesPerPixel")
PHOTOMETRIC_INTERPRETATION = _tag("PhotometricInterpretation")
NUMBER_OF_FRAMES = _tag("NumberOfFrames")
ROWS = _tag("Rows")
COLUMNS = _tag("Columns")
BITS_ALLOCATED = _tag("BitsAllocated")
BITS_STORED = _tag("BitsStored")
HIGH_BIT = _tag("HighBit")
PIXEL_REPRESENTATION = _tag("PixelRepresentation")
PLANAR_CONFIGURATION = _tag("PlanarConfiguration")
RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR = _tag("RedPaletteColorLookupTableDescriptor")
RED_PALETTE_COLOR_LOOKUP_TABLE_DATA = _tag("RedPaletteColorLookupTableData")
SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA = _tag("SegmentedRedPaletteColorLookupTableData")
GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR = _tag("GreenPaletteColorLookupTableDescriptor")
GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA = _tag("GreenPaletteColorLookupTableData")
SEGMENTED_GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA = _tag("SegmentedGreenPaletteColorLookupTableData")
BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR = _tag("BluePaletteColorLookupTableDescriptor")
BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA = _tag("BluePaletteColorLookupTableData")
SEGMENTED_BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA = _tag("SegmentedBluePaletteColorLookupTableData")
PIXEL_DATA_PROVIDER_URL = _tag("PixelDataProviderURL")
ICC_PROFILE = _tag("ICCProfile")
PIXEL_DATA = _tag("PixelData")
FLOAT_PIXEL_DATA = _tag("FloatPixelData")
DOUBLE_FLOAT_PIXEL_DATA = _tag("DoubleFloatPixelData")
EXTENDED_OFFSET_TABLE = _tag("ExtendedOffsetTable")
EXTENDED_OFFSET_TABLE_LENGTHS = _tag("ExtendedOffsetTableLengths")
ENCAPSULATED_DOCUMENT = _tag("EncapsulatedDocument")

# Where the frames of a volume lie (PS3.3 C.7.6.2, C.7.6.16.2).
IMAGE_POSITION_PATIENT = _tag("ImagePositionPatient")
IMAGE_ORIENTATION_PATIENT = _tag("ImageOrientationPatient")
PIXEL_SPACING = _tag("PixelSpacing")
RESCALE_INTERCEPT = _tag("RescaleIntercept")
RESCALE_SLOPE = _tag("RescaleSlope")
SHARED_FUNCTIONAL_GROUPS_SEQUENCE = _tag("SharedFunctionalGroupsSequence")
PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE = _tag("PerFrameFunctionalGroupsSequence")
PLANE_POSITION_SEQUENCE = _tag("PlanePositionSequence")
PLANE_ORIENTATION_SEQUENCE = _tag("PlaneOrientationSequence")
PIXEL_MEASURES_SEQUENCE = _tag("PixelMeasuresSequence")
PIXEL_VALUE_TRANSFORMATION_SEQUENCE = _tag("PixelValueTransformationSequence")

# An overlay's group is any even number from 6000 to 60FE (PS3.3, C.9.2).
OVERLAY_ROWS, OVERLAY_COLUMNS, OVERLAY_FRAMES = 0x0010, 0x0011, 0x0015
OVERLAY_BIT_POSITION = 0x0102
OVERLAY_DATA = 0x3000
"""Numbers within the group."""


def is_overlay(tag: int) -> bool:
    """Whether the tag is in the group of an overlay."""
    return tag >> 16 & 0xFF01 == 0x6000
