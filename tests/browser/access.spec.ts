import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { choose, expect, runUntilLeader, skipHint, test, visit, wear } from "./lab";

/** All that axe finds on the page, in a place with this name: rules of every weight, and the size of targets too. */
async function findings(page: Page, place: string, part = "html"): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).options({ rules: { "target-size": { enabled: true } } }).analyze();
  return violations.map(({ id, impact, nodes }) => `${place}: ${id} (${impact}): ${nodes.map((node) => node.target).join(" | ")}`);
}

for (const theme of ["light", "dark", "projector"] as const) {
  test(`axe finds nothing on home, lab and log, ${theme}`, async ({ site }) => {
    test.slow();
    await wear(site, theme);
    await site.goto("./#/");
    await expect(site.getByTestId("search")).toBeVisible();
    expect(await findings(site, "home")).toEqual([]);
    await site.goto("./#/log");
    await expect(site.locator("textarea")).toBeVisible();
    expect(await findings(site, "log")).toEqual([]);
    await visit(site, "minority-leader");
    expect(await findings(site, "lab")).toEqual([]);
    for (const tab of ["message", "log", "why", "history", "events"]) {
      await site.getByTestId(`tab-${tab}`).click();
      expect(await findings(site, tab, ".inspector")).toEqual([]);
    }
    await site.getByTestId("text").click();
    expect(await findings(site, "text view")).toEqual([]);
    await skipHint(site);
    await site.setViewportSize({ width: 390, height: 844 });
    await visit(site, "figure-8");
    expect(await findings(site, "phone")).toEqual([]);
  });
}

test("axe finds nothing on an open menu and in the dialogs", async ({ lab }) => {
  await lab.locator('[data-link="S1-S2"]').dispatchEvent("contextmenu");
  expect(await findings(lab, "menu")).toEqual([]);
  await lab.keyboard.press("Escape");
  for (const opener of ["share", "help", "split"]) {
    await lab.getByTestId(opener).click();
    await expect(lab.getByRole("dialog")).toBeVisible();
    expect(await findings(lab, opener, "dialog")).toEqual([]);
    await lab.keyboard.press("Escape");
  }
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
    await expect(lab.getByRole("dialog"), name).toHaveCount(0);
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
  await expect(lab.getByTestId("branch-A")).toBeFocused();
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

test("each page has a name of its own", async ({ site }) => {
  for (const [address, name] of [["./#/", "Netsplit"], ["./#/log", "Bring your own log · Netsplit"], ["./#/lab/raft", "Raft · Netsplit"]]) {
    await site.goto(address);
    await expect(site).toHaveTitle(name);
  }
});
