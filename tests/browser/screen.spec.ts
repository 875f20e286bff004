import { caption, choose, counter, eventNumber, expect, leader, nodes, runUntilLeader, skipHint, test, visit } from "./lab";

test("every action of a node's menu works, and says why when it does not", async ({ lab }) => {
  await runUntilLeader(lab);
  const s1 = lab.locator('[data-node="S1"]');
  const open = () => s1.dispatchEvent("contextmenu");

  await open();
  const blocked = lab.getByTestId("node-lose-disk");
  await expect(blocked).toHaveAttribute("aria-disabled", "true");
  await expect(blocked).toContainText("crash it first");
  await lab.keyboard.press("Escape");

  await choose(lab, '[data-node="S1"]', "node-pause");
  await expect(s1).toHaveAccessibleName(/paused/);
  await choose(lab, '[data-node="S1"]', "node-resume");
  await choose(lab, '[data-node="S1"]', "node-fire");
  await expect(caption(lab)).toContainText("S1");
  await choose(lab, '[data-node="S1"]', "node-clock");
  await lab.locator("#clock-offset").fill("40");
  await lab.getByRole("button", { name: "Set the clock" }).click();
  await expect(caption(lab)).toContainText("clock");
  await choose(lab, '[data-node="S1"]', "node-isolate");
  await expect(lab.getByText("4 of 5 · quorum")).toBeVisible();
  await choose(lab, '[data-node="S1"]', "node-crash");
  await open();
  await expect(lab.getByTestId("node-pause")).toContainText("restart it first");
  await expect(lab.getByTestId("node-fire")).toContainText("restart it first");
  await lab.getByTestId("node-lose-disk").click();
  await expect(caption(lab)).toContainText("disk");
  await choose(lab, '[data-node="S1"]', "node-restart");
  await expect(s1).not.toHaveAccessibleName(/crashed/);
});

test("every action of a link's menu works", async ({ lab }) => {
  const link = lab.locator('[data-link="S1-S2"]');
  const steps: [string, RegExp][] = [
    ["link-cut-forth", /cut from S1 to S2/],
    ["link-heal-forth", /Link S1 – S2$/],
    ["link-cut-back", /cut from S2 to S1/],
    ["link-cut", /cut$/],
    ["link-heal-back", /cut from S1 to S2/],
    ["link-heal", /Link S1 – S2$/],
  ];
  for (const [entry, name] of steps) {
    await choose(lab, '[data-link="S1-S2"]', entry);
    await expect(link).toHaveAccessibleName(name);
  }
  await choose(lab, '[data-link="S1-S2"]', "link-tune");
  await lab.locator("#link-least").fill("50");
  await lab.locator("#link-loss").fill("10");
  await lab.getByRole("button", { name: "Set the link" }).click();
  await expect(link).toHaveAccessibleName(/50 ms · 10 % lost/);
});

test("every action of a message's menu works", async ({ site }) => {
  await visit(site, "minority-leader");
  const first = await site.locator("[data-message]").first().getAttribute("data-message");
  const item = `[data-message="${first}"]`;
  await choose(site, item, "message-hold");
  await expect(site.locator(item)).toHaveAccessibleName(/held/);
  await choose(site, item, "message-release");
  await expect(site.locator(item)).not.toHaveAccessibleName(/held/);
  const count = await site.locator("[data-message]").count();
  await choose(site, item, "message-duplicate");
  await expect(site.locator("[data-message]")).toHaveCount(count + 1);
  await choose(site, item, "message-drop");
  await expect(site.locator(item)).toHaveCount(0);
  const next = await site.locator("[data-message]").first().getAttribute("data-message");
  await choose(site, `[data-message="${next}"]`, "message-deliver");
  await expect(site.locator(`[data-message="${next}"]`)).toHaveCount(0);
});

