"""Searches take turns: no more at a time than there are threads for, in the order they came."""

import asyncio
from threading import Barrier, Lock

import pytest

from api.turns import Turns


def test_no_more_are_at_work_than_may_be() -> None:
    lock, at_work, most = Lock(), 0, 0
    both = Barrier(2)

    def work() -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        both.wait(timeout=10)
        with lock:
            at_work -= 1

    async def many() -> None:
        turns = Turns(at_once=2)
        await asyncio.gather(*(turns.take(work) for _ in range(8)))

    asyncio.run(many())
    assert most == 2


def test_whoever_came_first_is_answered_first() -> None:
    answered: list[int] = []

    async def many() -> None:
        turns = Turns(at_once=1)
        await asyncio.gather(*(turns.take(answered.append, number) for number in range(20)))

    asyncio.run(many())
    assert answered == list(range(20))


def test_an_error_is_the_askers() -> None:
    async def fails() -> None:
        await Turns().take(int, "no number")

    with pytest.raises(ValueError, match="no number"):
        asyncio.run(fails())


def test_what_nobody_waits_for_any_more_is_not_begun() -> None:
    begun: list[str] = []
    first = Barrier(2)

    async def given_up() -> None:
        turns = Turns(at_once=1)
        slow = asyncio.ensure_future(turns.take(first.wait, 10))
        waiting = asyncio.ensure_future(turns.take(begun.append, "in vain"))
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.wait({waiting})
        await asyncio.to_thread(first.wait, 10)
        await slow

    asyncio.run(given_up())
    assert begun == []
