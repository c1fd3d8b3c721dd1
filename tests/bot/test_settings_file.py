"""The settings file itself and the environment over it: broken TOML, YAML, huge files, variables, secret files."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Mistakes, load, new_key
from bot.settings.lines import scan
from bot.settings.surroundings import filesystem
from tests.bot.test_settings import KEYS, KEYS_IN_ENVIRONMENT, SECTION, fatal, the_one, write


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ("[server]\nport = = 1", 2, "This is not valid TOML"),
        ("[server]\n\nport", 3, "This is not valid TOML"),
        ("[school]\nname = 'x", 2, "This is not valid TOML"),
        ("[school]\nname = “x”", 2, "full-width punctuation"),
        ("[server]\nport ＝ 1", 2, "full-width punctuation"),
        ("# settings\nserver:\n  port: 8000", 2, "This looks like YAML"),
        ("---\n- !!python/object/apply:os.system ['true']", 1, "This looks like YAML"),
        ("a: &a ['x','x']\nb: &b [*a,*a]\nc: [*b,*b]", 1, "This looks like YAML"),
        ("x = " + "[" * 100_000, 1, "This nests too deep."),
        ("\n[" + "a." * 100_000 + "a]", 2, "This nests too deep."),
        ("server.port = " + "9" * 5_000, None, "far too many digits"),
        ("[school]\nname = '示例大学'".encode("gbk"), 2, "This line is not UTF-8."),
        ("[school]".encode("utf-16"), 1, "This line is not UTF-8."),
        (b"#" * 1_048_577, None, "larger than 1048576 bytes"),
    ],
)
def test_it_refuses_a_file_that_is_no_toml(tmp_path: Path, content: str | bytes, line: int | None, what: str) -> None:
    mistake = the_one(tmp_path, content)
    assert mistake.line == line
    assert mistake.where == "config.toml"
    assert what in mistake.what


def test_it_takes_a_file_of_exactly_one_mebibyte(tmp_path: Path) -> None:
    content = b"#" * 1_048_576
    assert load(write(tmp_path, content), KEYS_IN_ENVIRONMENT).server.port == 8000


def test_it_takes_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    content = "\ufeff[server]\r\nport = 9\r\nprot = 1\r\n".encode()
    assert the_one(tmp_path, content).line == 3
    assert load(write(tmp_path, content.replace(b"prot = 1", b"")), KEYS_IN_ENVIRONMENT).server.port == 9


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[server]\nport = 1\nport = 2", [(3, "server.port", 2)]),
        ("[server]\nport = 1\nhosts = ['''\n''']\n'port' = [\n2\n]\n", [(5, "server.port", 2)]),
        ("[server]\n[log]\n[server]\n[log]", [(3, "server", 1), (4, "log", 2)]),
        ("server.port = 1\nserver.port = 2\nserver.port = 3", [(2, "server.port", 1), (3, "server.port", 1)]),
    ],
)
def test_it_refuses_a_key_written_twice(tmp_path: Path, content: str, told: list[tuple[int, str, int]]) -> None:
    found = [at for at in fatal(tmp_path, content) if "already written" in at.what]
    assert [(at.line, at.where, at.what) for at in found] == [
        (line, where, f"This was already written in line {first}.") for line, where, first in told
    ]


def test_it_refuses_what_is_no_file(tmp_path: Path) -> None:
    for path, what in ((tmp_path / "none.toml", "There is no such settings file."), (tmp_path, "not an ordinary file")):
        with pytest.raises(Mistakes, match=what):
            load(path, KEYS_IN_ENVIRONMENT, "en")
    assert the_one(tmp_path, "[").file is None


def test_it_lets_the_environment_override_every_kind_of_setting(tmp_path: Path) -> None:
    environ = KEYS_IN_ENVIRONMENT | {
        "YIZHAN_SERVER__PORT": "8001",
        "YIZHAN_SERVER__SECURE_COOKIES": "false",
        "YIZHAN_SERVER__HOSTS": "a.example, b.example",
        "YIZHAN_SERVER__TRUSTED_PROXIES": '["10.0.0.0/8", "::1"]',
        "YIZHAN_SCHOOL__NAME": "8000",
        "YIZHAN_CHANNELS__TERMINAL__ENABLED": "true",
        "YIZHAN_CALENDAR__HOLIDAYS": "2026-10-09,2026-10-10",
        "YIZHAN_CALENDAR__HOURS__FRI": "08:00-12:00",
        "YIZHAN_DEMO__LIMIT_SCALE": "0.5",
        "YIZHAN_LOG__LEVEL": "",
        "PATH": "/bin",
    }
    settings = load(write(tmp_path, "[server]\nport = 'nonsense'\n[school]\nname = 'x'"), environ)
    assert (settings.server.port, settings.server.secure_cookies, settings.school.name) == (8001, False, "8000")
    assert settings.hosts == ("127.0.0.1", "a.example", "b.example")
    assert [str(network) for network in settings.server.trusted_proxies] == ["10.0.0.0/8", "::1/128"]
    assert len(settings.calendar.holidays) == 2
    assert len(settings.calendar.windows(4)) == 1
    assert (settings.demo.limit_scale, settings.log.level) == (0.5, "info")


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("YIZHAN_SERVER__PORTT", "1", "Did you mean YIZHAN_SERVER__PORT?"),
        ("YIZHAN_NOBODY__AT_ALL_HERE", "1", "two underscores"),
        ("YIZHAN_SERVER__PORT_FILE", "/x", "Did you mean YIZHAN_SERVER__PORT?"),
        ("YIZHAN_SERVER__PORT", "many", "This should be a whole number, but is text."),
        ("YIZHAN_SERVER__PORT", "1\nhost = 2", "This should be a whole number, but is text."),
        ("YIZHAN_KEYS__CURRENT_FILE", "/nowhere", "The same secret is given both"),
        ("YIZHAN_DATABASE__URL_FILE", "/nowhere", "cannot be read (No such file or directory)"),
    ],
)
def test_it_names_the_variable_that_is_wrong(tmp_path: Path, name: str, value: str, what: str) -> None:
    mistake = the_one(tmp_path, "[server]\nport = 1", {name: value})
    assert (mistake.line, mistake.where) == (None, name)
    assert what in f"{mistake.what} {mistake.remedy}"


def test_it_only_warns_of_variables_that_other_programs_make(tmp_path: Path) -> None:
    environ = KEYS_IN_ENVIRONMENT | {"YIZHAN_PORT_8000_TCP_ADDR": "10.0.0.1", "YIZHAN_SERVER_PORT": "1"}
    assert load(write(tmp_path, ""), environ).server.port == 8000


def test_it_reads_every_secret_from_a_file(tmp_path: Path) -> None:
    old = [new_key(), new_key()]
    secrets = {f"KEYS__{name.upper()}": f"{key}\n" for name, key in KEYS.items()}
    secrets |= {"KEYS__PREVIOUS": "\n".join(old), "DATABASE__URL": "postgresql://u:p@h/x\n"}
    environ = {}
    for name, secret in secrets.items():
        (tmp_path / name).write_text(secret, "utf-8")
        environ[f"YIZHAN_{name}_FILE"] = str(tmp_path / name)
    settings = load(write(tmp_path, ""), environ)
    assert settings == load(
        write(tmp_path, SECTION + f"previous = {old}\n[database]\nurl = 'postgresql://u:p@h/x'"), {}
    )
    assert settings.database.sqlite_file is None


def test_it_does_not_show_a_secret_given_as_the_name_of_its_file(tmp_path: Path) -> None:
    with pytest.raises(Mistakes) as refused:
        load(write(tmp_path, ""), {"YIZHAN_KEYS__CURRENT_FILE": KEYS["current"]})
    assert "YIZHAN_KEYS__CURRENT_FILE" in str(refused.value)
    assert KEYS["current"] not in str(refused.value)


def test_it_finds_the_line_of_nested_tables_rows_and_dotted_keys() -> None:
    source = (
        'a.b = 1 # c = 2\n[[x.y]]\nz = [\n  1, # ]\n  {p = \'}\', q = "\\""},\n]\n[x.y.w]\nv = 1979-05-27 07:32:00\n'
        '[[x.y]]\n"z.z" = """\n[no]\nno = 1\n"""\nlast = {s = [[1], [\n2]]}\n'
    )
    tomllib.loads(source)
    lines = scan(source).lines
    expected = {("a", "b"): 1, ("x", "y"): 2, ("x", "y", 0, "z"): 3, ("x", "y", 0, "z", 1, "q"): 5}
    expected |= {("x", "y", 0, "w", "v"): 8, ("x", "y", 1): 9, ("x", "y", 1, "z.z"): 10}
    expected |= {("x", "y", 1, "last"): 14, ("x", "y", 1, "last", "s", 1, 0): 15}
    assert {place: lines.get(place) for place in expected} == expected
    assert not any("no" in place for place in lines)


@given(st.text(alphabet="ab.=[]{}'\"\\#,\n \t1", max_size=60))
def test_it_scans_any_text_without_failing(source: str) -> None:
    outline = scan(source)
    try:
        tables = tomllib.loads(source)
    except ValueError:
        return
    assert outline.duplicates == []
    assert all((name,) in outline.lines for name in tables)


def test_it_knows_a_network_folder() -> None:
    mounts = (
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "30 22 0:40 / /srv/share rw,relatime shared:1 - nfs4 server:/x rw\n"
        "31 22 0:41 / /mnt/my\\040disk rw - cifs //server/x rw\n"
    )
    assert filesystem(Path("/srv/share/yizhan"), mounts) == "nfs4"
    assert filesystem(Path("/srv/shared"), mounts) == "ext4"
    assert filesystem(Path("/mnt/my disk/x"), mounts) == "cifs"
    assert filesystem(Path("/srv"), "") == ""
