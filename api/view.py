"""The nouns as the wire shows them: the one place where they are turned into its objects."""

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from api import aftermath, wire
from index.casebook import Answer, Casebook, Cell, Context, FacetCount
from index.evidence import DIGEST, cite_document, cite_span
from index.explanation import Explained
from index.notes import covers
from index.shelf import Shelf, Volume
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.identity import finding_ids
from ingest.model import (
    Alias,
    Basis,
    Citation,
    Edition,
    Evidence,
    Fidelity,
    Finding,
    Link,
    LinkedRecommendation,
    Page,
    Recommendation,
    Response,
    Span,
    Stance,
)
from ingest.standing import standing


def permalink(kind: str, id: str) -> str:
    """The path under which the service shows an object: `passages`, `documents` and so on."""
    return f"/v1/{kind}/{quote(id, safe=':~.')}"


def citation(citation: Citation, permalink: str) -> wire.Citation:
    """The citation of what stands at `permalink`."""
    document = citation.document
    return wire.Citation(
        document_id=document.id,
        title=document.title,
        author=document.author,
        publisher=document.publisher,
        date=document.date,
        paper_number=document.paper_number,
        edition=document.edition,
        licence=document.licence,
        attribution=document.attribution,
        source=document.source,
        url=citation.url,
        permalink=permalink,
        pdf_page_start=citation.pdf_page_start,
        pdf_page_end=citation.pdf_page_end,
        printed_page_start=citation.printed_page_start,
        printed_page_end=citation.printed_page_end,
        page_label=citation.page_label,
        paragraphs=list(citation.paragraphs),
        section=list(citation.section),
        char_start=citation.span.start,
        char_end=citation.span.end,
        document_sha256=document.source_sha256,
        quote_sha256=citation.quote_sha256,
        cite_as=citation.cite_as,
        notice=_notice(citation),
    )


def _notice(citation: Citation) -> str | None:
    document = citation.document
    if document.edition is not Edition.DIGEST:
        return None
    return f"{DIGEST}; check {document.title}{f', {citation.url}' if citation.url else ''}"


def answer(answer: Answer, *, following: str | None) -> wire.Answer:
    """A search's answer; `following` is the cursor of its next page."""
    return wire.Answer(
        query=answer.query.text,
        mode=answer.query.mode,
        total=answer.total,
        generation=answer.generation,
        strength=answer.strength.grade,
        strength_score=answer.strength.score,
        hits=[evidence(hit) for hit in answer.hits],
        facets={field: _counted(values) for field, values in answer.facets.items()},
        notes=list(answer.notes),
        also=list(answer.also),
        next=following,
    )


def _counted(counts: Iterable[FacetCount]) -> list[wire.FacetValue]:
    return [wire.FacetValue(value=count.value, count=count.count) for count in counts]


def evidence(evidence: Evidence) -> wire.Evidence:
    """A passage with all that hangs on it, scored where it was searched for."""
    passage, hit = evidence.passage, evidence.hit
    lanes = hit.lanes.items() if hit else ()
    return wire.Evidence(
        passage_id=passage.id,
        score=hit.score if hit else None,
        lanes={lane: wire.LaneScore(rank=at.rank, score=at.score) for lane, at in lanes},
        text=evidence.text,
        highlights=[wire.Highlight(start=at.start, end=at.end) for at in evidence.highlights],
        citation=citation(evidence.citation, permalink("passages", passage.id)),
        findings=list(_findings(evidence)),
        recommendations=[_linked(beside, passage.span) for beside in evidence.recommendations],
        trust=_trust(evidence),
        explanation=_explanation(evidence) if isinstance(evidence, Explained) else None,
    )


def _explanation(evidence: Explained) -> wire.Explanation:
    sentence = evidence.sentence
    return wire.Explanation(
        terms=[
            wire.MatchedTerm(
                word=term.word, count=term.count, worth=term.worth, stands_for=term.stands_for
            )
            for term in evidence.terms
        ],
        sentence=wire.Highlight(start=sentence.start, end=sentence.end) if sentence else None,
        sentence_by=evidence.sentence_by,
        fusion=evidence.hit.parts if evidence.hit else {},
    )


def _trust(evidence: Evidence) -> wire.Trust:
    """Marks are looked for in digests alone: elsewhere a word in brackets is the document's."""
    passage = evidence.passage
    is_digest = evidence.citation.document.edition is Edition.DIGEST
    return wire.Trust(
        extraction=passage.extraction,
        hidden_text=passage.hidden_text,
        standing=standing(evidence.text) if is_digest else None,
    )


def context(around: Context) -> wire.Context:
    """A passage and its neighbours."""
    return wire.Context(
        passage=evidence(around.passage),
        before=[evidence(passage) for passage in around.before],
        after=[evidence(passage) for passage in around.after],
    )


