"""What `casebook eval` measures, by the name it is asked for under."""

from pathlib import Path

from pydantic import TypeAdapter

from eval import collection, measure
from eval.collection import Collection
from eval.crediting import Assessor
from eval.evaluation import Evaluation, evaluation
from eval.inquiries import real_documents
from eval.results import Result
from eval.retrieval import runs
from index.casebook import Casebook
from index.search import Mode
from ingest.errors import CorpusError
from ingest.library import Library

_evaluation = TypeAdapter(Evaluation)
_result = TypeAdapter(Result)


def named(name: str) -> Collection | None:
    """The collection in a folder, or of a bundled corpus; None where it is neither."""
    for folder in (Path(name), collection.bundled(name)):
        if collection.is_collection(folder):
            return collection.read(folder)
    return None


def evaluated(casebook: Casebook, judged: Collection) -> Evaluation:
    """Every mode of search over the collection; raises CorpusError where it is about others."""
    if not judged.judged:
        raise CorpusError(
            f"{judged.name} judges nothing as relevant to any of its queries.",
            remedy=f"Grade what answers them in {collection.JUDGMENTS}.",
        )
    assessor = Assessor(judged, casebook.shelf, Library(casebook.data))
    if not any(target.regions for target in assessor.every_target):
        raise CorpusError(
            f"None of the documents that {judged.name} judges is in {casebook.data}.",
            remedy="Build them first, or name their data directory with --data.",
        )
    return evaluation(judged, assessor, runs(casebook, judged, assessor), subject=Mode.HYBRID.value)


def measured(name: str) -> Result:
    """A measurement of the real documents; raises CorpusError where there is none of the name."""
    if name not in measure.MEASURED:
        raise CorpusError(
            f"{name} is neither a folder of judged queries nor a measurement.",
            remedy=f"Name a folder with {collection.QUERIES} and {collection.JUDGMENTS}, a bundled "
            f"corpus, or one of {', '.join(measure.MEASURED)}.",
        )
    return measure.result(name, real_documents())


def as_json(measured: Evaluation | Result) -> str:
    if isinstance(measured, Evaluation):
        return _evaluation.dump_json(measured, indent=1).decode()
    return _result.dump_json(measured, indent=1).decode()
