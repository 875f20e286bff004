import type { Page } from "@playwright/test";

import { barriers } from "./axe";
import { counter, expect, test, visit } from "./lab";

/** All rules of Raft that can be switched off, with the checks that break without them. */
const RULES = {
  up_to_date_vote: "leader-completeness",
  own_term_commit: "leader-completeness",
  persist_vote: "election-safety",
  persist_term: "election-safety",
  majority: "election-safety",
  consistency_check: "log-matching",
  step_down: "election-safety",
  random_timeouts: "leader-followed",
  confirm_reads: "linearizable",
  client_sessions: "linearizable",
  one_vote: "one-vote",
  only_conflicts: "commit-in-log",
  commit_bound: "commit-in-log",
  append_only: "leader-append-only",
};

/** Waits until the search is over and what it found stands side by side. */
const story = async (page: Page): Promise<string> => {
  await expect(page.getByTestId("compare-story")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId("showing")).toHaveCount(0);
  return (await page.getByTestId("compare-story").textContent()) ?? "";
};

for (const [rule, check] of Object.entries(RULES)) {
  test(`what ${rule} is for is shown: without it beside with it`, async ({ site: page }) => {
    await visit(page, "minority-leader");
    await page.getByTestId("side-rules").click();
    await page.getByTestId(`show-${rule}`).click();
    expect(await story(page)).toMatch(/^Without it: .+\. With it: .+\.$/);
    // What was there stays, and both runs stand beside it.
    await expect(page.getByTestId("branch-A")).toBeVisible();
    await expect(page.getByTestId("branch-B")).toContainText("with: ");
    await expect(page.getByTestId("branch-C")).toContainText("without: ");
    await expect(page.getByTestId("branch-C")).toHaveAttribute("aria-pressed", "true");
    const outcome = check === "leader-followed" ? "Waiting" : "Broken";
    // The last mark stands where the check breaks.
    await page.locator('[data-testid^="bookmark-C@"]').last().click();
    await expect(page.getByTestId(`check-${check}`)).toHaveAttribute("data-outcome", outcome);
    await page.getByTestId("branch-B").click();
    await page.getByTestId("to-end").click();
    await expect(page.getByTestId(`check-${check}`)).not.toHaveAttribute("data-outcome", outcome);
  });
}

test("a search for what a rule is for says how it stands, and can be stopped", async ({ site: page }) => {
  await visit(page, "minority-leader");
  await page.getByTestId("side-rules").click();
  await page.getByTestId("show-confirm_reads").click();
  await expect(page.getByTestId("showing-progress")).toContainText(/\d+ runs? tried so far, the longest with \d+ events · \d+ s/);
  await page.getByTestId("showing-stop").click();
  await expect(page.getByTestId("showing")).toHaveCount(0);
  await expect(page.getByTestId("branch-B")).toHaveCount(0);
});

test("the tabs at the side can be gone through by keyboard, and a hunt goes on behind them", async ({ site: page }) => {
  await visit(page, "minority-leader");
  await page.getByTestId("side-scenarios").focus();
  for (const tab of ["settings", "rules", "hunt", "scenarios"]) {
    await page.keyboard.press("ArrowRight");
    await expect(page.getByTestId(`side-${tab}`)).toBeFocused();
    await expect(page.getByTestId(`side-${tab}`)).toHaveAttribute("aria-selected", "true");
  }
  await page.getByTestId("side-hunt").click();
  await page.getByTestId("hunt-start").click();
  await expect(page.getByTestId("hunt-progress")).toContainText("a second", { timeout: 60_000 });
  await page.getByTestId("side-rules").click();
  await page.getByTestId("side-hunt").click();
  await expect(page.getByTestId("hunt-stop")).toBeVisible();
});

test("a check that is kept explains itself by keyboard, and shows what protects it", async ({ site: page }) => {
  await visit(page, "first-election");
  const check = page.getByTestId("check-election-safety").getByRole("button");
  await check.focus();
  await page.keyboard.press("Enter");
  const list = page.getByRole("dialog");
  await expect(list).toContainText("In each term at most one server is ever elected");
  await expect(list).toContainText("Promised for every moment of every run");
  await expect(list).toContainText("A majority decides");
  expect(await barriers(page, "the list of checks")).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);
  await expect(check).toBeFocused();
  await page.keyboard.press("Enter");
  await list.getByTestId("keeper-election-safety-majority").click();
  await expect(list).toHaveCount(0);
  expect(await story(page)).toContain("are both leaders of term");
});

test("a situation is shown: a split vote", async ({ site: page }) => {
  await visit(page, "first-election");
  await page.getByTestId("check-split-vote").getByRole("button").click();
  await page.getByRole("dialog").getByTestId("show-split-vote").click();
  await expect(page.getByTestId("branch-B")).toContainText("found: split vote", { timeout: 60_000 });
  await expect(page.getByTestId("notice")).toContainText("split the votes of term");
  await expect(page.getByTestId("check-split-vote")).toHaveAttribute("data-outcome", "Seen");
});

test("what has to come in the end is waited for", async ({ site: page }) => {
  await visit(page, "first-election");
  await page.getByTestId("scrubber").fill("0");
  await page.getByTestId("check-leader-followed").getByRole("button").click();
  await page.getByRole("dialog").getByTestId("run-leader-followed").click();
  await expect(page.getByTestId("check-leader-followed")).toHaveAttribute("data-outcome", "Reached");
});

test("in a narrow window all checks are one verdict, which opens into the list", async ({ site: page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await visit(page, "figure-8-broken");
  await expect(page.getByTestId("verdict")).toContainText(/^✕1 broken · \d+ kept/);
  await page.getByTestId("verdict").click();
  const broken = page.getByRole("dialog").getByTestId("check-leader-completeness");
  await expect(broken).toHaveAttribute("data-outcome", "Broken");
  await broken.locator("summary").click();
  await broken.getByTestId("visit-leader-completeness").click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(counter(page)).toContainText(/event \d+ of/);
});