def _findings(evidence: Evidence) -> Iterator[wire.Tagged]:
    within, text = evidence.passage.span, evidence.text
    triggers = [(found, found.span.within(within).of(text)) for found in evidence.findings]
    for (found, _), id in zip(triggers, finding_ids(triggers), strict=True):
        yield _tagged(found, within, text, id=id)


def _tagged(finding: Finding, within: Span, text: str, *, id: str) -> wire.Tagged:
    trigger = finding.span.within(within)
    return wire.Tagged(
        id=id,
        tag=finding.tag,
        start=trigger.start,
        end=trigger.end,
        trigger=trigger.of(text),
        voice=finding.voice,
        stance=finding.stance,
        confidence=finding.confidence,
        rule=finding.rule,
    )


def _linked(beside: LinkedRecommendation, within: Span) -> wire.Linked:
    words = beside.link.words if beside.link.basis is Basis.CURATED else None
    meant = words.within(within) if words else None
    return wire.Linked(
        id=beside.recommendation.id,
        number=beside.recommendation.number,
        kind=beside.recommendation.kind,
        text=beside.text,
        relation=beside.link.relation,
        basis=beside.link.basis,
        score=beside.link.score,
        start=meant.start if meant else None,
        end=meant.end if meant else None,
    )


def document(shelf: Shelf, volume: Volume) -> wire.Document:
    """A document as its manifest and its file describe it, cited as a whole."""
    document = volume.document
    catalogue = next((each for each in shelf.catalogues if covers(each, document)), None)
    here = permalink("documents", document.id)
    whole = cite_document(volume)
    return wire.Document(
        id=document.id,
        title=document.title,
        author=document.author,
        publisher=document.publisher,
        date=document.date,
        dated=document.dated,
        kind=document.kind,
        paper_number=document.paper_number,
        edition=document.edition,
        digest_of=document.digest_of,
        licence=document.licence,
        attribution=document.attribution,
        source=document.source,
        url=document.url,
        permalink=here,
        sha256=document.source_sha256,
        page_count=document.page_count,
        responds_to=document.responds_to,
        inquiry=document.inquiry,
        content_note=catalogue.content_note if catalogue else None,
        corrections=catalogue.corrections if catalogue else None,
        passages=len(volume.passages),
        recommendations=len(volume.stored.recommendations),
        citation=citation(whole, here) if whole else None,
    )


def document_detail(shelf: Shelf, volume: Volume) -> wire.DocumentDetail:
    """A document with its pages and what reading did to its words."""
    counted = volume.stored.fidelity
    return wire.DocumentDetail(
        **dict(document(shelf, volume)),
        pages=[page_line(page) for page in volume.stored.pages],
        fidelity=fidelity(counted) if counted else None,
    )


def fidelity(fidelity: Fidelity) -> wire.Fidelity:
    """What reading did to the source's words."""
    return wire.Fidelity(
        pages=fidelity.pages,
        source_words=fidelity.source_words,
        words_lost=fidelity.words_lost,
        words_added=fidelity.words_added,
        sentences=fidelity.sentences,
        sentences_severed=fidelity.sentences_severed,
        furniture_in_body=fidelity.furniture_in_body,
        passages=fidelity.passages,
        exceptions=list(fidelity.exceptions),
    )


def page_line(page: Page) -> wire.PageLine:
    """How a page fared."""
    return wire.PageLine(
        number=page.number,
        printed_page=page.printed,
        page_label=page.label,
        status=page.status,
        reason=page.reason,
        confidence=page.confidence,
    )


def recommendation(shelf: Shelf, recommended: Recommendation) -> wire.Recommendation:
    """A recommendation in its exact words."""
    volume = shelf.volume(recommended.document)
    here = permalink("recommendations", recommended.id)
    return wire.Recommendation(
        id=recommended.id,
        document_id=recommended.document,
        number=recommended.number,
        kind=recommended.kind,
        title=recommended.title,
        text=recommended.span.of(volume.text),
        sub_parts=[part.of(volume.text) for part in recommended.sub_parts],
        addressee=list(recommended.addressee),
        deadline=recommended.deadline,
        cited_paragraphs=list(recommended.cited_paragraphs),
        group=recommended.group,
        themes=list(recommended.themes),
        reconstructed_number=recommended.reconstructed_number,
        aliases=list(recommended.aliases),
        duties=aftermath.duties(shelf, recommended),
        evidence=aftermath.evidence_count(shelf, recommended),
        responses=aftermath.replied(shelf, recommended),
        latest=aftermath.latest(shelf, recommended),
        citation=citation(cite_span(volume, recommended.span), here),
    )


