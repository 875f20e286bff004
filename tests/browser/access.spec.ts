import type { Page } from "@playwright/test";

import { barriers } from "./axe";
import { choose, expect, runUntilLeader, skipHint, test, visit } from "./lab";

// The pages one after the other, without loading the app anew: axe takes long enough.
test("axe finds nothing on home and lab", async ({ site }) => {
  test.slow();
  await skipHint(site);
  await site.goto("./#/");
  await expect(site.getByTestId("search")).toBeVisible();
  expect(await barriers(site, "home")).toEqual([]);
  await visit(site, "minority-leader");
  expect(await barriers(site, "lab")).toEqual([]);
  for (const tab of ["message", "log", "why", "events"]) {
    await site.getByTestId(`tab-${tab}`).click();
    expect(await barriers(site, tab, ".inspector")).toEqual([]);
  }
});

test("axe finds nothing on a menu, in dialogs, in the text view and on a phone", async ({ lab }) => {
  test.slow();
  expect(await barriers(lab, "hint", ".hint-line")).toEqual([]);
  await lab.locator('[data-link="S1-S2"]').dispatchEvent("contextmenu");
  expect(await barriers(lab, "menu", '[role="menu"]')).toEqual([]);
  await lab.keyboard.press("Escape");
  for (const opener of ["share", "help", "split"]) {
    await lab.getByTestId(opener).click();
    await expect(lab.getByRole("dialog")).toBeVisible();
    expect(await barriers(lab, opener, "dialog")).toEqual([]);
    await lab.keyboard.press("Escape");
  }
  await lab.getByTestId("text").click();
  expect(await barriers(lab, "text view", ".text-view")).toEqual([]);
  await lab.getByTestId("text").click();
  await lab.setViewportSize({ width: 390, height: 844 });
  await visit(lab, "figure-8");
  expect(await barriers(lab, "phone")).toEqual([]);
});

/** The focus is on something that can be seen, and so not on the whole page. */
const expectFocus = (page: Page, after: string) =>
  expect
    .poll(() => page.evaluate(() => document.activeElement !== document.body && (document.activeElement?.getBoundingClientRect().width ?? 0) > 0), after)
    .toBe(true);

test("the focus comes back from every dialog", async ({ lab }) => {
  const dialogs: [string, () => Promise<void>][] = [
    ["share", () => lab.getByTestId("share").press("Enter")],
    ["help", () => lab.getByTestId("help").press("Enter")],
    ["split", () => lab.getByTestId("split").press("Enter")],
    ["split by its key", () => lab.keyboard.press("g")],
    ["rename", () => lab.getByTestId("branch-rename-A").press("Enter")],
    ["clock", () => choose(lab, '[data-node="S1"]', "node-clock")],
    ["link", () => choose(lab, '[data-link="S1-S2"]', "link-tune")],
    [
      "moment",
      async () => {
        await lab.getByTestId("run-until").press("Enter");
        await lab.getByTestId("until-moment").press("Enter");
      },
    ],
  ];
  for (const [name, open] of dialogs) {
    await open();
    await expect(lab.getByRole("dialog"), name).toBeVisible();
    await lab.keyboard.press("Escape");
    // The browser hides a dialog before the page hears of it: the element has to be gone as well.
    await expect(lab.locator("dialog"), name).toHaveCount(0);
    await expectFocus(lab, name);
  }
  await lab.getByTestId("help").press("Enter");
  await lab.getByRole("dialog").getByRole("button", { name: "Close" }).press("Enter");
  await expect(lab.getByTestId("help")).toBeFocused();
});

