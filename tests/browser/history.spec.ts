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

const operation = (page: Page, number: number) => page.locator(`[data-operation="${number}"]`);

test("an operation leads to its event, by mouse and by keyboard", async ({ site }) => {
  await open(site, "leaderless-quorum/cap-available");
  const end = await eventNumber(site);
  await expect(site.locator(".call-bar")).toHaveCount(6);
  await operation(site, 3).click();
  await expect.poll(() => eventNumber(site)).toBeLessThan(end);
  await expect(site.getByTestId("judgement-linearizable")).toContainText("Linearizable: holds");
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
