"""A second thread, for whoever is alone."""

from threading import Thread, current_thread

import pytest

from index.beside import Beside


def _where() -> Thread:
    return current_thread()


def test_whoever_is_alone_has_it_done_in_another_thread() -> None:
    with Beside().doing(_where) as done:
        assert done() is not current_thread()


def test_where_two_are_at_work_the_second_does_it_itself() -> None:
    beside = Beside()
    with beside.doing(_where), beside.doing(_where) as done:
        assert done() is current_thread()


def test_whoever_comes_after_a_failure_is_alone_again() -> None:
    beside = Beside()
    with pytest.raises(ZeroDivisionError), beside.doing(_where):
        raise ZeroDivisionError
    with beside.doing(_where) as done:
        assert done() is not current_thread()


def test_what_fails_in_the_other_thread_fails_where_it_is_asked_for() -> None:
    with Beside().doing(int, "none") as done, pytest.raises(ValueError, match="none"):
        done()
