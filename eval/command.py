"""What `casebook eval` measures, by the name it is asked for under, and what it writes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import chain, count
from pathlib import Path

from pydantic import TypeAdapter

from eval import beir, codes, collection, measure, refiqda, retrieval, runfile, trec
from eval.coders import CoderAgreement, coder_agreement
from eval.collection import Collection
from eval.crediting import Assessor
from eval.evaluation import Evaluation, evaluation
from eval.inquiries import real_documents
from eval.report import page
from eval.results import Result
from eval.retrieval import Run
from index.casebook import Casebook
from index.durable import as_write_failed, write_durably
from index.search import Mode
from index.shelf import Shelf
from index.store import Filters
from ingest.errors import BadQuery, CorpusError
from ingest.library import Library

_evaluation = TypeAdapter(Evaluation)
_result = TypeAdapter(Result)
_agreement = TypeAdapter(CoderAgreement)
_results = TypeAdapter(list[Result])

_READERS: Sequence[tuple[Callable[[Path], bool], Callable[[Path], Collection]]] = (
    (beir.is_beir, beir.read),
    (trec.is_trec, trec.read),
    (collection.is_collection, collection.read),
)


_ALSO_CALLED = {"verify": "verification"}
"""Commands whose results a measurement of another name is about."""
_TOGETHER = {
    "recommendations": ("recommendations", "duties", "similar", "responses", "lineage"),
}
"""Measurements of one subject: the first name stands for all, the others each for its own."""


class Form(StrEnum):
    """How a collection is written: places in documents, or judgements of whole passages."""

    CASEBOOK = "casebook"
    TREC = "trec"
    BEIR = "beir"


def named(name: str, *, relevant: int | None = None) -> Collection | None:
    """The collection in a folder, or of a bundled corpus; None where it is neither.

    `relevant` is the least grade that counts as such, that of the form where none is told.
    """
    for folder in (Path(name), collection.bundled(name)):
        for is_here, read in _READERS:
            if is_here(folder):
                judged = read(folder)
                return replace(judged, relevant=relevant or judged.relevant)
    return None


def assessor(casebook: Casebook, judged: Collection) -> Assessor:
    """Raises CorpusError where nothing can be measured, or no judged place is here.

    Queries that nothing answers can be measured without any other.
    """
    if not judged.judged and not judged.unanswerable:
        raise CorpusError(
            f"{judged.name} judges nothing as relevant to any of its queries.",
            remedy=f"Grade what answers them in {collection.JUDGMENTS}.",
        )
    found = Assessor(judged, casebook.shelf, Library(casebook.data))
    if judged.judged and not any(target.regions for target in found.every_target):
        raise _nothing_found(found, casebook.data)
    return found


def _nothing_found(found: Assessor, data: Path) -> CorpusError:
    judged = found.collection
    if here := [each.document for each in judged.judgements if found.knows(each.document)]:
        return CorpusError(
            f"{here[0]} is in {data}, but none of the places that {judged.name} judges is in it.",
            remedy="Count `start` and `end` in the plain text of the page, from 0, and `pdf_page` "
            "from 1; where there is an `anchor`, the place has to begin with it.",
        )
    return CorpusError(
        f"None of the documents that {judged.name} judges is in {data}.",
        remedy="Build them first, or name their data directory with --data; a BEIR corpus is "
        "written as files to build with --unpack.",
    )


def runs(casebook: Casebook, found: Assessor, *, against: Sequence[Path]) -> tuple[Run, ...]:
    """Every mode of search, and the runs in these files, each by a name of its own.

    Raises CorpusError where a file is no run.
    """
    others = [runfile.read(path, found) for path in against]
    return tuple(_told_apart([*retrieval.runs(casebook, found.collection, found), *others]))


def evaluated(found: Assessor, made: Sequence[Run]) -> Evaluation:
    """The runs scored, and the hybrid one compared with every other."""
    return evaluation(found.collection, found, made, subject=Mode.HYBRID.value)


def write_runs(made: Sequence[Run], path: Path, assessor: Assessor) -> None:
    """The hybrid run under the name given, those of the other modes beside it."""
    with as_write_failed(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        for run in made:
            if run.maker is not None:
                ending = "" if run.name == Mode.HYBRID.value else f".{run.name}"
                runfile.write(run, path.with_name(f"{path.stem}{ending}{path.suffix}"), assessor)


def write_report(evaluation: Evaluation, path: Path) -> None:
    """The evaluation as one page of HTML."""
    with as_write_failed(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, page(evaluation).encode())


def export(found: Assessor, folder: Path, form: Form) -> None:
    """The collection, over the passages of the index in the forms that know no places."""
    with as_write_failed(folder):
        if form is Form.CASEBOOK:
            collection.write(found.collection, folder)
        elif form is Form.TREC:
            trec.write(found.by_passage(), folder)
        else:
            texts = (beir.Text(id, text, title) for id, title, text in found.texts())
            beir.write(found.by_passage(), texts, folder)


def unpack(name: str, folder: Path) -> int:
    """Writes a BEIR corpus as text files; how many. Raises CorpusError where it is none."""
    if not beir.is_beir(Path(name)):
        raise CorpusError(
            f"{name} is not a BEIR folder.",
            remedy=f"Name one with {beir.CORPUS}, {beir.QUERIES} and {beir.QRELS}/.",
        )
    with as_write_failed(folder):
        return beir.unpack(Path(name), folder)


def measured(name: str) -> tuple[Result, ...]:
    """What is measured of the real documents under the name; raises CorpusError for no such name.

    `recommendations` is all that hangs on them: their duties, evidence, answers and descent.
    """
    name = name if name in measure.MEASURED else _ALSO_CALLED.get(name, name)
    if name not in measure.MEASURED:
        wrong = "is neither" if Path(name).exists() else "does not exist, and is neither"
        raise CorpusError(
            f"{name} {wrong} a folder of judged queries nor a measurement.",
            remedy=f"Name a folder with {collection.QUERIES} and {collection.JUDGMENTS}, of TREC's "
            f"or BEIR's form, a bundled corpus, or one of {', '.join(measure.MEASURED)}.",
        )
    folder = real_documents()
    return tuple(measure.result(each, folder) for each in _TOGETHER.get(name, (name,)))


def _told_apart(made: Iterable[Run]) -> Iterator[Run]:
    """A name that another run before it has is counted on: hybrid (2)."""
    taken: set[str] = set()
    for run in made:
        names = chain([run.name], (f"{run.name} ({number})" for number in count(2)))
        name = next(each for each in names if each not in taken)
        taken.add(name)
        yield replace(run, name=name)


def is_codes(what: str) -> bool:
    """Whether this is a file of what people coded."""
    return codes.is_codes(Path(what))


def agreement(what: str, shelf: Shelf) -> CoderAgreement:
    """How far the people whose codes are in the file agree, and the findings with them."""
    return coder_agreement(codes.read(Path(what), shelf), shelf)


def write_codes(casebook: Casebook, filters: Filters, path: Path) -> int:
    """Writes the findings as a project of qualitative coding; how many. Raises WriteFailed."""
    if path.suffix.lower() != refiqda.ENDING:
        raise BadQuery(f"{path.name} is no name of a REFI-QDA project.", remedy="End it in .qdpx.")
    project = codes.project(casebook, filters)
    refiqda.write(project, path)
    return sum(len(source.selections) for source in project.sources)


def as_json(measured: Evaluation | CoderAgreement | Sequence[Result]) -> str:
    """One JSON document: an object, or a list of them where several were measured."""
    if isinstance(measured, CoderAgreement):
        return _agreement.dump_json(measured, indent=1).decode()
    if isinstance(measured, Evaluation):
        return _evaluation.dump_json(measured, indent=1).decode()
    if len(measured) == 1:
        return _result.dump_json(measured[0], indent=1).decode()
    return _results.dump_json(list(measured), indent=1).decode()
