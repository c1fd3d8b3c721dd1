"""Recusals on the console: whoever leads lifts one where it was made, and nobody for themselves."""

from __future__ import annotations

from tests.bad_inputs.place import Place


def test_it_lifts_a_recusal_on_the_page_of_the_ticket(place: Place) -> None:
    number = place.leave_of("owner").number
    base = f"/console/ticket/{number}"
    assert "取消回避" not in place.call("GET", base, "deputy").text

    def press(who: str, verb: str, to: str) -> int:
        rev = str(place.ticket(number).rev)
        return place.post(f"{base}/{verb}", who, rev=rev, to=f"p.{to}", words="查清楚了").status

    assert press("deputy", "recuse", "counselor") == 303
    assert place.call("GET", base, "counselor").status == 404
    assert press("counselor", "readmit", "counselor") == 404
    asked = place.call("GET", f"{base}?do=readmit", "deputy").text
    for part in ("取消谁的回避", 'value="p.counselor"', "取消这位老师的回避"):
        assert part in asked
    assert press("deputy", "readmit", "deputy") == 422
    assert press("deputy", "readmit", "counselor") == 303
    shown = place.call("GET", f"{base}?did=readmit", "deputy").text
    assert "已取消回避，承办人不变。" in shown
    assert "取消谁的回避" not in shown
    assert place.call("GET", base, "counselor").status == 200


def test_it_takes_two_presses_of_whoever_keeps_themselves_out_for_one(place: Place) -> None:
    number = place.leave_of("owner").number
    rev = str(place.ticket(number).rev)
    sent = [
        place.post(f"/console/ticket/{number}/recuse", "counselor", rev=rev, to="p.counselor", words="亲属")
        for _ in range(2)
    ]
    assert [(each.status, each.headers["location"]) for each in sent] == [(303, "/console?done=recused")] * 2
    assert "已回避：这一件不再由您经手" in place.call("GET", "/console?done=recused", "counselor").text
