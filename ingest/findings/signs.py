"""Signs that a sentence judges, or that it tells plain background."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Words that make it likelier, or less likely, that the sentence judges."""

    why: str
    words: re.Pattern[str]


Borne = tuple[Sign, re.Match[str]]
"""A sign, and the words of a sentence that bear it."""


def _sign(why: str, words: str) -> Sign:
    return Sign(why=why, words=re.compile(words))


_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
SIGNS = (
    _sign(
        "a word of failing",
        r"\bfail(?:s|ed|ure|ures|ing|ings)?\b|\binadequa|\binsufficien|\bineffecti|\binefficien"
        r"|\bdeficien|\bshortcoming|\bweak(?:ness\w*)?\b|\bflaw|\bdefect|\bomission|\bneglect"
        r"|\bbroken\b|\bpoor(?:ly)?\b|\boverwhelmed\b|\binflexible\b|\bwasteful|\bobstacle"
        r"|\bignor(?:ed|ing)\b|\bdisregard|\bmisl(?:ed|ead)|\bunlawful|\bimproper|\bcomplacen"
        r"|\bcover-?up|\bscandal|\bprone to\b|\blimitation|\bunder-?prepared|\bill-prepared"
        r"|\b(?:racis|sexis|misogyn|homophob|discriminat|corrupt|toxic)\w*|\bbull(?:y|ied|ying)\b"
        r"|\bnot (?:\w+ly )?(?:prepared|adequately|properly|fully|sufficiently)\b",
    ),
    _sign(
        "what should have been",
        r"\b(?:should|ought to|need not) (?:not |never |also |\w+ly )?have\b",
    ),
    _sign(
        "what could or would have been",
        r"\b(?:could|might|would|must) (?:not |never |also |\w+ly )?have\b",
    ),
    _sign(
        "a word of blame or regret",
        r"\bwrong(?:ly)?\b|\berror(?:s|neous)?\b|\bmistake|\bunacceptable|\bdisgrac|\bdeplor"
        r"|\bregrett|\bunfortunate|\bsurpris|\binexcus|\bunjust|\bunfair|\bappall|\bshock|\btrag"
        r"|\bdevastat",
    ),
    _sign(
        "a word of lacking",
        r"\black(?:s|ed|ing)?\b|\babsence of\b|\bshortage|\bgaps?\b"
        r"|\bno (?:proper|adequate|clear|real|effective|overall|single|sufficient|systematic)\b",
    ),
    _sign(
        "too much of something",
        r"\b(?:too|overly|unduly|excessively|insufficiently|inadequately|unnecessarily) \w+",
    ),
    _sign("a word of concern", r"\bconcern(?:ed|s|ing)?\b|\bworr(?:y|ied|ying)\b|\balarm"),
    _sign(
        "the inquiry says what it finds",
        r"\b(?:we|i|the (?:inquiry|panel|committee|review|chair))"
        r" (?:(?:have|has|had|am|are|is|\w+ly|also|therefore) ){0,3}"
        r"(?:finds?|found|concludes?|concluded|satisfied|accepts?) that\b",
    ),
    _sign(
        "the inquiry's opinion",
        r"\b(?:we|i|the (?:inquiry|committee|panel|chair))"
        r"(?: \w+ly| also| therefore| have| has| do| am| are| is| remains?| was| were)?"
        r" (?:agrees?|welcomes?|consider(?:s|ed)?|conclude[sd]?|finds?|found|respects?|commends?"
        r"|believes?|thinks?|thought|doubt|regret|understand|appreciate|accepts?|recogni[sz]es?"
        r"|satisfied|convinced|clear|persuaded|grateful|pleased|disappointed|confident"
        r"|acknowledges?|note with|sympath\w+|suspect|see no|do not)\b",
    ),
    _sign(
        "the answering body's opinion",
        r"\b(?:the (?:\w+ )?(?:government|department|ministry|council|force)|we)(?: \w+ly| also)?"
        r" (?:agrees?|welcomes?|recogni[sz]es?|believes?|accepts? that|acknowledges?|shares?"
        r"|supports?|considers?|is clear|are clear|sees?|understands?|remains?|is grateful"
        r"|pays tribute)\b",
    ),
    _sign(
        "said to be somebody's view, or how it really is",
        r"\bin (?:my|our|the inquiry.s) (?:view|judgement|opinion|experience)\b"
        r"|\bin (?:reality|truth|practice|effect)\b|\bto my mind\b",
    ),
    _sign(
        "something is called clear, likely, right or the like",
        r"\b(?:it became|is|are|was|were|can(?:not)? be|could not be) (?:\w+ly )?(?:clear|plain"
        r"|obvious|evident"
        r"|apparent|likely|unlikely|possible|impossible|inevitable|right|important|essential|vital"
        r"|crucial|critical|necessary|difficult|hard|striking|notable|inconceivable|reasonable"
        r"|unreasonable|appropriate|inappropriate|fair|unclear|doubtful|arguable|self-evident)\b"
        r"|\b(?:clearly|plainly|obviously|evidently|no doubt|undoubtedly)\b",
    ),
    _sign(
        "a noun that judges",
        r"\b(?:challenge|problem|difficult(?:y|ies)|risk of|danger of|consequence|burden|confusion"
        r"|complexity|duplication|proliferation|delay|mistrust|injustice|harm|suffering|distress"
        r"|success|improvement|progress|opportunity|benefit|advantage|strength|merit|harshness"
        r"|controvers\w+|incitement|damage|conjecture)s?\b|\bwelcome\b(?! (?:the|this|to))"
        r"|\bconsistent with\b",
    ),
    _sign(
        "an adjective or adverb that judges",
        r"\b(?:effective|strong(?:er|ly)?|significant(?:ly)?|serious(?:ly)?|substantial(?:ly)?"
        r"|considerabl[ey]|profound(?:ly)?|severe(?:ly)?|better|worse|worst|best|robust|valuable"
        r"|useful|successful(?:ly)?|fundamental(?:ly)?|meaningful|complex|complicated|cumbersome"
        r"|vulnerable|exceptional(?:ly)?|extraordinar\w+|remarkabl\w+|brave|bravery|tireless\w*"
        r"|speedy|quickly|slow|belated(?:ly)?|comprehensive|sound|unprecedented|sufficient"
        r"|adequate|proper(?:ly)?|naive)\b",
    ),
    _sign(
        "a word of importance",
        r"\bimportan(?:t|ce)\b|\bessential\b|\bvital\b|\bcrucial|\bcritical\b|\bkey\b"
        r"|\bfundamental|\bnecess(?:ary|ity)\b",
    ),
    _sign(
        "a cause or an effect",
        r"\bbecause of\b|\bled to\b|\bresult(?:ed|ing)? in\b|\bcaused?\b"
        r"|\bas a (?:result|consequence)\b|\bmean(?:t|s) that\b|\bthis (?:led|meant)\b|\bthereby\b"
        r"|\bcontribut(?:ed|es|ing) to\b|\bexacerbat|\bperpetuat|\bundermin|\bhamper|\bhinder"
        r"|\bimpede|\bprevented\b|\bcompounds?\b|\bcompounded\b|\bentail|\bincreas(?:es|ed"
        r"|ing) the\b"
        r"|\breduc(?:es|ed|ing) the\b|\bexpos(?:ed|es)\b|\bheighten|\bnecessitat|\bdue to\b"
        r"|\bto the detriment\b|\bha(?:d|s|ve) (?:had )?an? (?:\w+ ){0,3}(?:impact|effect)\b",
    ),
    _sign(
        "something is said to show something",
        r"\b(?:show(?:s|ed)?|demonstrate[sd]|illustrate[sd]|suggests?|indicates?|reveals?|reflects?"
        r"|proves?|underlines?|highlights?|confirms)\b",
    ),
    _sign(
        "a word of concluding",
        r"\b(?:therefore|thus|hence|accordingly|it follows|in short|in summary|overall)\b|^\W*so\b",
    ),
    _sign(
        "a word of contrast",
        r"\b(?:however|nevertheless|nonetheless|despite|although|yet|while|whilst|even"
        r"|rather than|instead)\b",
    ),
    _sign(
        "a negation",
        r"\b(?:did|does|do|had|has|have|was|were|is|are) (?:not|never)\b"
        r"|\bno\b(?!\.? ?\d| (?:doubt|matter))|\b(?:none|neither|nor|never)\b",
    ),
    _sign(
        "would, might or may",
        # and not the month
        r"\b(?:would|might)\b|(?<!\bin )(?<!\bof )(?<!\bby )(?<!since )(?<!until )(?<!from )"
        r"(?<!last )(?<!early )(?<!late )(?<!\d )(?<!mrs )(?<!ms )\bmay\b(?! (?:19|20)?\d)",
    ),
    _sign("will", r"(?<!which )(?<!who )(?<!that )\bwill\b"),
    _sign(
        "a word of degree",
        r"\b(?:only|merely|few|little|hardly|scarcely|barely|almost|so many|so much|many|far|much"
        r"|very|extremely|entirely|wholly|simply|particularly|especially|increasingly|largely)\b",
    ),
    _sign(
        "a word of supposing",
        r"\bseem(?:s|ed)?\b|\bappear(?:s|ed)?\b|\bapparent(?:ly)?\b|\bprobabl[ye]\b|\blikely\b"
        r"|\bpresumably\b|\bperhaps\b",
    ),
    _sign("a question", r"\?"),
    _sign("if", r"\bif\b|\bwere to\b|\bhad (?:they|it|he|she|there|the)\b"),
    _sign(
        "what something is for",
        r"\bensur|\benabl|\bhelp(?:s|ed)?\b|\bimprov|\bstrengthen|\ballow(?:s|ed|ing)?\b|\bsupport",
    ),
    _sign("what is under way", r"\b(?:is|are) (?:\w+ly |also |currently )?\w+ing\b"),
    _sign("a day", rf"\b\d{{1,2}} {_MONTH}\b|\b\d\d:\d\d\b"),
    _sign("a number or a sum", r"(?<![.,;:’”)\d])\b\d[\d,]*(?:\.\d+)?\b(?!\.\d)|£"),
    _sign(
        "a step that was taken",
        r"\b(?:was|were|(?<!have )been|is|are) (?:\w+ly )?(?:established|published|launched"
        r"|set up|created"
        r"|appointed|issued|announced|made|sent|held|convened|commissioned|introduced|laid|signed"
        r"|given|provided|used|based|intended|designed|called|known|described|defined|divided"
        r"|listed|set out|submitted|received|paid|charged|convicted|arrested|sentenced|acquitted"
        r"|prosecuted|suspended|dismissed|interviewed|asked|told|informed|transferred|replaced"
        r"|expected|required|responsible|located|presented|recorded|attended|identified"
        r"|undertaken|conducted)\b",
    ),
    _sign(
        "a verb of telling a story",
        r"\b(?:went|came|began|started|took|received|wrote|met|attended|left|joined|became|died"
        r"|worked|moved|opened|closed|pleaded|signed|replied|asked|agreed|decided|continued|spread"
        r"|circulat\w+|arrived)\b",
    ),
    _sign(
        "a person",
        r"\b(?:mr|mrs|ms|miss|dr|sir|dame|lord|baroness|professor)\.? ",
    ),
    _sign("an item of a list", r"^\W*[•●]|^\s*\(?(?:[ivx]+|[a-z])[.)]\s"),
    _sign("a cell of a table", r"\t"),
)
_NUMBER = re.compile(r"\W*[a-z]?\d+(?:(?:\.\d+)+\.?|\.)\s+")
"""Of a paragraph."""


def signs(frame: str) -> Iterator[Borne]:
    """The signs that a sentence bears, by its frame in lower case, each with its first words."""
    number = _NUMBER.match(frame)
    start = number.end() if number else 0
    told = " " * start + frame[start:]
    for sign in SIGNS:
        if found := sign.words.search(told):
            yield sign, found
