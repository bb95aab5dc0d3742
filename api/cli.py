"""The `casebook` command: wires the engine, the service and the measurements together.

What a command needs is imported inside it, so that `search` never waits for what only `build`
uses. Results go to stdout, everything else to stderr.
"""

import datetime
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.commands import FAILED, SOME_FAILED, Commands, lines_of, name_of
from ingest.model import Edition, Kind, Stance, Voice

if TYPE_CHECKING:
    from pydantic import BaseModel

    from api.building import BuiltCorpus
    from api.keys import Keyring
    from eval.coders import CoderAgreement
    from eval.evaluation import Evaluation
    from eval.results import Result
    from index.casebook import Casebook
    from index.store import Filters

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Cited, recommendation-linked evidence from the documents of public inquiries.",
)

Mode = Literal["hybrid", "dense", "lexical"]

Data = Annotated[
    Path | None,
    typer.Option(help="Data directory.", envvar="CASEBOOK_DATA", show_default=".casebook"),
]


def _one_form(ctx: typer.Context, param: typer.CallbackParam, wanted: bool) -> bool:
    """As it was given; refused where another form was asked for too, which would go unheard."""
    others = [name for name in ("as_json", "as_csv", "as_markdown") if name != param.name]
    if wanted and any(ctx.params.get(name) for name in others):
        raise typer.BadParameter("Choose one of --json, --csv and --markdown.")
    return wanted


Json = Annotated[
    bool,
    typer.Option("--json", help="Print JSON on stdout, and nothing else.", callback=_one_form),
]
Csv = Annotated[
    bool,
    typer.Option("--csv", help="Print comma-separated values on stdout.", callback=_one_form),
]
Markdown = Annotated[
    bool,
    typer.Option("--markdown", help="Print a Markdown table on stdout.", callback=_one_form),
]
Hits = Annotated[int, typer.Option("-k", min=1, max=1000, help="Passages wanted.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A tag of the taxonomy.")]
Documents = Annotated[list[str] | None, typer.Option("--document", help="A document's id.")]
Voices = Annotated[list[Voice] | None, typer.Option("--voice", help="Whose words.")]
Stances = Annotated[list[Stance] | None, typer.Option("--stance", help="How they are put.")]
Recommendations = Annotated[
    list[str] | None, typer.Option("--recommendation", help="A recommendation's id.")
]
Editions = Annotated[
    list[Edition] | None, typer.Option("--edition", help="The published words, or our digest.")
]
From = Annotated[
    datetime.datetime | None,
    typer.Option("--date-from", formats=["%Y-%m-%d"], help="Published on this day or after."),
]
To = Annotated[
    datetime.datetime | None,
    typer.Option("--date-to", formats=["%Y-%m-%d"], help="Published on this day or before."),
]


