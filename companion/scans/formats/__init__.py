"""Everything that is not DICOM: ZIP, documents, pictures, text in bytes."""
