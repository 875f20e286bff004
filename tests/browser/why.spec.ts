import { type Page } from "@playwright/test";

import { counter, expect, test as base, visit } from "./lab";

const test = base.extend<{ lab: Page }>({
  lab: async ({ site }, use) => {
    await visit(site, "minority-leader");
    await use(site);
  },
});

const node = (page: Page, label: string) => page.locator(`[data-node="${label}"]`);
const causes = (page: Page, panel: string) => page.getByTestId(panel).locator(".cause");

test("a candidate says why it is one, and each step leads to its event", async ({ lab }) => {
  await node(lab, "S3").locator(".outline").click();
  const short = lab.getByTestId("why-short");
  await expect(short).toContainText("Why is S3 a candidate?");
  await expect(causes(lab, "why-short")).toHaveText([
    /The network splits into/,
    /“heartbeat” of S1 is lost: the link to S3 is cut/,
    /S3 asks for votes in term 2: its election timer of 154 ms has run out/,
  ]);
  await expect(short).toContainText("Raft paper, section 5.2");

  await lab.getByTestId("tab-why").click();
  await causes(lab, "why-panel").first().click();
  await expect(counter(lab)).toContainText("event 36 of 50");
  await expect(lab.getByTestId("caption")).toContainText("The network splits");
  // The answer stays, and says where one is.
  await expect(lab.getByTestId("why-panel")).toContainText("Why is S3 a candidate?");
  await expect(lab.locator('.cause[data-event="36"]')).toHaveAttribute("aria-current", "step");
  await causes(lab, "why-panel").nth(2).click();
  await expect(counter(lab)).toContainText("event 47 of 50");
  await lab.getByTestId("why-back").click();
  await expect(counter(lab)).toContainText("event 50 of 50");
  await expect(lab.getByTestId("why-back")).toHaveCount(0);
});

test("a step asks again at the new moment", async ({ lab }) => {
  await node(lab, "S3").locator(".outline").click();
  await lab.getByTestId("tab-why").click();
  await lab.getByTestId("run-until").click();
  await lab.getByTestId("until-leader").click();
  await expect(lab.getByTestId("why-panel")).toContainText("Why is S3 a leader?");
  await lab.getByTestId("scrubber").fill("40");
  await expect(lab.getByTestId("why-panel")).toContainText("Why is S3 a follower?");
  await expect(lab.getByTestId("why-panel")).toContainText("A server starts as a follower");
});

test("a message says why it was sent", async ({ lab }) => {
  await lab.locator(".message").first().dispatchEvent("click");
  await expect(lab.getByTestId("why-short")).toContainText("Why was this sent?");
  await lab.getByTestId("tab-why").click();
  await expect(lab.getByTestId("why-panel")).toContainText("Why was this sent?");
});

test("a broken check names the rule that is switched off", async ({ lab }) => {
  await lab.goto("./#/lab/raft/figure-8-broken");
  await expect(lab.getByTestId("check-leader-completeness")).toHaveAttribute("data-outcome", "Broken");
  await lab.getByTestId("tab-why").click();
  await lab.getByTestId("why-ask").filter({ hasText: "broken?" }).click();
  await expect(lab.locator('[data-rule="own_term_commit"]')).toContainText("Rule, broken here");
  await expect(lab.locator('[data-rule="own_term_commit"]')).toContainText("section 5.4.2");
});

test("what S2 knows hides the other side, and faults act all the same", async ({ lab }) => {
  await expect(node(lab, "S3")).toHaveAttribute("data-role", "candidate");
  await node(lab, "S2").click();
  await lab.getByTestId("knows").click();
  await expect(lab.getByTestId("knows-banner")).toContainText("You see what S2 knows at event 50");
  await expect(node(lab, "S3")).toHaveAttribute("data-role", "follower");
  await expect(node(lab, "S3")).toHaveAccessibleName(/T1, as of event \d+/);
  await expect(lab.getByText("2 of 5 · no majority")).toHaveCount(0);
  await expect(lab.locator("footer.checks li")).toHaveCount(0);

  await lab.getByTestId("step").click();
  await expect(lab.getByTestId("knows-banner")).toContainText("at event 51");
  await expect(lab.getByTestId("caption")).toContainText("S2 does not notice what happens now");

  // What it is said to know stands at its side: the middle of both may be empty.
  await node(lab, "S3").locator(".outline").first().click();
  await lab.getByTestId("inspector-node-crash").click();
  await expect(lab.getByTestId("knows-banner")).toContainText("at event 52");
  await expect(node(lab, "S3")).not.toHaveAccessibleName(/crashed/);
  await lab.getByTestId("knows-off").click();
  await expect(lab.getByTestId("knows-banner")).toHaveCount(0);
  await expect(node(lab, "S3")).toHaveAccessibleName(/crashed/);
  await expect(lab.getByText("2 of 5 · no majority")).toHaveCount(2);
});

test("logs stand under each other and can be read entry by entry", async ({ lab }) => {
  await lab.getByTestId("tab-log").click();
  const logs = lab.getByTestId("log-panel");
  await expect(logs.getByRole("rowheader")).toHaveText(["S1", "S2", "S3", "S4", "S5"]);
  await expect(logs.getByRole("columnheader")).toHaveText(["entry", "1", "2", "3"]);
  await lab.locator("#log-0-0").focus();
  await expect(lab.getByTestId("log-entry")).toContainText("entry 1: empty entry (term 1), committed");
  await lab.keyboard.press("ArrowRight");
  await lab.keyboard.press("ArrowRight");
  await expect(lab.locator("#log-0-2")).toBeFocused();
  await expect(lab.getByTestId("log-entry")).toContainText("entry 3: x=3 (term 1), not known to be committed");
  await lab.keyboard.press("ArrowDown");
  await expect(lab.locator("#log-0-2")).toBeFocused();
});

test("long logs scroll inside their panel", async ({ lab }) => {
  await lab.goto("./#/lab/raft/figure-7");
  await expect(lab.locator('[data-node="S7"]')).toBeVisible();
  await lab.getByTestId("tab-log").click();
  await expect(lab.locator(".logs tbody tr")).toHaveCount(7);
  const [inside, outside] = await lab.evaluate(() => {
    const panel = document.querySelector(".panel-scroll")!;
    const inspector = document.querySelector(".inspector")!;
    return [panel.scrollWidth - panel.clientWidth, inspector.scrollWidth - inspector.clientWidth];
  });
  expect(inside).toBeGreaterThan(0);
  expect(outside).toBe(0);
});

for (const [name, width, height, theme] of [
  ["light", 1440, 900, "light"],
  ["dark", 1440, 900, "dark"],
  ["390", 390, 844, "light"],
] as const) {
  test(`screenshots: ${name}`, async ({ lab }) => {
    await lab.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await lab.setViewportSize({ width, height });
    await node(lab, "S2").click();
    await lab.getByTestId("knows").click();
    await expect(lab.getByTestId("knows-banner")).toBeVisible();
    await lab.screenshot({ path: `target/screenshots/knows-${name}.png` });
    await lab.getByTestId("knows-off").click();
    await lab.getByTestId("tab-why").click();
    await expect(lab.getByTestId("why-panel")).toBeVisible();
    await lab.screenshot({ path: `target/screenshots/why-${name}.png` });
    const overflow = await lab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow).toBe(0);
  });
}
