import { type Page } from "@playwright/test";

import { choose, counter, expect, runUntilLeader, skipHint, test, visit, wear } from "./lab";

// Pictures for people: target/screenshots/. A test here fails only when a moment cannot be reached.
const folder = "target/screenshots";

/** Takes a picture of a lab when its parts have come, which is after the stage. */
async function picture(page: Page, name: string) {
  await expect(page.locator(".side:empty, .inspector:empty, .lanes-window:empty, [data-testid=lanes][data-ready=false]")).toHaveCount(0);
  await page.screenshot({ path: `${folder}/${name}.png` });
}

test("pictures of the scenarios", async ({ site }) => {
  test.slow();
  await skipHint(site);
  await site.emulateMedia({ reducedMotion: "reduce" });
  await site.setViewportSize({ width: 1440, height: 900 });
  await visit(site, "first-election");
  await site.getByTestId("scenario-picker").click();
  const names = await site
    .locator('[data-testid^="scenario-"][role="menuitem"]')
    .evaluateAll((all) => all.map((entry) => (entry.getAttribute("data-testid") ?? "").replace("scenario-", "")));
  await site.keyboard.press("Escape");
  expect(names.length).toBeGreaterThanOrEqual(10);
  for (const name of names) {
    await visit(site, name);
    await expect(site.locator("[data-node]").first()).toBeVisible();
    await picture(site, `scenario-${name}`);
  }
});

const looks: [string, "light" | "dark" | "projector", number, number][] = [
  ["light", "light", 1440, 900],
  ["dark", "dark", 1440, 900],
  ["projector", "projector", 1440, 900],
  ["1024", "light", 1024, 768],
  ["768", "light", 768, 1024],
  ["390", "light", 390, 844],
];

for (const [name, theme, width, height] of looks) {
  test(`pictures of home and lab: ${name}`, async ({ site }) => {
    await skipHint(site);
    await wear(site, theme);
    await site.emulateMedia({ reducedMotion: "reduce" });
    await site.setViewportSize({ width, height });
    await site.goto("./#/");
    await expect(site.getByTestId("lab-raft")).toBeVisible();
    await site.screenshot({ path: `${folder}/home-${name}.png` });
    await visit(site, "minority-leader");
    await expect(site.getByText("2 of 5 · no majority")).toBeVisible();
    await picture(site, `minority-leader-${name}`);
  });
}

test("pictures of menus, causes, comparison, text view and a busy moment", async ({ site }) => {
  await skipHint(site);
  await site.emulateMedia({ reducedMotion: "reduce" });
  await site.setViewportSize({ width: 1440, height: 900 });
  await visit(site, "minority-leader");
  await site.locator('[data-node="S1"]').dispatchEvent("contextmenu");
  await picture(site, "menu-node");
  await site.keyboard.press("Escape");
  await site.locator('[data-link="S2-S3"]').dispatchEvent("contextmenu");
  await picture(site, "menu-link");
  await site.keyboard.press("Escape");
  await site.getByTestId("text").click();
  await picture(site, "text-view");
  await site.getByTestId("text").click();
  await site.locator('[data-node="S3"] .outline').click();
  await site.getByTestId("tab-why").click();
  await site.getByTestId("lanes").focus();
  for (const key of ["ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft"]) await site.keyboard.press(key);
  await expect(site.getByTestId("lanes-selected")).toBeVisible();
  await picture(site, "why-and-cone");
  await site.locator('[data-node="S2"]').click();
  await site.getByTestId("knows").click();
  await expect(site.getByTestId("knows-banner")).toBeVisible();
  await picture(site, "what-s2-knows");
  await site.getByTestId("knows-off").click();
  await site.getByTestId("split").click();
  await expect(site.getByTestId("split-apply")).toBeVisible();
  await picture(site, "split");
  await site.keyboard.press("Escape");

  await visit(site, "first-election");
  await site.getByTestId("side-settings").click();
  await site.getByTestId("setting-servers").fill("7");
  await site.getByTestId("setting-servers").press("Enter");
  await runUntilLeader(site);
  await picture(site, "busy");
  await site.getByTestId("scrubber").fill("4");
  await choose(site, '[data-node="S1"]', "node-crash");
  await expect(counter(site)).toContainText("event 5 of 5");
  await site.getByTestId("compare-start").click();
  await expect(site.getByTestId("compare")).toBeVisible();
  await picture(site, "compare");
});
