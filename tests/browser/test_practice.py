"""Practice sealing by clicks: it works, it sends nothing, it leaves nothing, and it is no bid."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.bidder import BID, PATIENCE, files, press, scene
from tests.browser.visit import check_axe, visit

pytestmark = pytest.mark.slow

KEPT = """
async () => {
  const names = [];
  const here = await navigator.storage.getDirectory();
  for await (const folder of here.values()) {
    for await (const name of folder.keys()) names.push(folder.name + "/" + name);
  }
  const opened = await new Promise((resolve) => {
    const asked = indexedDB.open("kaibiao");
    asked.onsuccess = () => resolve(asked.result);
  });
  for (const store of opened.objectStoreNames) {
    const keys = await new Promise((resolve) => {
      const asked = opened.transaction(store).objectStore(store).getAllKeys();
      asked.onsuccess = () => resolve(asked.result);
    });
    names.push(...keys.map((key) => store + "/" + key));
  }
  opened.close();
  return names.sort();
}
"""
"""Everything that this browser keeps for the site: files and entries by name."""
ASKS_ALONE = re.compile(r"GET \S+?/(static/|texts/|api/inbox)")
"""What a page asks for with or without a practice: its code, its sentences, and the bell's count."""
_UNREAD = """
(() => {
  const Usual = window.Worker;
  window.Worker = class extends Usual {
    postMessage(message, handedOver) {
      if (window.isUnread !== true || message.kind !== "read") super.postMessage(message, handedOver);
    }
  };
})();
"""
"""Lets the page hold back what starts the reading, so that a sealing waits in its middle."""


def until_kept(page: Page, wanted: list[str]) -> None:
    """Wait until the browser keeps exactly this."""
    found: Any = None
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until:
        found = page.evaluate(KEPT)
        if found == wanted:
            return
        page.wait_for_timeout(100)
    assert found == wanted


def test_practice_works_sends_nothing_and_leaves_nothing_even_when_it_is_cut_short(
    chromium: Browser, tmp_path: Path
) -> None:
    with scene(tmp_path) as made, visit(chromium, made.service, made.stage.bidder[1]) as seen:
        page = seen.page
        page.add_init_script(_UNREAD)
        seen.goto(BID)
        expect(page.get_by_role("button", name="生成本浏览器的签名密钥")).to_be_visible()
        before = page.evaluate(KEPT)
        # nothing is needed for it: no key, no notice, no part in the project
        sent: list[str] = []
        page.on("request", lambda asked: sent.append(f"{asked.method} {asked.url}"))
        page.get_by_text("试封（演练，不是投标）").click()
        page.get_by_label("文件大小").select_option("10 MiB")
        press(page, "试封")
        done = page.locator(".practised")
        expect(done).to_contain_text("这是演练，不是投标", timeout=PATIENCE)
        expect(done).to_contain_text("没有发送任何内容")
        facts = page.locator(".practice .facts")
        expect(facts).to_contain_text("逐字节一致")
        expect(facts).to_contain_text("2 GiB 的投标文件在本机需要")
        expect(page.get_by_role("button", name="签名并提交")).to_have_count(0)
        check_axe(seen)
        until_kept(page, before)
        press(page, "再试一次")
        page.get_by_label("自己的文件").check()
        press(page, "试封")
        expect(page.get_by_role("alert")).to_contain_text("请至少选择一个文件")
        chosen = files(tmp_path / "files")
        page.locator(".practice input[type=file]").first.set_input_files(chosen)
        press(page, "试封")
        expect(page.locator(".practice .facts")).to_contain_text("3 个文件", timeout=PATIENCE)
        until_kept(page, before)
        assert [one for one in sent if not ASKS_ALONE.match(one)] == []
        assert made.bids() == []
        # cut short: by hand, and by a reload
        press(page, "再试一次")
        page.get_by_label("自动生成的文件").check()
        page.evaluate("window.isUnread = true")
        half = sorted([*before, "bids/practice"])
        press(page, "试封")
        until_kept(page, half)
        press(page, "停止试封")
        until_kept(page, before)
        press(page, "试封")
        until_kept(page, half)
        page.reload()
        until_kept(page, before)
        expect(page.get_by_text("试封（演练，不是投标）")).to_be_visible()
        expect(page.locator(".practised")).to_have_count(0)
        assert made.bids() == []
        seen.check()
