import { eventNumber, expect, test, visit } from "./lab";

test("a hunt finds what a broken rule was for and opens it as a branch", async ({ site: page }) => {
  await visit(page, "minority-leader");
  await page.getByTestId("side-rules").click();
  await page.getByTestId("setting-majority").uncheck();
  await page.getByTestId("side-hunt").click();
  await expect(page.getByTestId("hunt-check")).toHaveValue("election-safety");
  await page.getByTestId("hunt-start").click();
  await expect(page.getByTestId("hunt-outcome")).toContainText("It is open as a branch", { timeout: 60_000 });
  await expect(page.getByTestId("check-election-safety")).toHaveAttribute("data-outcome", "Broken");
  await expect(page.getByTestId("notice")).toContainText("Found: ");
  await expect(page.getByTestId("notice")).toContainText("are both leaders of term");
});

test("the check of a hunt follows the rule that is broken, also after another one was chosen", async ({ site: page }) => {
  await visit(page, "minority-leader");
  await page.getByTestId("side-hunt").click();
  await page.getByTestId("hunt-check").selectOption("log-matching");
  for (const [rule, check] of [["up_to_date_vote", "leader-completeness"], ["majority", "election-safety"]]) {
    await page.getByTestId("side-rules").click();
    await page.getByTestId(`setting-${rule}`).uncheck();
    await page.getByTestId("side-hunt").click();
    await expect(page.getByTestId("hunt-check")).toHaveValue(check);
  }
});

test("a hunt after a stopped one finds the same as a fresh one", async ({ site: page }) => {
  const found = () => page.getByTestId("hunt-outcome");
  const search = async () => {
    await page.getByTestId("hunt-start").click();
    await expect(found()).toContainText("Found: ", { timeout: 60_000 });
    return found().textContent();
  };
  await visit(page, "minority-leader");
  await page.getByTestId("side-hunt").click();
  await page.getByTestId("hunt-start").click();
  await expect(page.getByTestId("hunt-progress")).toContainText("a second", { timeout: 60_000 });
  await page.getByTestId("hunt-stop").click();
  await page.getByTestId("side-rules").click();
  await page.getByTestId("setting-majority").uncheck();
  await page.getByTestId("side-hunt").click();
  const afterwards = await search();
  await visit(page, "first-election");
  await visit(page, "minority-leader");
  await page.getByTestId("side-rules").click();
  await page.getByTestId("setting-majority").uncheck();
  await page.getByTestId("side-hunt").click();
  expect(await search()).toBe(afterwards);
});

test("a rule that is broken brings the settings and the check with which a hunt finds what it was for", async ({ site: page }) => {
  await visit(page, "minority-leader");
  await page.getByTestId("side-rules").click();
  await page.getByTestId("setting-own_term_commit").uncheck();
  await page.getByTestId("side-settings").click();
  await expect(page.getByTestId("setting-initial_logs")).toHaveValue("figure-8");
  await page.getByTestId("side-hunt").click();
  await expect(page.getByTestId("hunt-check")).toHaveValue("leader-completeness");
  await page.getByTestId("hunt-start").click();
  await expect(page.getByTestId("hunt-outcome")).toContainText("It is open as a branch", { timeout: 60_000 });
  await expect(page.getByTestId("check-leader-completeness")).toHaveAttribute("data-outcome", "Broken");
});

test("a search of all short runs says how far it saw, and can be stopped", async ({ site: page }) => {
  await visit(page, "minority-leader");
  await page.getByTestId("side-hunt").click();
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
