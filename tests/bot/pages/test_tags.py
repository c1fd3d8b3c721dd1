"""Tags on the console: on a ticket's page, for several at once, in the inbox, its file and the figures, and all of them."""

from __future__ import annotations

from tests.bad_inputs.place import Place


def test_it_tags_on_the_page_filters_and_exports(place: Place) -> None:
    ticket, other = place.repair_of("owner"), place.repair_of("owner")
    base = f"/console/ticket/{ticket.number}"
    done = place.post(f"{base}/tag", "officer", rev="1", words="漏水 三号楼")
    assert (done.status, done.headers["location"]) == (303, f"{base}?did=tag")
    page = place.call("GET", base, "officer").text
    assert "#漏水" in page
    assert 'list="tags-in-use"' in page
    wrong = place.post(f"{base}/tag", "officer", rev="1", words="长" * 21)
    assert wrong.status == 422
    assert "太长了" in wrong.text
    assert place.post(f"{base}/untag", "officer", rev="1", words="三号楼").status == 303
    listed = place.call("GET", "/console?view=all&tag=%E6%BC%8F%E6%B0%B4", "officer").text
    assert ticket.number in listed
    assert other.number not in listed
    exported = place.post(
        "/console/bulk", "officer", do="export", picks=f"{ticket.id}.1", back="/console", sure="1"
    )  # fmt: skip
    assert "漏水" in exported.body.decode("utf-8-sig")
    assert "漏水" not in place.call("GET", f"/me/{ticket.number}", "owner").text


def test_it_tags_several_at_once_and_keeps_what_was_written(place: Place) -> None:
    first, second = place.repair_of("owner"), place.repair_of("owner")
    picks = f"{first.id}.{first.rev} {second.id}.{second.rev}"
    asked = place.post("/console/bulk/tag", "officer", do="which", picks=picks, back="/console")
    assert "给这 2 件打标签" in asked.text
    wrong = place.post("/console/bulk/tag", "officer", do="tag", picks=picks, back="/console", words="长" * 21)
    assert wrong.status == 422
    assert "长" * 21 in wrong.text
    done = place.post("/console/bulk/tag", "officer", do="tag", picks=picks, back="/console", words="空调")
    assert (done.status, done.headers["location"]) == (303, "/console?tagged=2")
    assert "已改 2 件的标签" in place.call("GET", done.headers["location"], "officer").text
    assert (
        place.post("/console/bulk/tag", "counselor", do="tag", picks=picks, back="/console", words="空调").status == 422
    )


def test_it_lists_all_tags_and_lets_who_leads_rename_them(place: Place) -> None:
    ticket = place.repair_of("owner")
    place.post(f"/console/ticket/{ticket.number}/tag", "officer", rev="1", words="断网")
    assert "改名、合并或去掉" not in place.call("GET", "/console/tags", "officer").text
    refused = place.post("/console/tags/change", "officer", tag="断网", name="网络", do="rename")
    assert (refused.status, "网络" in refused.text) == (422, False)  # No form there, so nothing to keep.
    assert "断网" in place.call("GET", "/console/tags", "head").text
    assert place.post("/console/tags/change", "head", tag="断网", name=" ", do="rename").status == 422
    kept = place.post("/console/tags/change", "head", tag="断网", name="长" * 21, do="rename")
    assert (kept.status, "长" * 21 in kept.text) == (422, True)
    done = place.post("/console/tags/change", "head", tag="断网", name="网络", do="rename")
    assert (done.status, done.headers["location"]) == (303, "/console/tags?done=tags_renamed")
    assert "#网络" in place.call("GET", f"/console/ticket/{ticket.number}", "officer").text
    assert place.post("/console/tags/change", "head", tag="网络", name="", do="remove").status == 303
    assert "网络" not in place.call("GET", "/console/tags", "counselor").text


def test_it_splits_relates_and_reminds_on_the_page(place: Place) -> None:
    ticket, other = place.repair_of("owner"), place.repair_of("owner")
    base = f"/console/ticket/{ticket.number}"
    form = place.call("GET", f"{base}?do=split", "officer").text
    assert "拆到哪个事项" in form
    assert place.post(f"{base}/split", "officer", rev="1", words="断网了", to="").status == 422
    done = place.post(f"{base}/split", "officer", rev="1", words="断网了", to="dorm-repair")
    made = done.headers["location"].removeprefix(f"{base}?did=split&was=")
    again = place.post(f"{base}/split", "officer", rev="1", words="断网了", to="dorm-repair")
    assert again.headers["location"] == f"{done.headers['location']}&again=1"
    assert "只做了一次" in place.call("GET", again.headers["location"], "officer").text
    assert made not in (ticket.number, other.number)
    page = place.call("GET", f"{base}?did=split&was={made}", "officer").text
    assert f'<a href="/console/ticket/{made}">新的一件：{made}</a>' in page
    assert "已拆出一件" in page
    assert "拆出" in page
    assert place.post(f"{base}/undo", "officer", rev="2").status == 303
    assert place.post(f"{base}/relate", "officer", rev="1", words=other.number).status == 303
    assert other.number in place.call("GET", base, "officer").text
    assert place.post(f"{base}/snooze", "officer", rev="1", words="tomorrow").status == 303
    assert "9:00 提醒您" in place.call("GET", base, "officer").text
    assert "我的提醒" in place.call("GET", "/console", "officer").text
    assert place.post(f"{base}/snooze", "officer", rev="1", words="2001-01-01T09:00").status == 422
    assert place.post(f"{base}/unsnooze", "officer", rev="1").status == 303
    assert "我的提醒" not in place.call("GET", "/console", "officer").text


def test_it_keeps_a_filter_by_tag_under_a_name_and_lets_it_go(place: Place) -> None:
    ticket = place.repair_of("owner")
    place.post(f"/console/ticket/{ticket.number}/tag", "officer", rev="1", words="漏水")
    there = "/console?view=all&tag=%E6%BC%8F%E6%B0%B4"
    assert place.post("/console/filters", "officer", name="漏水的", back=there).status == 303
    page = place.call("GET", "/console", "officer").text
    assert 'href="/console?view=all&amp;tag=%E6%BC%8F%E6%B0%B4"' in page
    assert "漏水的" not in place.call("GET", "/console", "head").text
    kept = page.partition('name="filter" value="')[2][:22]
    assert place.post("/console/filters/drop", "head", filter=kept, back="/console").status == 422
    assert place.post("/console/filters/drop", "officer", filter=kept, back="/console").status == 303
    assert "漏水的" not in place.call("GET", "/console", "officer").text


def test_it_answers_in_place_and_keeps_what_was_typed(place: Place) -> None:
    ticket, letter = place.repair_of("owner"), place.leave_of("owner")
    base = f"/console/ticket/{ticket.number}"
    long = "长" * 21
    wrong = place.post(f"{base}/tag", "officer", rev="1", words=long)
    assert f'value="{long}"' in wrong.text
    for number in ("BX-2606-9999", letter.number):  # One that is not there reads like one that is out of reach.
        refused = place.post(f"{base}/relate", "officer", rev="1", words=number)
        assert refused.status == 422
        assert f"{number} 没有找到，或不在您的范围" in refused.text
        assert f'value="{number}"' in refused.text
        merged = place.post(f"{base}/merge", "officer", rev="1", words="同一件", to=number)
        assert merged.status == 422
        assert f"{number} 没有找到，或不在您的范围" in merged.text
        assert "同一件" in merged.text
    late = place.post(f"{base}/snooze", "officer", rev="1", words="2001-01-01T09:00")
    assert 'value="2001-01-01T09:00"' in late.text
