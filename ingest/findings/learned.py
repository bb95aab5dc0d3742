"""What was learned from labelled sentences: whether words are evidence, and of which tags.

Two questions are asked of a text. The first, whether it is evidence of any failing at all, is what
tells a finding from a theme's words in another sense; it is learned from all examples. The second,
of which tag, is learned from those that are evidence, and its answers share out a whole. In any
text a tag is given where the first answer is high enough, and the tag's share or its own
probability: what is evidence of two things has two low shares. In a document, which names failings
soberly and in their own words, it is given where evidence is likelier than not, and where both
together make the tag so, with what the whole passage seems to be about.

Each answer is a sum: of the weights of the text's terms, of the rules that fired, and of how near
the text's vector lies to those of the examples (a kernel machine, written out). Without the
embedder that it was learned with, another sum is used that knows terms and rules alone.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ingest.errors import CorpusError
from ingest.findings.examples import FOLDER, Example, bundled_examples, examples_hash
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.findings.wording import stems, weighted, words
from ingest.model import Stance
from ingest.similarity import Encoder, Vectors

FILE = "weights.safetensors"
_REMEDY = "Run `make findings`, which learns them again."
_STAMP, _TERMS = "stamp", "terms"
_MOST_WORDS = 3
_FEWEST_WORDS = 4
"""Of what is evidence of anything without a rule."""
EVEN = 0.5
"""What evidence and confidence have to reach in a document: likelier than not."""
# Of what a passage says of a tag, its sentences take the log-odds less the second, within the
# others. Chosen on 118 real sentences on policing and on tags in other inquiries; half as much and
# half as much again of each make a difference of .03 at most. DECISIONS.md has the figures.
_MOST_TAKEN, _EXPECTED, _MOST_ADDED = -1.0, 0.5, 2.5
_SOME = 0.2
"""Claim to a tag by itself from which a sentence is helped by its passage: a greeting has none."""
_EVERY = 16
"""One example in so many is enough to tell how near they lie to each other."""
_TELLING = 4.0
"""Rarity from which a word explains anything: of one example in twenty."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedStamp:
    """What the weights were made from."""

    examples: str
    """Hash of the labelled sentences."""
    taxonomy: str
    """Its fingerprint: which rules fire is part of what is learned."""
    embedder: str
    """Name and weights hash."""
    settings: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Weights of a machine: a column for evidence of anything, one for each tag, one for each
    stance."""

    by_term: Scores
    by_rule: Scores
    constant: Scores
    bounds: Scores
    """From which probability of evidence a tag is given, from which and which share where a rule
    of the tag fired, from which probability of its own, and from which share of each tag."""
    likely: Scores
    """Slopes and constant from evidence and the tag's best claim, as logits, to a calibrated
    confidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The examples' vectors, their weights, and how fast nearness falls off with distance."""

    vectors: Vectors
    weights: Scores
    reach: float

    def nearness(self, vectors: Vectors) -> Scores:
        """To each example, a row for each vector: 1 for the same, falling towards 0."""
        distances = 2 - 2 * vectors @ self.vectors.T
        return np.asarray(np.exp(-self.reach * distances), dtype=np.float32)

    def cosine(self, nearness: float) -> float:
        """That of two vectors which are so near."""
        return 1 + math.log(max(nearness, 1e-9)) / (2 * self.reach)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A text to judge, and the confidence of the surest rule that fired in it, by tag."""

    text: str
    rules: Mapping[str, float]
    doubt: float = 0.0
    """Log-odds of evidence that it gives up: none in a document, or where it is all that there is
    to judge."""
    sober: bool = False
    """Whether it is of a document, which names failings soberly and sets no traps."""
    company: Mapping[str, float] = field(default_factory=dict[str, float])
    """Log-odds that the passage around it adds to each tag, in a document; none where it is all of
    that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was learned says of a unit."""

    evidence: float
    """Probability that it is evidence of anything."""
    shares: Mapping[str, float]
    """By tag; they add up to 1."""
    own: Mapping[str, float]
    """Probability of each tag by itself, of what is evidence at all."""
    given: Mapping[str, float]
    """Calibrated confidence, by each tag that is given."""
    likely: Mapping[str, float] = field(default_factory=dict[str, float])
    """Calibrated confidence by tag, whether given or not."""
    manners: Mapping[Stance, float] = field(default_factory=dict[Stance, float])
    """How it is put, by stance; they add up to 1."""
    like: Mapping[str, str] = field(default_factory=dict[str, str])
    """The id of the example that is most like it, by each tag; none without vectors."""

    def claim(self, tag: str) -> float:
        """The better of the tag's share and its own probability; 0 where neither was asked for."""
        return max(self.shares.get(tag, 0.0), self.own.get(tag, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Everything that was learned, as it is stored."""

    stamp: LearnedStamp
    terms: Sequence[str]
    rarities: NDArray[np.float32]
    worded: Sums
    """Of terms and rules alone."""
    full: Sums
    neighbours: Neighbours
    floor: float
    """Words alone make evidence less likely than this: no vector is asked for."""

    @classmethod
    def bundled(cls) -> Self:
        """Those that the project ships; raises CorpusError where they are missing or stale."""
        resource = files("corpora") / FOLDER / FILE
        if not resource.is_file():
            raise CorpusError(f"There is no {FOLDER}/{FILE}.", remedy=_REMEDY)
        found = cls.of(resource.read_bytes())
        _refuse_stale(found.stamp)
        return found

    @classmethod
    def of(cls, stored: bytes) -> Self:
        """From safetensors."""
        from safetensors.numpy import load

        about = _about(stored)
        plain: dict[str, Scores] = {
            name: array.astype(np.float32) for name, array in load(stored).items()
        }
        reach, floor, fineness = plain["settings"].tolist()
        return cls(
            stamp=TypeAdapter(LearnedStamp).validate_json(about[_STAMP]),
            terms=TypeAdapter(list[str]).validate_json(about[_TERMS]),
            rarities=plain["rarities"],
            worded=_sums(plain, "worded"),
            full=_sums(plain, "full"),
            neighbours=Neighbours(
                vectors=plain["vectors"] / fineness, weights=plain["by_vector"], reach=reach
            ),
            floor=floor,
        )

    def stored(self) -> bytes:
        """As safetensors: halves of floats, and vectors in eight bits."""
        from safetensors.numpy import save

        fineness = 127 / float(np.abs(self.neighbours.vectors).max())
        settings = np.array([self.neighbours.reach, self.floor, fineness], dtype=np.float32)
        arrays: dict[str, NDArray[np.generic]] = {
            "rarities": self.rarities.astype(np.float16),
            "vectors": np.rint(self.neighbours.vectors * fineness).astype(np.int8),
            "by_vector": self.neighbours.weights.astype(np.float16),
            "settings": settings,
        }
        for name, sums in (("worded", self.worded), ("full", self.full)):
            arrays[f"{name}.by_term"] = sums.by_term.astype(np.float16)
            for part in ("by_rule", "constant", "bounds", "likely"):
                arrays[f"{name}.{part}"] = getattr(sums, part)
        about = {
            _STAMP: TypeAdapter(LearnedStamp).dump_json(self.stamp).decode(),
            _TERMS: json.dumps(list(self.terms), ensure_ascii=False),
        }
        return save(arrays, metadata=about)


def _about(stored: bytes) -> Mapping[str, str]:
    """The metadata in the head of a safetensors file; its own library reads it from paths only."""
    length = int.from_bytes(stored[:8], "little")
    head = TypeAdapter(dict[str, dict[str, object]]).validate_json(stored[8 : 8 + length])
    return TypeAdapter(dict[str, str]).validate_python(head["__metadata__"])


def _sums(arrays: Mapping[str, Scores], name: str) -> Sums:
    return Sums(
        by_term=arrays[f"{name}.by_term"],
        by_rule=arrays[f"{name}.by_rule"],
        constant=arrays[f"{name}.constant"],
        bounds=arrays[f"{name}.bounds"],
        likely=arrays[f"{name}.likely"],
    )


def _refuse_stale(stamp: LearnedStamp) -> None:
    if stamp.examples != examples_hash():
        raise CorpusError(
            f"{FOLDER}/{FILE} was learned from other labelled sentences than are here.",
            remedy=_REMEDY,
        )
    if stamp.taxonomy != bundled_taxonomy().fingerprint():
        raise CorpusError(
            f"{FOLDER}/{FILE} was learned with other rules than findings.toml has.",
            remedy=_REMEDY,
        )


class Learned:
    """Judges texts; with vectors where the encoder is the one that was learned with."""

    def __init__(
        self,
        weights: Weights,
        encoder: Encoder | None = None,
        examples: Sequence[Example] | None = None,
    ) -> None:
        """`examples` are those that the weights were learned from, the bundled ones if not told."""
        self.weights = weights
        self._learned_from = examples
        self.tags = [tag.id for tag in bundled_taxonomy().tags]
        self.encoder = encoder if encoder and suits(weights.stamp, encoder) else None

    @property
    def sums(self) -> Sums:
        return self.weights.worded if self.encoder is None else self.weights.full

    def judgements(self, units: Sequence[Unit]) -> Iterator[Judgement]:
        """One for each unit, in their order."""
        if not units:
            return
        worded = self._summed(units, self.weights.worded)
        if self.encoder is None:
            for unit, alone in zip(units, worded, strict=True):
                yield self._judgement(unit, alone, self.weights.worded)
            return
        likely = (evidence(worded) >= self.weights.floor).tolist()
        asked = [
            number
            for number, unit in enumerate(units)
            if unit.rules or (likely[number] and len(unit.text.split()) >= _FEWEST_WORDS)
        ]
        scores, nearness = self._full([units[number] for number in asked], self.encoder)
        rows = {number: row for row, number in enumerate(asked)}
        for number, alone in enumerate(worded):
            if number not in rows:
                seen = float(evidence(alone[None])[0])
                yield Judgement(evidence=seen, shares={}, own={}, given={})
                continue
            row = rows[number]
            found = self._judgement(units[number], scores[row], self.weights.full)
            like = {tag: self._nearest(nearness[row], tag) for tag in found.given}
            yield replace(found, like=like)

    def company(self, passage: Judgement) -> Mapping[str, float]:
        """What a document's passage that is judged so adds to each tag of a sentence in it."""
        sure = {tag: passage.likely.get(tag, 0.0) for tag in self.tags}
        return {
            tag: min(max(_log_odds(each) - _EXPECTED, _MOST_TAKEN), _MOST_ADDED)
            for tag, each in sure.items()
        }

    def likeness(self, tag: str, parts: Sequence[str]) -> NDArray[np.float32]:
        """How much each part of a text speaks for the tag."""
        units = [Unit(text=part, rules={}) for part in parts]
        if self.encoder is None:
            scores = self._summed(units, self.sums)
        else:
            scores, _ = self._full(units, self.encoder)
        column = 1 + self.tags.index(tag)
        return np.asarray(
            np.log(evidence(scores) + 1e-6) + np.log(shares(scores)[:, column - 1] + 1e-6),
            dtype=np.float32,
        )

    def words(self, text: str, tag: str) -> Sequence[str]:
        """Of the text, those that spoke most for the tag; at most three."""
        column = 1 + self.tags.index(tag)
        told: list[tuple[float, str]] = []
        for stem, word in dict(zip(stems(text), words(text), strict=True)).items():
            place = self.places.get(stem)
            if place is not None and self.weights.rarities[place] > _TELLING:
                told.append((float(self.sums.by_term[place, column]), word))
        best = sorted(told, reverse=True)[:_MOST_WORDS]
        return [word for weight, word in best if weight > 0 and len(word) > 2]

    @cached_property
    def examples(self) -> Sequence[Example]:
        """What was learned from, in the order of the neighbours."""
        return bundled_examples() if self._learned_from is None else self._learned_from

    @cached_property
    def usual(self) -> Scores:
        """How near the examples are to each, by and large."""
        neighbours = self.weights.neighbours
        near = neighbours.nearness(neighbours.vectors[::_EVERY]).mean(axis=0)
        return np.asarray(near, dtype=np.float32)

    def _nearest(self, nearness: Scores, tag: str) -> str:
        of_tag = self._carrying[tag]
        return self.examples[int(of_tag[nearness[of_tag].argmax()])].id

    @cached_property
    def _carrying(self) -> Mapping[str, NDArray[np.intp]]:
        """Which of the examples carry each tag."""
        return {
            tag: np.flatnonzero([tag in example.tags for example in self.examples])
            for tag in self.tags
        }

    def _full(self, units: Sequence[Unit], encoder: Encoder) -> tuple[Scores, Scores]:
        """Scores, and nearness to each example."""
        vectors = encoder.passages([unit.text for unit in units])
        nearness = self.weights.neighbours.nearness(vectors)
        scores = self._summed(units, self.weights.full)
        near = np.asarray(nearness @ self.weights.neighbours.weights, dtype=np.float32)
        return scores + near, nearness

    def _summed(self, units: Sequence[Unit], sums: Sums) -> Scores:
        scores = np.empty((len(units), len(sums.constant)), dtype=np.float32)
        for number, unit in enumerate(units):
            places, amounts = weighted(unit.text, self.places, self.weights.rarities)
            scores[number] = amounts @ sums.by_term[places]
            scores[number] += self._rules(unit) @ sums.by_rule + sums.constant
        return scores

    def _rules(self, unit: Unit) -> Scores:
        return np.array([unit.rules.get(tag, 0.0) for tag in self.tags], dtype=np.float32)

    def _judgement(self, unit: Unit, row: Scores, sums: Sums) -> Judgement:
        scores = row[None].copy()
        scores[0, 0] -= unit.doubt
        likely, shared = evidence(scores), shares(scores)
        claimed = claims(scores)
        company = np.array(
            [
                heard(unit.company.get(tag, 0.0), float(claim))
                for tag, claim in zip(self.tags, claimed[0], strict=True)
            ],
            dtype=np.float32,
        )
        sure = confidence(likely, claimed, sums, company)
        confidences = sure[0]
        told = likelier(scores, sure) if unit.sober else singled_out(scores, sums.bounds)
        passed = (told | borne_by_rule(scores, self._rules(unit)[None], sums.bounds))[0]
        return Judgement(
            evidence=float(likely[0]),
            shares=dict(zip(self.tags, shared[0].tolist(), strict=True)),
            own=dict(zip(self.tags, own(scores)[0].tolist(), strict=True)),
            given={
                tag: float(sure)
                for tag, sure, passes in zip(self.tags, confidences, passed, strict=True)
                if passes
            },
            likely=dict(zip(self.tags, confidences.tolist(), strict=True)),
            manners=dict(zip(Stance, manners(row[None])[0].tolist(), strict=True)),
        )

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Of each term among the terms."""
        return {term: place for place, term in enumerate(self.weights.terms)}


@cache
def bundled_weights() -> Weights:
    """Those that the project ships, read once."""
    return Weights.bundled()


@cache
def weights_hash() -> str:
    """SHA-256 of the file of weights, for stamps."""
    return sha256((files("corpora") / FOLDER / FILE).read_bytes()).hexdigest()


def suits(stamp: LearnedStamp, encoder: Encoder) -> bool:
    """Whether the encoder is the one that the weights were learned with."""
    return stamp.embedder == embedder_stamp(encoder)


def embedder_stamp(encoder: Encoder) -> str:
    return f"{encoder.name} {encoder.weights_sha256}"


def evidence(scores: Scores) -> Scores:
    """Probability that each row is evidence of anything."""
    return _probability(scores[:, 0])


def shares(scores: Scores) -> Scores:
    """Of each tag in each row; a row adds up to 1."""
    return _shared(scores[:, 1 : -len(Stance)])


def own(scores: Scores) -> Scores:
    """Probability of each tag in each row by itself, of what is evidence at all."""
    return _probability(scores[:, 1 : -len(Stance)])


def claims(scores: Scores) -> Scores:
    """The better of each tag's share and its own probability."""
    return np.maximum(shares(scores), own(scores))


def manners(scores: Scores) -> Scores:
    """Of each stance in each row; a row adds up to 1."""
    return _shared(scores[:, -len(Stance) :])


def _shared(scores: Scores) -> Scores:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def singled_out(scores: Scores, bounds: Scores) -> NDArray[np.bool_]:
    """Which tags each row is given in any text: those of what is almost surely evidence."""
    least, by_itself = bounds[0], bounds[3]
    of_tag = (shares(scores) >= bounds[4:]) | (own(scores) >= by_itself)
    return np.asarray((evidence(scores)[:, None] >= least) & of_tag)


def likelier(scores: Scores, sure: Scores) -> NDArray[np.bool_]:
    """Which tags each row is given in a document, of which it has them so surely: it is likelier
    evidence than not, and of them."""
    return (evidence(scores)[:, None] >= EVEN) & (sure >= EVEN)


def borne_by_rule(scores: Scores, rules: Scores, bounds: Scores) -> NDArray[np.bool_]:
    """Which tags each row is given since a rule of theirs fired, which asks for less."""
    _, least, share = bounds[:3]
    return np.asarray(
        (evidence(scores)[:, None] >= least) & (shares(scores) >= share) & (rules > 0)
    )


def heard(company: float, claimed: float) -> float:
    """What a passage adds to a tag to which a text has such a claim by itself."""
    return company if claimed >= _SOME else min(company, 0.0)


def confidence(likely: Scores, claimed: Scores, sums: Sums, company: Scores) -> Scores:
    """Calibrated probability of each tag in each row, with the log-odds that passages add."""
    by_evidence, by_claim, constant = sums.likely.tolist()
    own = by_evidence * _logit(likely)[:, None] + by_claim * _logit(claimed) + constant
    return _probability(np.asarray(own + company, dtype=np.float32))


def least_claim(likely: float, company: float, sums: Sums) -> float:
    """From which claim a document's text is given a tag, where it is evidence so likely and its
    passage adds so much to the tag."""
    by_evidence, by_claim, constant = sums.likely.tolist()
    return _expit(-(constant + company + by_evidence * _log_odds(likely)) / by_claim)


def least_evidence(claimed: float, company: float, sums: Sums) -> float:
    """From which probability of evidence it is, where its claim to the tag is so good."""
    by_evidence, by_claim, constant = sums.likely.tolist()
    least = _expit(-(constant + company + by_claim * _log_odds(claimed)) / by_evidence)
    return max(EVEN, least)


def _expit(logit: float) -> float:
    return float(_probability(np.array(logit, dtype=np.float32)))


def _log_odds(probability: float) -> float:
    return float(_logit(np.array(probability, dtype=np.float32)))


def _probability(logits: Scores) -> Scores:
    return np.asarray(1 / (1 + np.exp(-logits.clip(-50, 50))), dtype=np.float32)


def _logit(probability: Scores) -> Scores:
    kept = probability.clip(1e-4, 1 - 1e-4)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float32)


def stamp_of(encoder: Encoder, settings: dict[str, float]) -> LearnedStamp:
    """For weights learned now."""
    return LearnedStamp(
        examples=examples_hash(),
        taxonomy=bundled_taxonomy().fingerprint(),
        embedder=embedder_stamp(encoder),
        settings=settings,
    )