test("a lasso splits the nodes that it catches off", async ({ lab }) => {
  const box = async (label: string) => {
    const found = await lab.locator(`[data-node="${label}"] .outline`).boundingBox();
    if (!found) throw new Error(`${label} is not drawn`);
    return found;
  };
  const [s1, s2] = [await box("S1"), await box("S2")];
  const far = 62;
  const corners: [number, number][] = [
    [s1.x - far, s1.y - 20],
    [s1.x + s1.width, s1.y - 24],
    [s2.x + s2.width + 30, s2.y - 30],
    [s2.x + s2.width + 24, s2.y + s2.height + far],
    [s1.x + s1.width / 2, s1.y + s1.height + 48],
    [s1.x - far, s1.y + 20],
  ];
  await lab.mouse.move(...corners[0]);
  await lab.mouse.down();
  for (const corner of corners) await lab.mouse.move(...corner, { steps: 8 });
  await lab.mouse.up();
  await lab.getByTestId("lasso-split").click();
  await expect(lab.getByText("2 of 5 · no quorum")).toBeVisible();
});

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
  await lab.getByTestId("branch-name").fill("without S1");
  await lab.getByTestId("branch-name-apply").click();
  await expect(lab.getByTestId("branch-B")).toContainText("without S1");
  await lab.getByTestId("branch-remove-B").click();
  await expect(lab.getByTestId("branch-B")).toHaveCount(0);
  await expect(lab.getByTestId("branch-A")).toHaveAttribute("aria-pressed", "true");
});

test("the text view says the same as the stage, and acts", async ({ site }) => {
  await visit(site, "minority-leader");
  await site.getByTestId("text").click();
  const view = site.getByTestId("text-view");
  await expect(view.getByRole("heading")).toHaveText(["What changed", "Nodes", "Messages under way", "Links", "Parts of the network"]);
  await expect(view.getByRole("row", { name: /^S1 leader, T1/ })).toBeVisible();
  await expect(view.getByRole("row", { name: /^S1 – S3 cut/ })).toBeVisible();
  await site.getByTestId("text-node-S1").click();
  await site.getByTestId("node-crash").click();
  await expect(view.getByRole("row", { name: /^S1 leader, T1, crashed|^S1 .*crashed/ })).toBeVisible();
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
  await site.locator('[data-node="S1"]').click();
  await expect(site.locator(".inspector")).toContainText("S1 · leader");
  await site.getByTestId("sheet-close").click();
  await expect(site.locator(".inspector")).toHaveCount(0);

  await site.setViewportSize({ width: 390, height: 844 });
  await site.getByTestId("pane-time").click();
  await expect(site.getByTestId("lanes")).toBeVisible();
  await expect(site.locator(".stage")).toBeHidden();
  await site.getByTestId("pane-node").click();
  await expect(site.locator(".inspector")).toBeVisible();
  await site.getByTestId("pane-lab").click();
  await expect(site.getByTestId("settings")).toBeVisible();
  await site.getByTestId("pane-stage").click();
  await expect(site.locator(".stage")).toBeVisible();
});

for (const width of [390, 768, 1024, 1440]) {
  test(`nothing sticks out at ${width} pixels`, async ({ site }) => {
    await site.setViewportSize({ width, height: 900 });
    for (const address of ["./#/", "./#/lab/raft/minority-leader"]) {
      await site.goto(address);
      await expect(site.getByRole("main")).toBeVisible();
      const over = await site.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(over, address).toBe(0);
    }
  });
}

test("the gallery finds a lab and opens it; Back and reload keep the place", async ({ site }) => {
  await site.goto("./#/");
  await site.getByTestId("search").fill("no such thing");
  await expect(site.getByText("No lab matches")).toBeVisible();
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
  await expect(hint).toContainText("That is all one needs to know");
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
  await lab.getByTestId("speed").selectOption({ index: 6 });
  await lab.getByTestId("play").click();
  await expect.poll(() => nodes(lab)).not.toEqual(shown);
  await lab.getByTestId("play").click();
  const same = lab.locator(`[data-message] [data-path][transform="${place}"]`);
  expect(await same.count()).toBeLessThanOrEqual(1);
});