def answered(shelf: Shelf, response: Response) -> wire.Answered:
    """An answer to a recommendation, with its citation."""
    volume = shelf.volume(response.document)
    cited = cite_span(volume, response.span) if response.span else None
    return wire.Answered(
        recommendation_id=response.recommendation,
        document_id=response.document,
        status=response.status,
        quotation=response.status_span.of(volume.text) if response.status_span else None,
        responder=response.responder,
        date=response.date,
        alignment=response.alignment,
        text=response.span.of(volume.text) if response.span else None,
        duties=aftermath.duty_replies(shelf, response),
        citation=citation(cited, permalink("documents", response.document)) if cited else None,
    )


def support(casebook: Casebook, recommended: Recommendation) -> wire.Support:
    """A recommendation with the passages that bear on it, and with what followed it."""
    shelf = casebook.shelf
    found = {each.link.passage: each.evidence for each in casebook.evidence_for(recommended.id)}
    passages = [evidence(each) for each in found.values()]
    return wire.Support(
        recommendation=recommendation(shelf, recommended),
        generation=casebook.generation,
        total=len(passages),
        items=passages,
        responses=[answered(shelf, each) for each in shelf.responses.get(recommended.id, ())],
        events=[aftermath.event(shelf, each) for each in shelf.events.get(recommended.id, ())],
        lineage=[aftermath.lineage(shelf, each) for each in shelf.lineage.get(recommended.id, ())],
    )


def finding(shelf: Shelf, found: Finding) -> wire.Finding:
    """A finding in its sentence."""
    document_id, _, _ = found.passage.partition(":")
    volume = shelf.volume(document_id)
    text = found.sentence.of(volume.text)
    cited = cite_span(volume, found.sentence)
    return wire.Finding(
        **dict(_tagged(found, found.sentence, text, id=volume.finding_ids[found])),
        passage_id=found.passage,
        document_id=document_id,
        text=text,
        citation=citation(cited, permalink("passages", found.passage)),
    )


def link(casebook: Casebook, link: Link) -> wire.Link:
    """Why a passage is said to bear on a recommendation."""
    passage = casebook.passage(link.passage)
    recommended = casebook.recommendation(link.recommendation)
    curated = link.basis is Basis.CURATED
    source = casebook.volume(passage.passage.document if curated else recommended.document)
    return wire.Link(
        recommendation_id=link.recommendation,
        recommendation_number=recommended.number,
        passage_id=link.passage,
        relation=link.relation,
        basis=link.basis,
        score=link.score,
        words=link.words.of(source.text) if link.words else None,
        text=passage.text,
        citation=citation(passage.citation, permalink("passages", link.passage)),
    )


def tags(casebook: Casebook) -> list[wire.Tag]:
    """The taxonomy, each tag with how often it was found."""
    found = Counter(finding.tag for finding in casebook.findings())
    bearing = {
        tag.id: [each for each in casebook.recommendations() if tag.id in each.themes]
        for tag in bundled_taxonomy().tags
    }
    return [
        wire.Tag(
            tag=tag.id,
            label=tag.label,
            definition=tag.definition,
            includes=list(tag.includes),
            excludes=list(tag.excludes),
            example=tag.example,
            findings=found[tag.id],
            recommendations=[each.id for each in bearing[tag.id]],
            groups=list(dict.fromkeys(each.group for each in bearing[tag.id] if each.group)),
        )
        for tag in bundled_taxonomy().tags
    ]


def matrix(cells: Iterable[Cell], *, by: str, generation: str) -> wire.Matrix:
    """Findings by tag and one of `document`, `chapter`, `voice` or `stance`: sorted by both, but
    for chapters, which stand in the order of documents and then of the text."""
    within = by in {"document", "chapter"}
    counts: dict[tuple[str, str, str | None], Counter[Stance]] = {}
    for cell in cells:
        place = cell.tag, str(getattr(cell, by)), cell.document if within else None
        counts.setdefault(place, Counter())[cell.stance] += cell.count
    order = list(counts) if by == "chapter" else sorted(counts, key=lambda each: each[:2])
    items = [
        wire.Cell(
            tag=tag,
            value=value,
            count=counts[tag, value, document].total(),
            document_id=document,
            stances=dict(sorted(counts[tag, value, document].items())),
        )
        for tag, value, document in order
    ]
    return wire.Matrix(by=by, generation=generation, items=items)


def resolved(casebook: Casebook, alias: Alias) -> wire.Resolved:
    """What became of an id, with the passage that holds its words or replaced them."""
    present = evidence(casebook.passage(alias.passage)) if alias.passage else None
    return wire.Resolved(
        id=alias.id, status=alias.status, passage_id=alias.passage, evidence=present
    )
