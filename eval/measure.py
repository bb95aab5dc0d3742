"""Every measurement of quality, one after the other: `make measure`."""

from eval import structure


def main() -> None:
    """Measures, records and prints."""
    structure.main()


if __name__ == "__main__":
    main()
