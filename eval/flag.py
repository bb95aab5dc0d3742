"""The one flag that most commands of this folder have."""

from argparse import ArgumentParser


def flagged(flag: str, *, means: str, does: str | None) -> bool:
    """Whether it was given.

    Exits with what the command does for `--help`, and with an error for anything unknown.
    """
    parser = ArgumentParser(description=does)
    parser.add_argument(flag, action="store_true", help=means, dest="flag")
    given: bool = parser.parse_args().flag
    return given