@app.command()
def build(
    sources: Annotated[
        list[str], typer.Argument(help="A corpus by name (casey), a folder, or files.")
    ],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Ingest and index documents; only what changed is done again."""
    from api.building import build_casebook
    from api.settings import settings

    built = build_casebook(sources, settings=settings(), data=_data(data))
    _told(built, as_json=as_json)


@app.command()
def search(
    query: Annotated[
        str | None, typer.Argument(help="What is looked for, in words; or say --like.")
    ] = None,
    k: Hits = 10,
    mode: Mode = "hybrid",
    like: Annotated[
        list[str] | None, typer.Option("--like", help="More like this passage, by its id.")
    ] = None,
    unlike: Annotated[
        list[str] | None, typer.Option("--unlike", help="Less like this passage, by its id.")
    ] = None,
    tag: Tags = None,
    document: Documents = None,
    voice: Voices = None,
    stance: Stances = None,
    recommendation: Recommendations = None,
    edition: Editions = None,
    date_from: From = None,
    date_to: To = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each passage stands where it does.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Cited, recommendation-linked evidence, best first.

    Passages with "words in quotation marks", letter for letter, come first, and so do those where
    one NEAR/5 other stand within 5 words of each other. NOT word, -word or NOT "some words" leaves
    out what has them.
    """
    from api import terminal, view
    from api.wire import Evidence
    from index.search import Mode, Query

    if not (query or "").strip() and not like:
        raise typer.BadParameter("Say what is looked for, in words or by --like.")
    filters = _filters(
        tag=tag,
        document=document,
        voice=voice,
        stance=stance,
        recommendation=recommendation,
        edition=edition,
        date_from=date_from,
        date_to=date_to,
    )
    asked = Query(
        text=query or "",
        k=k,
        mode=Mode(mode),
        filters=filters,
        like=tuple(like or ()),
        unlike=tuple(unlike or ()),
    )
    with _opened(data) as casebook:
        answer = view.answer(casebook.search(asked), following=None)
    if as_json:
        terminal.print_json(answer)
    elif as_csv:
        terminal.print_csv(answer.hits, Evidence)
    else:
        terminal.print_answer(answer, explain=explain)


@app.command()
def batch(
    queries: Annotated[Path, typer.Argument(help='Lines of {"id","query"}; - is stdin.')],
    k: Hits = 50,
    mode: Mode = "hybrid",
    out: Annotated[Path | None, typer.Option(help="File for the run; otherwise stdout.")] = None,
    data: Data = None,
) -> None:
    """Answer many queries at once, as lines of a run.

    A query may hold what `casebook search --help` tells of.
    """
    from api import runs
    from api.terminal import print_lines, tracked
    from index.durable import as_write_failed, write_durably
    from index.search import Mode, Query

    # All are read before the first is answered: a bad line leaves nothing half done.
    numbered = list(runs.queries(lines_of(queries), name=name_of(queries)))
    with _opened(data) as casebook:
        ranked = [
            line
            for query in tracked(numbered, "Answering")
            for line in runs.ranked(
                query.id, casebook.search(Query(text=query.query, k=k, mode=Mode(mode)))
            )
        ]
    if out is None:
        return print_lines(ranked)
    content = "".join(line.model_dump_json() + "\n" for line in ranked)
    with as_write_failed(out):
        write_durably(out, content.encode("utf-8"))
    return None


@app.command()
def documents(data: Data = None, as_json: Json = False, as_csv: Csv = False) -> None:
    """List the documents."""
    from api import terminal, view, wire

    with _opened(data) as casebook:
        shelf = casebook.shelf
        records = [view.document(shelf, volume) for volume in shelf.volumes.values()]
    if not _exported(records, wire.Document, as_json=as_json, as_csv=as_csv):
        terminal.print_documents(records, shelf.catalogues)


@app.command()
def passages(
    tag: Tags = None,
    document: Documents = None,
    voice: Voices = None,
    stance: Stances = None,
    recommendation: Recommendations = None,
    edition: Editions = None,
    date_from: From = None,
    date_to: To = None,
    data: Data = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List or export passages, as evidence."""
    from api import selection, terminal, view, wire

    filters = _filters(
        tag=tag,
        document=document,
        voice=voice,
        stance=stance,
        recommendation=recommendation,
        edition=edition,
        date_from=date_from,
        date_to=date_to,
    )
    with _opened(data) as casebook:
        chosen = selection.passages(casebook, filters)
        records = (view.evidence(casebook.passage(passage.id)) for passage in chosen)
        if not _exported(records, wire.Evidence, as_json=as_json, as_csv=as_csv):
            terminal.print_rows(
                (record.passage_id, terminal.brief(record.text)) for record in records
            )


@app.command()
def findings(
    tag: Tags = None,
    document: Documents = None,
    voice: Voices = None,
    stance: Stances = None,
    recommendation: Recommendations = None,
    edition: Editions = None,
    date_from: From = None,
    date_to: To = None,
    qdpx: Annotated[
        Path | None, typer.Option(help="File for a REFI-QDA project, for coding software to open.")
    ] = None,
    matrix: Annotated[
        Literal["document", "chapter", "voice", "stance"] | None,
        typer.Option(help="Count them by tag and this, parted by stance."),
    ] = None,
    explain: Annotated[
        str | None, typer.Option(metavar="ID", help="Say why this finding was given, by its id.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List, count or export findings, each in its sentence, or say why one was given."""
    from api import explaining, terminal, view, wire

    if sum(asked is not None for asked in (qdpx, matrix, explain)) > 1:
        raise typer.BadParameter("Choose one of --qdpx, --matrix and --explain.")
    if qdpx is not None and (as_json or as_csv):
        raise typer.BadParameter("Choose one of --qdpx, --json and --csv.")
    if explain is not None and as_csv:
        raise typer.BadParameter("Choose one of --explain and --csv.")
    filters = _filters(
        tag=tag,
        document=document,
        voice=voice,
        stance=stance,
        recommendation=recommendation,
        edition=edition,
        date_from=date_from,
        date_to=date_to,
    )
    with _opened(data) as casebook:
        if explain is not None:
            return explaining.explain(casebook, explain, as_json=as_json)
        if qdpx is not None:
            from eval.command import write_codes

            terminal.output.print(f"{write_codes(casebook, filters, qdpx)} findings written")
            return None
        if matrix is not None:
            counted = view.matrix(
                casebook.matrix(filters), by=matrix, generation=casebook.generation
            )
            if not _exported(counted.items, wire.Cell, as_json=as_json, as_csv=as_csv):
                terminal.print_rows(map(terminal.cell_row, counted.items))
            return None
        chosen = casebook.findings(filters)
        records = (view.finding(casebook.shelf, finding) for finding in chosen)
        if not _exported(records, wire.Finding, as_json=as_json, as_csv=as_csv):
            terminal.print_rows(
                (found.id, found.voice, found.stance, terminal.brief(found.text))
                for found in records
            )
    return None


@app.command()
def recommendations(
    document: Documents = None,
    data: Data = None,
    as_json: Json = False,
    as_csv: Csv = False,
    as_markdown: Markdown = False,
) -> None:
    """List or export recommendations, with evidence, answer and latest event."""
    from api import briefing, selection, terminal, view, wire

    with _opened(data) as casebook:
        chosen = selection.recommendations(casebook, document or ())
        records = (view.recommendation(casebook.shelf, recommended) for recommended in chosen)
        if as_markdown:
            terminal.print_text(briefing.markdown(records))
        elif not _exported(records, wire.Recommendation, as_json=as_json, as_csv=as_csv):
            terminal.print_rows(map(terminal.recommendation_row, records))


@app.command()
def links(
    document: Documents = None,
    recommendation: Recommendations = None,
    data: Data = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List or export links between passages and recommendations."""
    from api import selection, terminal, view, wire

    with _opened(data) as casebook:
        chosen = selection.links(casebook, document or (), recommendation or ())
        records = (view.link(casebook, link) for link in chosen)
        if not _exported(records, wire.Link, as_json=as_json, as_csv=as_csv):
            terminal.print_rows(
                (link.recommendation_id, link.relation, link.basis, link.passage_id)
                for link in records
            )


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="A passage's, recommendation's or document's id.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show one thing with everything that hangs on it."""
    from api.showing import show

    with _opened(data) as casebook:
        show(casebook, id, as_json=as_json)


@app.command()
def tag(
    file: Annotated[
        Path | None, typer.Argument(help="Lines of {id,text}, or plain text (.txt); - is stdin.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="One text, in place of a file.")] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="It is plain text: tag it paragraph by paragraph.")
    ] = False,
    kind: Annotated[
        Kind | None,
        typer.Option(
            help="The kind of document it is from, where no line says. Of a text of no document"
            " more is asked before it has a finding."
        ),
    ] = None,
    words: Annotated[
        bool, typer.Option("--words", help="Add the words, and why they are that voice's.")
    ] = False,
    data: Data = None,
) -> None:
    """Findings, voice and stance of any text, as lines of JSON.

    A paragraph of plain text has its number as id, and is judged with the one before it in mind.
    """
    from api import tagging
    from api.building import encoder
    from api.settings import settings
    from api.terminal import print_lines

    asked = tagging.given(file, text, plain=plain, kind=kind)
    by = encoder(settings(), _there(data))
    print_lines(tagging.tagged(asked, words=words, encoder=by))


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="Markdown, HTML, Word or text; - is stdin.")
    ] = None,
    quotation: Annotated[
        str | None, typer.Option(help="One quotation, in place of a file.")
    ] = None,
    document: Annotated[
        str | None, typer.Option(help="The document they are said to be from.")
    ] = None,
    speaker: Annotated[str | None, typer.Option(help="Whose words they are said to be.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 unless every quotation is accepted.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Check quotations against the published words."""
    from api import verifying
    from api.terminal import print_json, print_verification

    asked = verifying.given(file, quotation)
    with _opened(data) as casebook:
        claim = verifying.claim_of(casebook, document=document, speaker=speaker)
        checked = verifying.verification(casebook, asked, claim)
    if as_json:
        print_json(checked)
    else:
        print_verification(checked)
    if strict and not all(each.accepted for each in checked.quotations):
        raise typer.Exit(FAILED)


@app.command()
def cite(
    id: Annotated[str, typer.Argument(help="A passage's, recommendation's or document's id.")],
    style: Annotated[
        Literal["oscola", "bibtex", "ris", "csl", "csl-json", "annotation"],
        typer.Option(help="For people, for reference managers, or a W3C Web Annotation."),
    ] = "oscola",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Cite a passage, recommendation or document."""
    from api import terminal
    from api.citing import cited
    from api.parameters import Style

    with _opened(data) as casebook:
        written = cited(casebook, id, Style(style))
    if as_json:
        terminal.print_json(written)
    else:
        terminal.print_text([written.content])


@app.command("check-citation")
def check_citation(
    citation: Annotated[Path, typer.Argument(help="What `cite ID --json` printed.")],
    source: Annotated[Path, typer.Argument(help="The published file that it cites.")],
    as_json: Json = False,
) -> None:
    """Check a citation with nothing but the file that it cites."""
    from api import terminal
    from api.checking import check

    checked = check(citation, source)
    if as_json:
        terminal.print_json(checked)
    else:
        terminal.print_checked(checked)
    if not checked.sound:
        raise typer.Exit(FAILED)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535)] = None,
    public: Annotated[
        bool,
        typer.Option(
            "--public", help="Others can reach it: there are limits, and keys are wanted."
        ),
    ] = False,
    keys: Annotated[
        bool | None,
        typer.Option(
            "--keys/--no-keys", help="Want an API key of everybody.", show_default="with --public"
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Serve the API on this machine."""
    from api.serving import agreed, is_address, is_loopback, serve
    from api.settings import settings

    chosen = settings()
    address, setting = (chosen.host, "CASEBOOK_HOST") if host is None else (host, "--host")
    if not is_address(address):
        raise typer.BadParameter(
            f"{address!r} is no address: neither a number nor a name that this machine knows.",
            param_hint=setting,
        )
    if not (public or is_loopback(address)):
        raise typer.BadParameter(
            f"{address} can be reached from other machines; add --public if that is meant.",
            param_hint=setting,
        )
    place = data or chosen.data
    terms = agreed(chosen, place, public=public, keys=keys)
    serve(chosen, data=place, host=address, port=port or chosen.port, terms=terms)


key_commands = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Make, list and revoke the API keys of a service that is shared.",
)
app.add_typer(key_commands, name="keys")


@key_commands.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="Whose it is.")],
    scope: Annotated[
        Literal["read", "admin"], typer.Option(help="Every question, or /metrics too.")
    ] = "read",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a key, and print it: this once, for only its hash is kept."""
    from api import terminal
    from api.keys import Holder, NewKey, Scope

    key, secret = _keyring(data).add(name, Scope(scope))
    if as_json:
        holder = Holder.model_validate(key)
        terminal.print_json(NewKey(**dict(holder), key=secret))
    else:
        terminal.print_text([f"{secret}\n"])
        terminal.notes.print(f"The {key.scope} key of {key.name}. It cannot be shown again.")


@key_commands.command("list")
def list_keys(data: Data = None, as_json: Json = False) -> None:
    """List who holds a key; the keys themselves are not kept."""
    from api import terminal
    from api.keys import Holder

    keys = _keyring(data).known()
    if as_json:
        terminal.print_lines(map(Holder.model_validate, keys))
    elif keys:
        terminal.print_rows(
            (key.name, key.scope, f"added {key.added:%Y-%m-%d}")
            + ((f"revoked {key.revoked:%Y-%m-%d}",) if key.revoked else ("in use",))
            for key in keys
        )
    else:
        terminal.notes.print("Nobody holds a key.")


@key_commands.command("revoke")
def revoke_key(name: Annotated[str, typer.Argument(help="Whose key.")], data: Data = None) -> None:
    """Revoke a key: a running service refuses it from the next request on."""
    from api.terminal import output

    key = _keyring(data).revoke(name)
    output.print(f"the {key.scope} key of {key.name} is revoked")


def _keyring(data: Path | None) -> "Keyring":
    from api.keys import Keyring, key_file
    from api.settings import settings

    return Keyring(key_file(settings(), _data(data)))


@app.command()
def doctor(data: Data = None, as_json: Json = False) -> None:
    """Check the installation, and every hash in the data directory."""
    from api.doctor import examine, print_examination
    from api.settings import settings
    from api.terminal import print_json

    examination = examine(settings(), _data(data))
    if as_json:
        print_json(examination)
    else:
        print_examination(examination)
    if not examination.sound:
        raise typer.Exit(FAILED)


@app.command()
def fetch(
    corpus: Annotated[str, typer.Argument(help="A corpus by name (casey), or a folder.")],
    documents: Annotated[
        list[str] | None, typer.Argument(help="Ids of its documents; otherwise all of them.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Download the official documents of a corpus."""
    from api.fetching import fetch_corpus, print_fetched
    from api.terminal import print_json

    fetched = fetch_corpus(corpus, documents or (), data=_data(data))
    if as_json:
        print_json(fetched)
    else:
        print_fetched(fetched, name=corpus)
    if fetched.failed or not fetched.here:
        raise typer.Exit(SOME_FAILED if fetched.here else FAILED)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A PDF, HTML, Markdown or text file.")],
    as_: Annotated[
        str | None, typer.Option("--as", help="The manifest's document it is an edition of.")
    ] = None,
    insist: Annotated[
        bool, typer.Option("--insist", help="It is that document, although it looks different.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take one file in."""
    from api.building import add_file
    from api.settings import settings

    built = add_file(file, document_id=as_, insist=insist, settings=settings(), data=_data(data))
    _told(built, as_json=as_json)


@app.command()
def remove(
    document_id: Annotated[str, typer.Argument(help="The document's id.")], data: Data = None
) -> None:
    """Take a document out."""
    from api.building import remove_document
    from api.settings import settings
    from api.terminal import output

    built = remove_document(document_id, settings=settings(), data=_data(data))
    output.print(f"{document_id} removed; {built.passages} passages indexed")


@app.command(name="eval")
def evaluate(
    what: Annotated[
        str,
        typer.Argument(
            help="A folder of judged queries, casey, a measurement's name, or a file of "
            "what people coded (.csv, .qdpx)."
        ),
    ],
    against: Annotated[
        list[Path] | None, typer.Option(help="A run to compare with: TREC's, or lines of JSON.")
    ] = None,
    run: Annotated[
        Path | None, typer.Option(help="File for the run: TREC's format, or .jsonl.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="File for a page of HTML with plots.")] = None,
    export: Annotated[Path | None, typer.Option(help="Folder for the collection.")] = None,
    form: Annotated[
        Literal["casebook", "trec", "beir"] | None,
        typer.Option(help="Its form, with --export: trec unless told."),
    ] = None,
    relevant: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10,
            help="The least grade that counts as relevant: 2, or 1 in TREC's and BEIR's forms, "
            "unless told.",
        ),
    ] = None,
    unpack: Annotated[
        Path | None, typer.Option(help="Folder for the files of a BEIR corpus, to be built.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Measure the search on judged queries, or what is found in real documents or by people."""
    from api import terminal
    from eval import command

    if form is not None and export is None:
        raise typer.BadParameter("--form is of an export: name a folder with --export.")
    of_judged_queries = any((against, run, report, export, relevant))
    if unpack is not None:
        if of_judged_queries:
            raise typer.BadParameter("--unpack measures nothing: build the files, then measure.")
        terminal.output.print(f"{command.unpack(what, unpack)} files written")
        return
    judged = None if command.is_codes(what) else command.named(what, relevant=relevant)
    if judged is None and of_judged_queries:
        raise typer.BadParameter(
            "--against, --run, --report, --export and --relevant are of judged queries only."
        )
    if command.is_codes(what):
        with _opened(data) as casebook:
            _reported(command.agreement(what, casebook.shelf), as_json=as_json)
        return
    if judged is None:
        _reported(command.measured(what), as_json=as_json)
        return
    with _opened(data) as casebook:
        assessor = command.assessor(casebook, judged)
        if export is not None:
            command.export(assessor, export, command.Form(form or "trec"))
        runs = command.runs(casebook, assessor, against=against or ())
    evaluation = command.evaluated(assessor, runs)
    if run is not None:
        command.write_runs(runs, run, assessor)
    if report is not None:
        command.write_report(evaluation, report)
    _reported(evaluation, as_json=as_json)


def _reported(measured: "Evaluation | CoderAgreement | Sequence[Result]", *, as_json: bool) -> None:
    from api import terminal
    from eval.command import as_json as written
    from eval.overview import shown

    if as_json:
        terminal.print_text([written(measured)])
    else:
        for part in shown(measured):
            terminal.output.print(part, "", sep="\n")


def _told(built: "BuiltCorpus", *, as_json: bool) -> None:
    from api.building import print_built
    from api.terminal import print_json

    if as_json:
        print_json(built)
    else:
        print_built(built)
    if built.failed:
        raise typer.Exit(FAILED if built.all_failed else SOME_FAILED)


def _data(data: Path | None) -> Path:
    if data is not None:
        return data
    from api.settings import settings

    return settings().data


def _there(data: Path | None) -> Path:
    """The data directory, which need hold nothing; raises NotBuilt where one is named in error."""
    if data is not None and not data.is_dir():
        from ingest.errors import NotBuilt

        raise NotBuilt(
            f"There is no data directory {data}.",
            remedy="Name one that is there, or none: no corpus is needed for this.",
        )
    return _data(data)


@contextmanager
def _opened(data: Path | None) -> "Generator[Casebook]":
    from api.corpus import open_casebook
    from api.settings import settings

    with closing(open_casebook(settings(), _data(data))) as casebook:
        yield casebook


def _filters(
    *,
    tag: list[str] | None,
    document: list[str] | None,
    voice: list[Voice] | None,
    stance: list[Stance] | None,
    recommendation: list[str] | None,
    edition: list[Edition] | None,
    date_from: datetime.datetime | None,
    date_to: datetime.datetime | None,
) -> "Filters":
    from index.store import Filters

    return Filters(
        tags=tuple(tag or ()),
        documents=tuple(document or ()),
        voices=tuple(voice or ()),
        stances=tuple(stance or ()),
        recommendations=tuple(recommendation or ()),
        editions=tuple(edition or ()),
        date_from=date_from.date() if date_from else None,
        date_to=date_to.date() if date_to else None,
    )


def _exported(
    records: "Iterable[BaseModel]", kind: "type[BaseModel]", *, as_json: bool, as_csv: bool
) -> bool:
    """Prints the records for a program to read; False where a person is to read them."""
    from api import terminal

    if as_json:
        terminal.print_lines(records)
    elif as_csv:
        terminal.print_csv(records, kind)
    return as_json or as_csv


def main() -> None:
    """Runs the command line."""
    app()


if __name__ == "__main__":
    main()
