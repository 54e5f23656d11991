"""Properties and answers that are worked out once, whether what they stand on is recorded or not."""

from __future__ import annotations

import pytest

from djlint_spec.project.tracking import Kept, Tracking, cached_property, circular


class Chain:
    """A link of a chain that may lead back to itself."""

    def __init__(self, tracking: Tracking, name: str) -> None:
        self.tracking = tracking
        self.name = name
        self.next: Chain | None = None
        self.asked = 0

    @circular(lambda link: (f"{link.name} again",))
    def names(self) -> tuple[str, ...]:
        """The names from here on."""
        self.asked += 1
        self.tracking.touch(self.name)
        return (self.name, *(self.next.names if self.next is not None else ()))

    @cached_property
    def first_letter(self) -> str:
        """The first letter of the name, of which there may be none."""
        self.asked += 1
        return self.name[0]


@pytest.fixture(params=[False, True], ids=["alone", "tracked"])
def tracking(request: pytest.FixtureRequest) -> Tracking:
    return Tracking(active=request.param)


def test_a_property_that_comes_to_ask_for_itself_is_told_what_stands_for_it(tracking: Tracking) -> None:
    one, other = Chain(tracking, "one"), Chain(tracking, "other")
    one.next, other.next = other, one
    assert one.names == one.names == ("one", "other", "one again")
    assert one.asked == other.asked == 1


def test_a_property_that_fails_is_asked_again(tracking: Tracking) -> None:
    link = Chain(tracking, "")
    for _ in range(2):
        with pytest.raises(IndexError):
            _ = link.first_letter
    link.name = "x"
    assert link.first_letter == link.first_letter == "x"
    assert link.asked == 3


def test_who_asks_for_a_property_stands_on_what_it_stood_on() -> None:
    tracking = Tracking(active=True)
    one, other = Chain(tracking, "one"), Chain(tracking, "other")
    one.next = other
    assert other.names == ("other",)
    with tracking.record() as grounds:
        assert one.names == ("one", "other")
    with tracking.record() as again:
        assert one.names == ("one", "other")
    assert tracking.keys_of(grounds) == tracking.keys_of(again) == {"one", "other"}


def test_an_answer_that_could_not_be_made_is_not_kept(tracking: Tracking) -> None:
    kept: Kept[str, int] = Kept(tracking)
    with pytest.raises(ZeroDivisionError):
        kept.made("one", lambda: 1 // 0, lambda: 7)
    assert kept.get("one") is None and "one" not in kept
    assert kept.made("one", lambda: 1) == kept.made("one", lambda: 2) == kept.get("one") == 1


def test_an_answer_that_leads_to_itself_is_told_what_stands_for_it(tracking: Tracking) -> None:
    kept: Kept[str, int] = Kept(tracking)

    def more() -> int:
        return kept.made("one", more, lambda: 10) + 1

    assert kept.made("one", more, lambda: 10) == 11
