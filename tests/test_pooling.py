"""What is said of a part of a text is what its tokens say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedder import pooled
from ingest.model import Span


def _span(start: int, long: int) -> Span:
    return Span(start, start + long)


SPANS = st.builds(_span, st.integers(0, 60), st.integers(1, 30))


@given(
    lengths=st.lists(st.integers(0, 4), min_size=1, max_size=12),
    parts=st.lists(SPANS, max_size=8),
)
def test_a_part_says_what_the_tokens_that_lie_in_it_say(
    lengths: list[int], parts: list[Span]
) -> None:
    begins = [5 * at for at in range(len(lengths))]
    # What begins and ends a text stands nowhere in it.
    places = [(0, 0), *((at, at + long) for at, long in zip(begins, lengths, strict=True)), (0, 0)]
    tokens = np.random.default_rng(1).standard_normal((len(places), 8)).astype(np.float32)
    found = pooled(tokens, places, parts)
    assert found.shape == (len(parts), 8)
    for span, row in zip(parts, found, strict=True):
        inside = [
            token
            for token, (start, end) in zip(tokens, places, strict=True)
            if end > start and span.start <= start and end <= span.end
        ]
        said = np.sum(inside, axis=0) if inside else np.zeros(8)
        assert row == pytest.approx(said / (np.linalg.norm(said) or 1), abs=1e-5)
