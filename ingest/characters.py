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
ODD_SPACES = frozenset("\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))
SOFT_HYPHEN = "\u00ad"


def fold_character(character: str) -> str:
    """The character as the canonical text holds it: ligatures spelt out, odd spaces plain.

    A soft hyphen gives nothing. Zero-width and tag characters stay: they are flagged, not dropped.
    """
    if character in ODD_SPACES:
        return " "
    if character == SOFT_HYPHEN:
        return ""
    return LIGATURES.get(character, character)
