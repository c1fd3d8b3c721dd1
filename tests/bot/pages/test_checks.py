"""A checklist on the ticket's page: ticked, unticked, a line added and taken away, and the end that waits for it."""

from __future__ import annotations

from tests.bad_inputs.place import Place


def test_it_ticks_and_adds_on_the_page(place: Place) -> None:
    ticket = place.repair_of("owner")
    base = f"/console/ticket/{ticket.number}"
    assert "加到清单" in place.call("GET", base, "officer").text
    done = place.post(f"{base}/line", "officer", rev="1", words="<b>带梯子</b>")
    assert (done.status, done.headers["location"]) == (303, f"{base}?did=line")
    page = place.call("GET", base, "officer").text
    assert "&lt;b&gt;带梯子&lt;/b&gt;" in page
    assert '<progress max="1" value="0"' in page
    assert place.post(f"{base}/tick", "officer", rev="1", words="1").status == 303
    page = place.call("GET", base, "officer").text
    assert "1/1" in page
    assert "取消勾选" in page
    again = place.post(f"{base}/tick", "officer", rev="1", words="1")
    assert again.status == 422
    assert "已经在" in again.text
    kept = place.post(f"{base}/line", "officer", rev="1", words="长" * 101)
    assert (kept.status, "长" * 100 in kept.text) == (422, True)
    assert place.post(f"{base}/untick", "officer", rev="1", words="1").status == 303
    assert place.post(f"{base}/unline", "officer", rev="1", words="1").status == 303
    assert "带梯子" not in place.call("GET", base, "officer").text.split('class="timeline"')[0]
    assert place.post(f"{base}/tick", "counselor", rev="1", words="1").status == 404
    assert "梯子" not in place.call("GET", f"/me/{ticket.number}", "owner").text
