import { caption, choose, counter, eventNumber, expect, leader, nodes, runUntilLeader, skipHint, test, visit } from "./lab";

test("two branches stand side by side, at the same event and at the same time", async ({ lab }) => {
  await runUntilLeader(lab);
  const end = await eventNumber(lab);
  await lab.getByTestId("scrubber").fill(String(end - 5));
  const chosen = (await leader(lab).count()) === 0 ? "S1" : "S2";
  await choose(lab, `[data-node="${chosen}"]`, "node-crash");
  await lab.getByTestId("compare-start").click();
  const compare = lab.getByTestId("compare");
  await expect(compare).toContainText("B beside A");
  await expect(compare.getByRole("row", { name: new RegExp(`${chosen} state`) })).toContainText("crashed");
  await lab.getByTestId("compare-by-time").click();
  await expect(lab.getByTestId("compare-by-time")).toHaveAttribute("aria-pressed", "true");
  await lab.keyboard.press("n");
  await expect(compare).toBeVisible();
  await lab.getByTestId("compare-close").click();
  await expect(lab.locator(".stage")).toBeVisible();
});

test("a branch can be renamed, and goes only when it is removed", async ({ lab }) => {
  await runUntilLeader(lab);
  await lab.getByTestId("scrubber").fill("3");
  await choose(lab, '[data-node="S1"]', "node-crash");
  await lab.getByTestId("branch-rename-B").click();
  await lab.getByTestId("new-name").fill("without S1");
  await lab.getByTestId("new-name-apply").click();
  await expect(lab.getByTestId("branch-B")).toContainText("without S1");
  await lab.getByTestId("branch-remove-B").click();
  await expect(lab.getByTestId("branch-B")).toHaveCount(0);
  await expect(lab.getByTestId("branch-A")).toHaveAttribute("aria-pressed", "true");
});

test("the text view acts", async ({ site }) => {
  await visit(site, "minority-leader");
  await site.getByTestId("text").click();
  await site.getByTestId("text-node-S1").click();
  await site.getByTestId("node-crash").click();
  await expect(site.getByTestId("text-view").getByRole("row", { name: /^S1 .*crashed/ })).toBeVisible();
});

test("panels fold, and a divider moves with the arrow keys; both are kept", async ({ lab }) => {
  const width = async () => (await lab.locator(".inspector").boundingBox())?.width ?? 0;
  const before = await width();
  await lab.getByTestId("divider-inspector").focus();
  await lab.keyboard.press("ArrowLeft");
  await expect.poll(width).toBe(before + 16);
  await lab.getByTestId("fold-side").click();
  await expect(lab.getByTestId("side")).toHaveCount(0);
  await lab.reload();
  await expect(counter(lab)).toBeVisible();
  await expect(lab.getByTestId("side")).toHaveCount(0);
  await expect.poll(width).toBe(before + 16);
  await lab.getByTestId("fold-side").click();
  await expect(lab.getByTestId("side")).toBeVisible();
});

test("with little room the inspector is a sheet, with less there are tabs", async ({ site }) => {
  await skipHint(site);
  await site.setViewportSize({ width: 768, height: 1024 });
  await visit(site, "minority-leader");
  await expect(site.locator(".inspector")).toHaveCount(0);
  await site.locator('[data-node="S4"]').click();
  await expect(site.locator(".inspector")).toContainText("S4 · follower");
  await site.getByTestId("sheet-close").click();
  await expect(site.locator(".inspector")).toHaveCount(0);

  await site.setViewportSize({ width: 390, height: 844 });
  await expect(site.getByTestId("play")).toBeInViewport({ ratio: 1 });
  await site.getByTestId("pane-time").click();
  await expect(site.getByTestId("lanes")).toBeVisible();
  await expect(site.locator(".stage")).toBeHidden();
  await site.getByTestId("pane-node").click();
  await expect(site.locator(".inspector")).toBeVisible();
  await site.getByTestId("pane-lab").click();
  await expect(site.getByTestId("side-settings")).toBeVisible();
  await site.getByTestId("pane-stage").click();
  await expect(site.locator(".stage")).toBeVisible();
});

for (const width of [390, 768, 1024, 1440]) {
  test(`nothing sticks out at ${width} pixels`, async ({ site }) => {
    await site.setViewportSize({ width, height: 900 });
    for (const address of ["./#/", "./#/lab/raft/minority-leader", "./#/lab/load-balancing"]) {
      await site.goto(address);
      await expect(site.getByRole("main")).toBeVisible();
      if (address !== "./#/" && width > 640) await expect(site.getByTestId("run-until")).toBeInViewport({ ratio: 1 });
      const over = await site.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(over, address).toBe(0);
    }
  });
}

test("the gallery finds a lab and opens it; Back and reload keep the place", async ({ site }) => {
  await site.goto("./#/");
  await site.getByTestId("search").fill("no such thing");
  await expect(site.getByText("Nothing has these letters")).toBeVisible();
  await site.getByTestId("search").fill("leader log");
  await site.getByTestId("lab-raft").click();
  await expect(counter(site)).toBeVisible();
  await site.getByTestId("scenario-picker").click();
  await site.getByTestId("scenario-figure-8").click();
  await expect(site).toHaveURL(/#\/lab\/raft\/figure-8$/);
  const title = site.locator("#scenario-title");
  const shown = (await title.textContent()) ?? "";
  await site.reload();
  await expect(title).toHaveText(shown);
  await site.goBack();
  await expect(title).not.toHaveText(shown);
  await site.goBack();
  await expect(site.getByTestId("search")).toBeVisible();
});

test("the hint goes when all has been tried, and stays away", async ({ lab }) => {
  const hint = lab.getByTestId("hint");
  await expect(hint).toBeVisible();
  await choose(lab, '[data-link="S1-S2"]', "link-cut");
  await choose(lab, '[data-node="S1"]', "node-crash");
  await lab.getByTestId("step-back").click();
  await expect(hint).toContainText("You have tried all three");
  await lab.getByTestId("hint-skip").click();
  await expect(hint).toHaveCount(0);
  await lab.reload();
  await expect(counter(lab)).toBeVisible();
  await expect(hint).toHaveCount(0);
});

test("with reduced motion a step is shown at once, and messages rest", async ({ lab }) => {
  await lab.emulateMedia({ reducedMotion: "reduce" });
  await runUntilLeader(lab);
  const mark = lab.locator("[data-message] [data-path]").first();
  const place = await mark.getAttribute("transform");
  const shown = await nodes(lab);
  await lab.getByTestId("speed").selectOption("0");
  await lab.getByTestId("play").click();
  await expect.poll(() => nodes(lab)).not.toEqual(shown);
  await lab.getByTestId("play").click();
  const same = lab.locator(`[data-message] [data-path][transform="${place}"]`);
  expect(await same.count()).toBeLessThanOrEqual(1);
});

test("the first picture has the stage where it stays, before all around it is there", async ({ site }) => {
  await site.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const look = () => {
      const stage = document.querySelector(".stage")?.getBoundingClientRect();
      if (stage) seen.push([stage.x, stage.y, stage.width, stage.height, document.querySelectorAll(".side *").length > 0].join(" "));
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await visit(site, "minority-leader");
  await expect(site.getByTestId("side-settings")).toBeVisible();
  const seen = await site.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  const last = seen.at(-1)!;
  expect(last).toMatch(/true$/);
  expect([...new Set(seen)]).toEqual([last.replace(/true$/, "false"), last]);
});
