"""Written sentences are judged where others stand beside them, and only their own words count."""

from eval.findings import WrittenRow
from eval.paragraphs import between
from ingest.findings.tagger import Tagger
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Stance, Voice


def test_what_is_found_in_the_sentences_beside_it_is_not_the_rows() -> None:
    row = WrittenRow(
        id="w",
        text="New joiners were bullied by the sergeants.",
        tags=("bullying",),
        spans=(),
        stance=Stance.FOUND,
        voice=Voice.INQUIRY,
        kind="plain",
    )
    pair = ("His clearance had lapsed two years earlier.", "Black officers were called names.")
    answer = between(row, pair, Tagger(bundled_taxonomy()))
    assert answer.given == answer.wanted == {"bullying"}
