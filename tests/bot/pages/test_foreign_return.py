"""A return that is posted for somebody else's leave, before it begins or a second time, over HTTP."""

from __future__ import annotations

from sqlalchemy import func, select

from models.ticket import Event
from tests.bad_inputs.place import Place, Said
from tests.bot.pages.test_on_leave import begin


def returns(place: Place) -> int:
    count = select(func.count(Event.id)).where(Event.kind == "returned")
    found: int = place.database.read(lambda session: session.execute(count).scalar_one())
    return found


def test_it_books_one_return_of_the_own_leave_once_it_has_begun_lv_14(shared_place: Place) -> None:
    place = shared_place
    number = place.leave_of("owner", 2).number
    place.hear("counselor", f"同意 {number}")
    path = f"/me/{number}/back"

    def post(who: str) -> Said:
        return place.post(path, who, rev=str(place.ticket(number).rev), sure="yes")

    early = post("owner")
    assert early.headers["location"].endswith("did=stale"), "before it begins there is no such button"
    assert (returns(place), place.ticket(number).status) == (0, "waiting")
    begin(place, number)
    for who in ("classmate", "stranger", "visitor"):
        assert post(who).status == 404, who
    for who in ("other_counselor", "officer"):
        assert place.post(f"/console/on-leave/back/{number}", who).status == 404, who
    assert (returns(place), place.ticket(number).status) == (0, "waiting")
    assert post("owner").headers["location"].endswith("did=back")
    assert not place.ticket(number).is_open
    again = post("owner")
    assert again.status in (303, 409, 422)
    assert place.post(f"/console/on-leave/back/{number}", "counselor").status in (303, 422)
    assert returns(place) == 1, "however often it is posted"
