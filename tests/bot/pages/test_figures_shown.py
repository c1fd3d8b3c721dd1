"""What leaders read on the page of figures: three rates with their meaning, who did not say, lengths, and a picture with its table."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select, update

from handlers import tally
from handlers.turn import Turn
from models.score import Score
from tests.bad_inputs.place import Place

# Working minutes to the first answer: half of ten are no slower than 50 minutes, nine of ten no slower than nine hours.
MINUTES = (10, 20, 30, 40, 50, 60, 120, 300, 540, 900)


@pytest.fixture(scope="module")
def page(shared_place: Place) -> str:
    """Ten things to repair: answered after MINUTES; of seven it is known whether it helped, and six were rated."""
    place = shared_place
    for _ in MINUTES:
        place.repair_of("owner")

    def unit(session: Any) -> None:
        tally.tally(Turn(session, place.school, place.now, place.now + timedelta(hours=1)))
        ids = session.execute(select(Score.ticket_id).order_by(Score.ticket_id)).scalars().all()
        for number, (ticket_id, minutes) in enumerate(zip(ids, MINUTES, strict=True)):
            late = minutes == 900
            values = {
                "answered_in": minutes * 60, "answered_at": place.now, "answer_by": place.now + timedelta(hours=-1 if late else 1),
                "asked_help": True, "helped": None if number >= 7 else number < 5, "stars": None if number >= 6 else 5 - number % 3,
            }  # fmt: skip
            session.execute(update(Score).where(Score.ticket_id == ticket_id).values(**values))

    place.database.run(unit)
    return place.call("GET", "/console/figures", "officer").text


def said(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize(
    ("word", "shown", "meaning"),
    [
        ("响应率", "90.0% 共 10 件", "按时答复 ÷（按时答复 + 超时才答复 + 超时未答）"),
        ("解决率", "71.4% 共 7 件 · 10 件里 3 件未表态", "说解决了 ÷（说解决了 + 说没解决）；没表态的另列，不算解决"),
        ("满意率", "66.7% 共 6 件 · 10 件里 4 件未表态", "四星、五星 ÷ 评过分的；没评分的另列"),
    ],
)
def test_it_shows_each_rate_with_its_number_its_silent_share_and_its_meaning(
    page: str, word: str, shown: str, meaning: str
) -> None:
    tile = re.search(rf"<li><span>{word}</span><b>(.*?)</b></li>", page, re.DOTALL)
    assert tile
    assert said(tile[1]).strip() == shown
    found = re.search(rf"<dt>{word}</dt><dd>(.*?)</dd>", page)
    assert found
    assert meaning in found[1]
    assert "不足五件的不显示百分比" in page


def test_it_shows_median_and_nine_of_ten_as_they_are_known_to_be(page: str) -> None:
    tile = re.search(r"<li><span>首次答复中位数</span><b>(.*?)</b></li>", page, re.DOTALL)
    assert tile
    assert said(tile[1]).strip() == "50 分钟 九成在 9.0 小时内"
    assert "只数工作时间" in page


def test_it_draws_a_picture_with_the_same_numbers_in_a_table_beside_it(page: str) -> None:
    found = re.search(r'<figure class="trend">(.*?)</figure>', page, re.DOTALL)
    assert found
    picture, table = found[1].split("<details>", 1)
    svg = re.search(r'<svg viewBox="[^"]+" role="group" aria-label="([^"]+)">(.*?)</svg>', picture, re.DOTALL)
    assert svg
    assert "数字见下面的表" in svg[1]
    assert svg[2].count("<rect") >= 1
    columns = [int(count) for count in re.findall(r"<title>[^<]*: (\d+)</title>", svg[2])]
    assert sum(columns) == len(MINUTES)
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', table, re.DOTALL)
    assert len(rows) == len(columns), "a line for each column"
    assert [sum(map(int, re.findall(r'<td class="num">(\d+)</td>', row))) for row in rows] == columns
    assert not re.search(r"<script[^>]*>[^<]", page), "made on the server"