test("the focus stays near when what had it goes away", async ({ lab }) => {
  await lab.getByTestId("hint-skip").press("Enter");
  await expectFocus(lab, "the hint is skipped");
  await runUntilLeader(lab);
  await expectFocus(lab, "a menu is left");
  await lab.keyboard.press("Home");
  await lab.locator('[data-node="S1"]').focus();
  await lab.keyboard.press("Enter");
  await lab.getByTestId("node-crash").press("Enter");
  await expectFocus(lab, "a node has crashed");
  await lab.getByTestId("branch-remove-B").press("Enter");
  await expect(lab.getByTestId("branch-B")).toHaveCount(0);
  await expectFocus(lab, "a branch is removed");
  await expect(lab.getByTestId("undo")).toBeFocused();
  await lab.locator('[data-node="S1"]').focus();
  await lab.keyboard.press("t");
  await expectFocus(lab, "the stage is gone");
  await lab.keyboard.press("t");
  await lab.keyboard.press("m");
  await lab.locator('[data-node="S2"]').focus();
  await lab.keyboard.press("m");
  await lab.getByTestId("notice").getByRole("button").press("Enter");
  await expectFocus(lab, "a notice is dismissed");
  await lab.getByTestId("tab-node").focus();
  for (let turn = 0; turn < 6; turn += 1) {
    await lab.keyboard.press("ArrowRight");
    await expect(lab.locator('[role="tab"]:focus')).toHaveAttribute("aria-selected", "true");
  }
  await lab.getByTestId("fold-inspector").press("Enter");
  await expectFocus(lab, "a panel is folded");
  await lab.setViewportSize({ width: 800, height: 700 });
  // In a wide window the button folds the panel, and opens no sheet.
  await expect(lab.locator(".lab-page")).toHaveAttribute("data-room", "medium");
  await lab.getByTestId("fold-side").press("Enter");
  await lab.getByTestId("sheet-close").press("Enter");
  await expectFocus(lab, "a sheet is closed");
});

test("Tab goes round the page and is trapped nowhere", async ({ lab }) => {
  const place = () => lab.evaluate(() => [...document.querySelectorAll("*")].indexOf(document.activeElement as Element));
  await lab.locator(".logo").focus();
  const [first, seen] = [await place(), new Set<number>()];
  for (let turn = 0; turn < 150; turn += 1) {
    await lab.keyboard.press("Tab");
    const now = await place();
    if (now === first) break;
    expect(seen.has(now), `element ${now} comes twice`).toBe(false);
    seen.add(now);
  }
  expect(await place()).toBe(first);
  expect(seen.size).toBeGreaterThan(30);
});

/** The element with the focus, where something else lies over its middle, or it is out of view. */
const hidden = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement as HTMLElement;
    const box = focused.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const name = (element: Element | null) => `${element?.tagName} ${element?.getAttribute("data-testid") ?? element?.getAttribute("class")}`;
    // A field may lie below its own label.
    const isSeen = focused.contains(top) || top?.closest("label")?.contains(focused);
    return isSeen ? null : `${name(focused)} is under ${name(top)}`;
  });

for (const [width, height] of [[390, 844], [1440, 900]]) {
  test(`nothing covers what has the focus at ${width} pixels`, async ({ site }) => {
    test.slow();
    await skipHint(site);
    await site.setViewportSize({ width, height });
    for (const address of ["./#/", "./#/lab/raft/minority-leader"]) {
      await site.goto(address);
      await expect(site.locator(".stage, .hero-stage").first()).toBeVisible();
      const panes = address === "./#/" || width > 640 ? [null] : ["stage", "time", "node", "lab"];
      for (const pane of panes) {
        if (pane) await site.getByTestId(`pane-${pane}`).click();
        for (const key of ["Tab", "Shift+Tab"]) {
          await site.locator(".logo").focus();
          let stops = 0;
          for (; stops < 150; stops += 1) {
            await site.keyboard.press(key);
            // The browser scrolls with the next picture.
            await site.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
            if (await site.evaluate(() => document.activeElement === document.body || document.activeElement?.matches(".logo"))) break;
            expect(await hidden(site), `${address} ${pane} ${key}`).toBeNull();
          }
          expect(stops).toBeGreaterThan(8);
          expect(stops).toBeLessThan(150);
        }
      }
    }
  });
}

test("each page has a name of its own", async ({ site }) => {
  for (const [address, name] of [["./#/", "Netsplit"], ["./#/log", "Bring your own log · Netsplit"], ["./#/lab/raft", "Raft · Netsplit"]]) {
    await site.goto(address);
    await expect(site).toHaveTitle(name);
  }
});
