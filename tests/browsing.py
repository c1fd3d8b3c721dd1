"""How the tests use a browser: coming in as a student or as a counselor, and judging a page for everybody who reads it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.bad_inputs.place import Place
from tests.bot.pages.console_desk import PASSWORD, give_password

PATIENCE = 10_000  # Milliseconds until an action is given up; on two busy cores a page took up to 2,000.


def open_page(browser: Browser, width: int = 1280, *, height: int = 800, **options: Any) -> Page:
    """A new page in a context of its own (its own cookies), for a Chinese reader; closed by `page.context.close()`.

    Options are playwright's for a context: `java_script_enabled=False`, `color_scheme="dark"`, `bypass_csp=True` (axe
    needs that one, since it is a script of its own).
    """
    context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def enter_console(
    browser: Browser, address: str, place: Place, width: int = 1280, *, who: str = "counselor", **options: Any
) -> Page:
    """The console of somebody of the cast, with the seat that the school of the matrix gave them: no signing in."""
    page = open_page(browser, width, **options)
    page.context.add_cookies([{"name": "yizhan-console", "value": place.seats[who], "url": address}])
    page.goto(f"{address}/console")
    return page


def sign_in_to_console(
    browser: Browser, address: str, place: Place, width: int = 1280, *, who: str = "counselor", **options: Any
) -> Page:
    """The console of somebody of the cast, by number and password as people do it."""
    page = open_page(browser, width, **options)
    page.goto(f"{address}/console")
    page.get_by_label("工号").fill(give_password(place, who))
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/console")
    return page


def enter_chat(browser: Browser, address: str, name: str = "李雷", width: int = 360, **options: Any) -> Page:
    """The chat of somebody whom the demo's front page offers."""
    page = open_page(browser, width, height=720, **options)
    choose_person(page, address, name)
    return page


def choose_person(page: Page, address: str, name: str) -> None:
    """Press a person's button on the demo's front page, and wait for the chat."""
    page.goto(address)
    page.locator(".people button", has=page.locator("b", has_text=name)).first.click()
    page.wait_for_url("**/chat#end")


def write(page: Page, words: str) -> None:
    """Say something in the chat."""
    page.fill("#text", words)
    page.press("#text", "Enter")


def complaints(page: Page, *, errors_only: bool = False) -> list[str]:
    """A list that fills with what a page complains of from now on: broken scripts, and what its content policy refused."""
    heard: list[str] = []
    page.on("console", lambda said: None if errors_only and said.type != "error" else heard.append(said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def check_page(page: Page, width: int, about: str = "") -> None:
    """A page is open to everybody (axe finds nothing at all) and does not scroll sideways at this width."""
    # What still fades in has the colours of nothing in particular.
    page.evaluate(
        "Promise.all(document.getAnimations().filter(each => each.effect.getComputedTiming().endTime < Infinity)"
        ".map(each => each.finished.catch(() => null)))"
    )
    found = Axe().run(page).response["violations"]
    wrong = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
    assert not wrong, f"{about}: {wrong}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, about
