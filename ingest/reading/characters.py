"""The few characters that are changed on the way to the canonical text, for every format alike."""

LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
ODD_SPACES = frozenset(
    "\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
)
SOFT_HYPHEN = "\u00ad"


FOLDED = str.maketrans({**LIGATURES, **dict.fromkeys(ODD_SPACES, " "), SOFT_HYPHEN: ""})


def folded(text: str) -> str:
    """The text as the canonical text holds it: ligatures spelt out, odd spaces plain.

    A soft hyphen gives nothing. Zero-width and tag characters stay: they are flagged, not dropped.
    """
    return text.translate(FOLDED)
