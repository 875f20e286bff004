import { eventNumber, expect, test, visit } from "./lab";

test("a hunt finds what a broken rule was for and opens it as a branch", async ({ site: page }) => {
  await visit(page, "minority-leader");
  await page.getByTestId("rules").locator("summary").click();
  await page.getByTestId("setting-majority").uncheck();
  await page.getByTestId("hunt").locator("summary").click();
  await page.getByTestId("hunt-check").selectOption("election-safety");
  await page.getByTestId("hunt-start").click();
  await expect(page.getByTestId("hunt-outcome")).toContainText("It is open as a branch", { timeout: 60_000 });
  await expect(page.getByTestId("check-election-safety")).toHaveAttribute("data-outcome", "Broken");
  await expect(page.getByTestId("notice")).toContainText("The hunt has found this");
});

test("a rule that is broken brings the settings and the check with which a hunt finds what it was for", async ({ site: page }) => {
  await visit(page, "minority-leader");
  await page.getByTestId("rules").locator("summary").click();
  await page.getByTestId("setting-own_term_commit").uncheck();
  await page.getByTestId("settings").locator("summary").click();
  await expect(page.getByTestId("setting-initial_logs")).toHaveValue("figure-8");
  await page.getByTestId("hunt").locator("summary").click();
  await expect(page.getByTestId("hunt-check")).toHaveValue("leader-completeness");
  await page.getByTestId("hunt-start").click();
  await expect(page.getByTestId("hunt-outcome")).toContainText("It is open as a branch", { timeout: 60_000 });
  await expect(page.getByTestId("check-leader-completeness")).toHaveAttribute("data-outcome", "Broken");
});

test("a search of all short runs says how far it saw, and can be stopped", async ({ site: page }) => {
  await visit(page, "minority-leader");
  await page.getByTestId("hunt").locator("summary").click();
  await page.getByTestId("hunt-way").selectOption("all");
  await page.getByTestId("hunt-events").fill("2");
  await page.getByTestId("hunt-events").blur();
  await page.getByTestId("hunt-start").click();
  await expect(page.getByTestId("hunt-outcome")).toContainText("No run of up to 2 events breaks this", { timeout: 60_000 });
  await page.getByTestId("hunt-way").selectOption("random");
  await page.getByTestId("hunt-start").click();
  await expect(page.getByTestId("hunt-progress")).toContainText("a second", { timeout: 60_000 });
  // The page goes on while the worker searches.
  const before = await eventNumber(page);
  await page.getByTestId("step-back").click();
  await expect.poll(() => eventNumber(page)).not.toBe(before);
  await page.getByTestId("hunt-stop").click();
  await expect(page.getByTestId("hunt-outcome")).toContainText("Stopped. Nothing found");
});
