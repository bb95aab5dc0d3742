"""Learns the tagger's weights again from the labelled sentences: `make findings`.

To be run whenever the sentences, the rules of `corpora/findings.toml` or the default embedder
change; until then the tagger refuses to work with weights that are not of them. With `--curve` it
measures what more sentences buy instead, and leaves the weights as they are.
"""

import sys
from importlib.resources import as_file, files

import numpy as np

from eval import curve
from eval.charts import learning_chart
from eval.flag import flagged
from eval.inquiries import real_documents
from eval.lineage import MODELS
from index.embedder import DEFAULT_MODEL, Embedder
from index.export import prepare_embedder
from ingest.findings.examples import FOLDER, bundled_examples
from ingest.findings.learned import FILE, stamp_of
from ingest.findings.learning import Lessons, learn, settings
from ingest.findings.tagger import Tagger
from ingest.findings.taxonomy import bundled_taxonomy


def lessons(embedder: Embedder) -> Lessons:
    """The bundled examples with what the rules and the embedder make of them."""
    examples, taxonomy = bundled_examples(), bundled_taxonomy()
    tags, rules = [tag.id for tag in taxonomy.tags], Tagger(taxonomy)
    fired = [rules.rules(example.text) for example in examples]
    return Lessons.of(
        examples,
        np.array([[each.get(tag, 0.0) for tag in tags] for each in fired], dtype=np.float32),
        embedder.passages([example.text for example in examples]),
        tags,
    )


def main() -> None:
    """Learns the tagger anew and writes its weights beside the sentences."""
    means = "record instead what more sentences buy"
    asked = flagged("--curve", means=means, does=main.__doc__)
    embedder = prepare_embedder(DEFAULT_MODEL, MODELS)
    (_record_curve if asked else _learn)(embedder)


def _learn(embedder: Embedder) -> None:
    weights = learn(lessons(embedder), stamp_of(embedder, settings()))
    with as_file(files("corpora") / FOLDER) as folder:
        stored = weights.stored()
        (folder / FILE).write_bytes(stored)
    print(f"{FOLDER}/{FILE}: {len(stored):,} bytes, {len(weights.terms):,} terms", file=sys.stderr)


def _record_curve(embedder: Embedder) -> None:
    found = curve.curve(lessons(embedder), embedder, real_documents(), tell=print)
    picture = curve.write(found).with_name(curve.PICTURE)
    picture.write_text(learning_chart(found), encoding="utf-8")
    print(picture, file=sys.stderr)


if __name__ == "__main__":
    main()
