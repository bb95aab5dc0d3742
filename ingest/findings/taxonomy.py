"""What findings are about: the tags, and the rules that recognise them.

A rule names words that must stand together in one sentence. Each entry of its `words` is a set
of alternatives such as `hazing|bully~|@women`, in lower case: `~` stands for the regular
inflections of the word it follows, `@` for a word class of the file.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Annotated, ClassVar, cast

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from ingest.errors import CorpusError
from ingest.model import words_hash

_STRICT = ConfigDict(extra="forbid")
_Slug = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
_RuleId = Annotated[str, Field(pattern=r"^[a-z][a-z_]*\.[a-z][a-z_]*$")]
_Sentence = Annotated[str, Field(min_length=1)]
_Alternatives = Annotated[str, Field(pattern=r"^[^|A-Z]+(\|[^|A-Z]+)*$")]
_Phrases = Annotated[str, Field(pattern=r"^[^|@A-Z]+(\|[^|@A-Z]+)*$")]
_VOWELS = "aeiou"


class Setting(StrEnum):
    """Where a rule may fire: `police` needs the text or its surroundings to speak of policing;
    `open` only that they do not speak of another subject and not of policing."""

    POLICE = "police"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Words that together, in one sentence, are evidence of a tag."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: _RuleId
    seeks: _Sentence
    """What the rule looks for, in a sentence."""
    words: Annotated[tuple[_Alternatives, ...], Field(min_length=1, max_length=4)]
    """One of each of these must occur."""
    confidence: Annotated[float, Field(gt=0, le=1)]
    """Prior probability that a sentence on which the rule fires is about the tag."""
    unless: tuple[_Alternatives, ...] = ()
    """None of these may occur in the sentence."""
    reach: Annotated[int, Field(gt=0)] = 20
    """Most tokens from the first of the words to the last, both counted."""
    setting: Setting = Setting.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One thing that findings can be about."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: _Slug
    label: _Sentence
    definition: _Sentence
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    example: _Sentence
    """In our own words."""
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """The tags in the order of their file."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    policing: tuple[_Phrases, ...]
    """Words that show a text to speak of policing."""
    elsewhere: tuple[_Phrases, ...]
    """Words that show it to speak of another subject."""
    traps: tuple[_Phrases, ...]
    """Phrases in which a rule's words mean something else; every word inside one is void."""
    classes: dict[_Slug, tuple[_Phrases, ...]]
    tags: tuple[Tag, ...]

    def fingerprint(self) -> str:
        """SHA-256 of everything that decides what is tagged, for stamps."""
        return words_hash(_ADAPTER.dump_json(self).decode())

    def phrases(self, alternatives: str) -> frozenset[str]:
        """Every phrase, in lower case, that `alternatives` stands for."""
        return frozenset(
            phrase
            for alternative in alternatives.split("|")
            for phrase in self._expanded(alternative)
        )

    def _expanded(self, alternative: str) -> Iterable[str]:
        if alternative.startswith("@"):
            return (
                phrase for words in self.classes[alternative[1:]] for phrase in self.phrases(words)
            )
        forms = (
            inflections(word[:-1]) if word.endswith("~") else (word,)
            for word in alternative.split()
        )
        return (" ".join(words) for words in product(*forms))


_ADAPTER = TypeAdapter(Taxonomy)


@cache
def bundled_taxonomy() -> Taxonomy:
    """The seventeen tags that the project ships."""
    resource = files("corpora") / "findings.toml"
    return parse_taxonomy(resource.read_text(encoding="utf-8"), file="corpora/findings.toml")


def read_taxonomy(path: Path) -> Taxonomy:
    """The taxonomy in a file; raises CorpusError where it is missing or wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise CorpusError(
            f"{path.name}: cannot be read: {problem}.", remedy="Name a readable TOML file in UTF-8."
        ) from problem
    return parse_taxonomy(text, file=path.name)


def parse_taxonomy(text: str, *, file: str) -> Taxonomy:
    """The taxonomy written in TOML; raises CorpusError naming the file, tag and rule at fault."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise CorpusError(
            f"{file}: not TOML: {problem}.", remedy="Mend the line named."
        ) from problem
    try:
        taxonomy = _ADAPTER.validate_python(raw)
    except ValidationError as problem:
        raise _refusal(problem, raw=raw, file=file) from problem
    _check(taxonomy, file=file)
    return taxonomy


def inflections(word: str) -> tuple[str, ...]:
    """The word and its regular plural, possessive-free verb and noun forms, some never used."""
    stem, final = word[:-1], word[-1]
    if final == "e":
        return (word, word + "s", word + "d", stem + "ing")
    if final == "y" and stem[-1:] not in _VOWELS:
        return (word, stem + "ies", stem + "ied", word + "ing")
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return (word, word + "es", word + "ed", word + "ing")
    doubled = word + final
    return (word, word + "s", word + "ed", word + "ing", doubled + "ed", doubled + "ing")


def _refusal(problem: ValidationError, *, raw: dict[str, object], file: str) -> CorpusError:
    first = problem.errors()[0]
    return CorpusError(
        f"{file}: {_place(raw, first['loc'])}: {first['msg']}, got {first['input']!r:.80}.",
        remedy="Correct that entry; ingest/findings/taxonomy.py describes fields and notation.",
    )


def _place(raw: object, steps: tuple[int | str, ...]) -> str:
    """The steps to an entry in words, with ids in place of positions where there are ids."""
    names: list[str] = []
    here = raw
    for step in steps:
        if isinstance(here, dict) and isinstance(step, str):
            here = cast("dict[str, object]", here).get(step)
            names.append(step)
        elif isinstance(here, list) and isinstance(step, int):
            here = cast("list[object]", here)[step]
            names[-1] += f" {_id_of(here) or step!r}"
    return ", ".join(names)


def _id_of(entry: object) -> object:
    return cast("dict[str, object]", entry).get("id") if isinstance(entry, dict) else None


def _check(taxonomy: Taxonomy, *, file: str) -> None:
    """Raises CorpusError for what types cannot say: doubles, strays and unknown classes."""
    rules = [(tag, rule) for tag in taxonomy.tags for rule in tag.rules]
    ids = Counter([tag.id for tag in taxonomy.tags] + [rule.id for _, rule in rules])
    wrong = [f"{name!r} is defined {count} times" for name, count in ids.items() if count > 1]
    wrong += [
        f"tag {tag.id!r}: rule {rule.id!r} does not begin with the tag's id"
        for tag, rule in rules
        if not rule.id.startswith(f"{tag.id}.")
    ]
    wrong += _unknown_classes(taxonomy)
    if wrong:
        raise CorpusError(f"{file}: {wrong[0]}.", remedy="Give each rule and tag an id of its own.")


def _unknown_classes(taxonomy: Taxonomy) -> list[str]:
    return [
        f"tag {tag.id!r}, rule {rule.id!r}: there is no word class {name!r}"
        for tag in taxonomy.tags
        for rule in tag.rules
        for entry in rule.words + rule.unless
        for name in entry.split("|")
        if name.startswith("@") and name[1:] not in taxonomy.classes
    ]
