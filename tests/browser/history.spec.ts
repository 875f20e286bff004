import { type Page } from "@playwright/test";

import { barriers } from "./axe";
import { counter, eventNumber, expect, skipHint, test } from "./lab";

/** Opens a scenario and its History tab, by keyboard. */
async function open(page: Page, scenario: string) {
  await skipHint(page);
  await page.goto(`./#/lab/${scenario}`);
  await expect(counter(page)).toBeVisible();
  await page.getByTestId("tab-node").focus();
  for (let tab = 0; tab < 4; tab += 1) await page.keyboard.press("ArrowRight");
  await expect(page.getByTestId("tab-history")).toBeFocused();
  await expect(page.getByTestId("history-panel")).toBeVisible();
}

const verdict = (page: Page, criterion: string) => page.getByTestId(`judgement-${criterion}`);

const operation = (page: Page, number: number) => page.locator(`[data-operation="${number}"]`);

test("the two scenarios of CAP differ in their verdicts", async ({ site }) => {
  await open(site, "primary-replicas/cap-consistent");
  await expect(verdict(site, "linearizable")).toContainText("Linearizable: holds");
  await expect(site.locator(".call-bar.pending")).toHaveCount(1);
  await expect(site.locator(".call-bar.against")).toHaveCount(0);

  await open(site, "leaderless-quorum/cap-available");
  await expect(verdict(site, "linearizable")).toContainText("Linearizable: does not hold");
  await expect(verdict(site, "sequential")).toContainText("Sequentially consistent: holds");
  await expect(verdict(site, "eventual")).toContainText("Eventually consistent: does not hold");
  await expect(site.locator(".call-bar.pending")).toHaveCount(0);
  await expect(site.locator(".call-bar.against").first()).toContainText("✕");
});

test("an operation leads to its event, by mouse and by keyboard", async ({ site }) => {
  await open(site, "leaderless-quorum/cap-available");
  const end = await eventNumber(site);
  await expect(site.locator(".call-bar")).toHaveCount(6);
  await operation(site, 3).click();
  await expect.poll(() => eventNumber(site)).toBeLessThan(end);
  await expect(verdict(site, "linearizable")).toContainText("Linearizable: holds");
  // Out of the way: what scrolls under the mouse is pointed at.
  await site.mouse.move(0, 0);
  const there = await eventNumber(site);
  await operation(site, 3).press("Home");
  await expect(operation(site, 0)).toBeFocused();
  await expect(site.getByTestId("history-operation")).toContainText("C1, x: put 1");
  await site.keyboard.press("Enter");
  await expect.poll(() => eventNumber(site)).toBeLessThan(there);
  await expect(site.locator(".call-bar")).toHaveCount(1);
});

test("axe finds nothing in a history", async ({ site }) => {
  await open(site, "leaderless-quorum/cap-available");
  await site.getByText("As a table").click();
  expect(await barriers(site, "history", ".inspector")).toEqual([]);
});

test("a lab without operations has no history", async ({ site }) => {
  await site.goto("./#/lab/lamport-clocks");
  await expect(site.getByTestId("tab-events")).toBeVisible();
  await expect(site.getByTestId("tab-history")).toHaveCount(0);
});
