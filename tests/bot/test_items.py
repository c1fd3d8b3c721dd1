"""Mistakes in service items: each with its line, in one go, and in the operator's language."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from bot import doctor, items
from bot.check import check
from bot.settings import Settings, demo_settings
from handlers import catalogue
from tests.bot.test_settings import KEYS_IN_ENVIRONMENT, write

GOOD = """title = { zh = "礼堂", en = "Hall" }
prefix = "LT"
limits = { respond = "1d" }
[[fields]]
key = "what"
type = "text"
ask = { zh = "什么事？", en = "What?" }
"""
BROKEN = """title = "礼堂"
prefix = "QJ"
prefix = "QX"
answers_by = "counsellor"
colour = 1
rank = "x"
[limits]
respond = "soon"
[[fields]]
key = "What"
type = "txt"
ask = 3
"""


def school(tmp_path: Path, name: str, words: str) -> Settings:
    folder = tmp_path / "items"
    folder.mkdir()
    (folder / name).write_text(words, "utf-8")
    found = demo_settings(tmp_path / "var")
    return found.model_copy(update={"services": found.services.model_copy(update={"folders": (folder,)})})


def test_it_is_content_with_our_own(tmp_path: Path) -> None:
    assert list(items.mistakes(school(tmp_path, "hall.toml", GOOD), "zh", rostered=False)) == []


def test_it_names_everything_of_a_file_with_its_line(tmp_path: Path) -> None:
    found = list(doctor.items(school(tmp_path, "hall.toml", BROKEN), "zh"))
    assert [(each.line, each.where, each.fatal) for each in found] == [
        (2, "prefix", True), (3, "prefix", True), (4, "answers_by", False), (5, "colour", True), (6, "rank", True),
        (7, "limits", True), (10, "fields#1.key", True), (11, "fields#1.type", True), (12, "fields#1.ask", True),
    ]  # fmt: skip
    assert "leave" in found[0].what
    assert "counselor" in found[2].remedy


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (('type = "text"', 'type = "choice"'), "fields#1", "只有 choice 才有选项"),
        (('type = "text"', ""), "fields#1.type", "缺少这一项"),
        (('prefix = "LT"', 'prefix = "lt"'), "prefix", "编号前缀的写法不对"),
        (('prefix = "LT"', 'prefix = "LT"\ncode = "nowhere"'), "code", "没有叫 nowhere 的事项代码"),
        (('prefix = "LT"', 'prefix = "LT"\ntree = "office"'), "", "要写明是哪个部门"),
        (("[[fields]]", '[[approval]]\nrole = "counselor"\n[[fields]]'), "", "多久办结"),
        (('title = { zh = "礼堂", en = "Hall" }', "title = 3"), "title", "这里要的是文字，写的却是整数"),
        (('"text"', '"text"\nleast = 9\nmost = 5'), "fields#1", "least（9）比 most（5）还大"),
        (('"text"', '"text"\nrequired = "maybe"'), "fields#1.required", "这里要的是开关值"),
        (('{ zh = "什么事？", en = "What?" }', '"什么事？"'), "fields.what.ask", "缺英文"),
    ],
)
def test_it_speaks_plain_chinese(tmp_path: Path, change: tuple[str, str], where: str, what: str) -> None:
    assert change[0] in GOOD
    (found,) = items.mistakes(school(tmp_path, "hall.toml", GOOD.replace(*change)), "zh", rostered=True)
    assert (found.where, what in found.what) == (where or "hall.toml", True), found
    assert not re.search(r"[A-Za-z]+ [a-z]+ [a-z]+|\{\{|\}\}|\^", found.what + found.remedy)


def test_it_refuses_a_file_name_and_reads_on(tmp_path: Path) -> None:
    found = list(items.mistakes(school(tmp_path, "My Hall.toml", GOOD + "colour = 1\n"), "zh", rostered=True))
    assert [each.where for each in found] == ["My Hall.toml", "fields#1.colour"]


def test_it_tells_settings_and_items_in_one_go(tmp_path: Path) -> None:
    school(tmp_path, "hall.toml", BROKEN)
    path = write(
        tmp_path,
        f"""
