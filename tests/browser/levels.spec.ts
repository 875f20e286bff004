import type { Page } from "@playwright/test";

import { barriers } from "./axe";
import { caption, counter, expect, eventNumber, skipHint, test } from "./lab";

test.use({ level: "none" });

const visit = async (page: Page, address: string) => {
  await page.goto(`./#/lab/${address}`);
  await expect(counter(page)).toBeVisible();
};

const share = (page: Page) =>
  page.locator(".stage").evaluate((stage) => {
    const { width, height } = stage.getBoundingClientRect();
    return (width * height) / (innerWidth * innerHeight);
  });

test("a first visit learns: the scenario's sentence, half of the window for the stage, one verdict", async ({ site }) => {
  await skipHint(site);
  await site.setViewportSize({ width: 1366, height: 680 });
  await visit(site, "raft");
  await expect(site.getByTestId("band")).toContainText("The cut leaves S1, the leader, with one follower.");
  await expect(site.getByTestId("verdict")).toBeVisible();
  await expect(site.locator(".inspector, .side, .checks, .folds")).toHaveCount(0);
  expect(await share(site)).toBeGreaterThanOrEqual(0.5);
  expect(await barriers(site, "learn")).toEqual([]);
});

test("the level is remembered", async ({ site }) => {
  await visit(site, "raft");
  await site.getByTestId("level-all").click();
  await expect(site.locator(".inspector")).toBeVisible();
  await site.reload();
  await expect(site.locator(".checks")).toBeVisible();
  await site.getByTestId("level-learn").click();
  await expect(site.locator(".checks")).toHaveCount(0);
});

test("the sentence stands above the stage at every width, on both levels", async ({ site }) => {
  for (const width of [1440, 1366, 768, 390]) {
    await site.setViewportSize({ width, height: 844 });
    await visit(site, "raft/leader-crash");
    const band = await site.getByTestId("band").boundingBox();
    const stage = await site.locator(".stage").boundingBox();
    expect(band!.y + band!.height, `${width}`).toBeLessThanOrEqual(stage!.y + 1);
  }
  for (const width of [768, 390]) {
    await site.setViewportSize({ width, height: 844 });
    await site.evaluate(() => localStorage.setItem("netsplit.level", "all"));
    await site.reload();
    await expect(site.getByTestId("band"), `${width}`).toBeVisible();
  }
});

test("in a low window the checks of All are one verdict, which leaves the stage its height", async ({ site }) => {
  await site.setViewportSize({ width: 1366, height: 680 });
  await visit(site, "raft");
  await site.getByTestId("level-all").click();
  await expect(site.locator(".checks").getByTestId("verdict")).toBeVisible();
  await expect(site.locator(".checks li")).toHaveCount(0);
  await site.setViewportSize({ width: 1366, height: 760 });
  await expect(site.getByTestId("check-election-safety")).toBeVisible();
});

test("what is selected opens the inspector with what is essential, and more on demand", async ({ site }) => {
  await site.setViewportSize({ width: 1366, height: 680 });
  await visit(site, "raft");
  await site.locator('[data-node="S3"] .outline').click();
  const panel = site.getByTestId("node-panel");
  await expect(panel).toContainText("votes");
  await expect(panel.getByText("logical clocks")).toBeHidden();
  await site.getByTestId("node-more").locator("summary").click();
  await expect(panel.getByText("logical clocks")).toBeVisible();
  await site.getByTestId("sheet-close").click();
  await expect(panel).toHaveCount(0);
});

test("everything of All can be reached from Learn", async ({ site }) => {
  await site.setViewportSize({ width: 1366, height: 680 });
  await visit(site, "raft/first-election");
  await site.getByTestId("tools").click();
  await site.getByTestId("until-leader").click();
  await expect(caption(site)).toContainText("leader");
  const there = await eventNumber(site);
  await site.getByTestId("tools").click();
  await site.getByTestId("bookmark").click();
  await expect(site.getByTestId(`bookmark-A@${there}`)).toBeVisible();
  await site.getByTestId("tools").click();
  await site.getByTestId("fold-inspector").click();
  await site.getByTestId("tab-events").click();
  await expect(site.locator(".events")).toBeVisible();
  await site.getByTestId("strip-lanes").click();
  await expect(site.locator(".lanes-bar")).toBeVisible();
  await site.getByTestId("break-a-rule").click();
  await expect(site.getByTestId("side")).toBeVisible();
});

test("a scenario opens with what it needs", async ({ site }) => {
  await site.setViewportSize({ width: 1366, height: 680 });
  await visit(site, "raft/figure-7");
  await expect(site.locator(".logs")).toBeVisible();
  await visit(site, "leaderless-quorum/cap-available");
  await expect(site.getByTestId("tab-history")).toHaveAttribute("aria-selected", "true");
  await visit(site, "lamport-clocks");
  await expect(site.locator(".lanes-bar")).toBeVisible();
  await visit(site, "swim/two-hundred");
  await expect(site.locator(".dock-charts")).toBeVisible();
});

test("on a phone the way on is in the first view", async ({ site }) => {
  await site.setViewportSize({ width: 390, height: 844 });
  await visit(site, "raft");
  const play = await site.getByTestId("play").boundingBox();
  const tabs = await site.locator(".panes").boundingBox();
  expect(play!.y + play!.height).toBeLessThanOrEqual(tabs!.y);
});