[services]
folders = ["{tmp_path}/items", "{tmp_path}/none"]
off = ["leev"]
colour = 3
[[crisis.numbers]]
name = "中心"
name_en = "Centre"
phone = "abc"
hours = "24"
hours_en = "24"
source = "我们"
[database]
url = 1
""",
    )
    out = io.StringIO()
    assert check(path, KEYS_IN_ENVIRONMENT, "zh", out, [lambda seen: doctor.items(seen, "zh")]) == 1
    said = out.getvalue()
    for what in ("services.folders#2", "services.off#1: 没有叫 leev", "是不是想写 leave", "services.colour", "不像一个电话号码",
                 "database.url", "hall.toml:10: fields#1.key", "hall.toml:3: prefix"):  # fmt: skip
        assert what in said
    assert "^" not in said


def test_it_says_that_a_day_is_none(tmp_path: Path) -> None:
    out = io.StringIO()
    path = write(tmp_path, "[calendar]\nholidays = [2026-10-01,\n 2026-13-40]\n")
    assert check(path, {}, "zh", out) == 1
    assert f"{path}:3: 没有 2026-13-40 这一天。" in out.getvalue()
    assert check(tmp_path / "none.toml", {}, "zh", out) == 1
    assert f"{tmp_path}/none.toml: 找不到设置文件。" in out.getvalue()


LEAVE = (Path(__file__).parents[2] / "docs" / "examples" / "leave-joint" / "leave.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ('season = "exam"', 'season = "exams"', "leave", "没有叫 exams 的时段"),
        ("[leave.kinds.sick]", "[leave.kinds.ill]", "leave.toml", "[leave.kinds] 里的 ill 不是可以选的假别"),
        ('{ field = "days", over = 7 }', '{ field = "dayz", over = 7 }', "approval#4.when", "条件里的 dayz 不是这张表单的字段"),
        ('{ field = "days", over = 7 }', '{ field = "days" }', "approval#4.when", "这个条件没有说要比什么"),
        ('{ field = "days", over = 7 }', '{ field = "span", since = "12-20" }', "approval#4.when", "条件里的日期写得不对"),
        ("{ over = 28 }", '{ per = "month" }', "leave.kinds.personal.total#1", "合计的规则没有说上限"),
        ('role = "teaching-dean"\norder = 2', 'role = "teaching-dean"\norder = 2\nmode = "any"', "leave.toml", "同一步的审批"),
    ],
)  # fmt: skip
def test_it_reads_chains_and_rules_of_leave_to_the_end(
    tmp_path: Path, old: str, new: str, where: str, what: str
) -> None:
    assert old in LEAVE
    found = list(items.mistakes(school(tmp_path, "leave.toml", LEAVE.replace(old, new)), "zh", rostered=True))
    fatal = [each for each in found if each.fatal]
    assert len(fatal) == 1, found
    assert fatal[0].where == where
    assert what in fatal[0].what
    assert fatal[0].remedy


OURS = (catalogue.OWN / "leave.toml").read_text("utf-8")
GENERAL = 'count = "half-days"\nlate = "3d"'


def told(tmp_path: Path, *changes: tuple[str, str]) -> dict[str, str]:
    words = OURS
    for old, new in changes:
        assert old in words
        words = words.replace(old, new)
    found = list(items.mistakes(school(tmp_path, "leave.toml", words), "zh", rostered=True))
    assert all(each.line for each in found), "each with its line"
    return {each.where: each.what for each in found}


def test_it_tells_all_that_does_not_fit_together_at_once(tmp_path: Path) -> None:
    found = told(
        tmp_path, (GENERAL, 'least = 5\nmost = 2\nbooks_return = ["keper"]'),
        ('answers_by = "counselor"', 'answers_by = "counsellor"'), ('["+2h", "monitor"]', '["+2h", "monitr"]'),
        ('over = 14, do = "warn"', 'over = 14, do = "warn", kinds = ["sik"]'), ('type = "file"', 'type = "text"'),
    )  # fmt: skip
    assert {"answers_by", "limits.back_watch", "leave.least", "leave.books_return", "leave.kinds.personal.total",
            "leave.kinds.abroad.evidence"} <= found.keys()  # fmt: skip
    assert "5" in found["leave.least"]


@pytest.mark.parametrize(
    ("watch", "where"),
    [('watch = [["+2h", "counselr"]]', "leave.short.watch"), ('watch = [["soon", "counselor"]]', "leave.short"), ('watch = [["-2h", "counselor"]]', "leave.short"),
     ('remind = ["?"]', "leave.short"), ("watches = []", "leave.short")],
)  # fmt: skip
def test_it_names_what_is_wrong_with_the_rule_of_short_leaves(tmp_path: Path, watch: str, where: str) -> None:
    found = told(tmp_path, ('watch = [["+2h", "counselor"]]', watch))
    assert list(found) == [where] or (watch.startswith("watches") and list(found) == ["leave.short.watches"])
    assert all(found.values())


def test_it_takes_no_word_for_a_number_or_a_switch(tmp_path: Path) -> None:
    rules = 'late = "3x"\nteachers = "no"\nreturn_first = "yes"\noff_campus = "yes"\nnoon = "25:00"\nlead = "-3d"\ntotal = { over = "3" }'
    found = told(tmp_path, (GENERAL, rules))
    assert {f"leave.{key}" for key in ("late", "teachers", "return_first", "off_campus", "noon")} <= found.keys()
    assert len(found) == 7
    assert "limits" not in "".join(found.values())


@pytest.mark.parametrize("rostered", [True, False])
@pytest.mark.parametrize("rules", ["leave-by-days", "leave-joint", "leave-by-destination"])
def test_it_is_content_with_the_examples(tmp_path: Path, rules: str, *, rostered: bool) -> None:
    words = (Path(__file__).parents[2] / "docs" / "examples" / rules / "leave.toml").read_text("utf-8")
    assert list(items.mistakes(school(tmp_path, "leave.toml", words), "zh", rostered=rostered)) == []


@pytest.mark.parametrize(("role", "near"), [("deputy-deen", True), ("lab-head", False), ("vice-dean", False)])
def test_it_takes_a_schools_own_role_for_no_slip(tmp_path: Path, role: str, near: bool) -> None:
    words = GOOD.replace('prefix = "LT"', f'prefix = "LT"\nanswers_by = "{role}"')
    (found,) = items.mistakes(school(tmp_path, "hall.toml", words), "zh", rostered=False)
    assert ("是不是想写" in found.remedy) is near
    assert "duties.csv" in found.remedy


def test_it_tells_mistakes_and_contradictions_in_one_run(tmp_path: Path) -> None:
    """A value that cannot be read hides none of what does not fit together, and makes up nothing."""
    found = told(
        tmp_path, (GENERAL, 'late = "3x"\nteachers = "no"\nleast = 5\nmost = 2'), ("rank = ", 'rank = "x"  # '),
        ('over = 14, do = "warn"', 'over = 14, do = "warn", kinds = ["sik"]'), ('type = "file"', 'type = "text"'),
    )  # fmt: skip
    assert found.keys() >= {
        "rank", "leave.late", "leave.teachers", "leave.least", "leave.kinds.personal.total", "leave.kinds.abroad.evidence"
    }  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [
        ('key = "kind"', "key = 3"), ('key = "span"', 'key = ""'), ('type = "file"', "type = 5"), ("title = {", "titel = {"),
        ('prefix = "QJ"', 'prefix = "qj"'), ('code = "leave"', 'code = "leaf"'), ('resolve = "1d"', "resolve = 1"),
        ('answers_by = "counselor"', "answers_by = 1"), ("[[approval]]", "[[approvals]]"), ("[limits]", "[limit]"),
    ],
)  # fmt: skip
def test_it_makes_up_no_mistake_beside_one(tmp_path: Path, broken: tuple[str, str]) -> None:
    assert broken[0] in OURS
    once = OURS.replace(broken[0], broken[1], 1)
    found = [
        each
        for each in items.mistakes(school(tmp_path, "leave.toml", once), "zh", rostered=True)
        if each.fatal and each.file and each.file.parent.name == "items"
    ]
    assert found
    assert len(found) <= 2, [(each.where, each.what) for each in found]
