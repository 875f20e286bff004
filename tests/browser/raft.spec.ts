import { choose, counter, eventNumber, expect, leader, nodes, runUntilLeader, test } from "./lab";

test("the lab opens on a paused moment and says what happened", async ({ lab }) => {
  await expect(lab.locator("[data-node]")).toHaveCount(6);
  await expect(lab.getByTestId("caption")).not.toBeEmpty();
  await expect(lab.getByTestId("check-election-safety")).toHaveAttribute("data-outcome", "Kept");
  await expect(lab.getByTestId("play")).toHaveAccessibleName(/Play/);
});

test("stepping back comes to the same moment again", async ({ lab }) => {
  const start = await eventNumber(lab);
  const before = await nodes(lab);
  for (const step of [1, 2, 3]) {
    await lab.getByTestId("step").click();
    await expect(counter(lab)).toContainText(`event ${start + step} of`);
  }
  await lab.getByTestId("step-back").click();
  await expect(counter(lab)).toContainText(`event ${start + 2} of`);
  await lab.getByTestId("scrubber").fill(String(start));
  await expect(counter(lab)).toContainText(`event ${start} of ${start + 3}`);
  await expect.poll(() => nodes(lab)).toEqual(before);
});

test("playing goes on by itself and stops when told", async ({ lab }) => {
  const start = await eventNumber(lab);
  await lab.getByTestId("speed").selectOption("6");
  await lab.getByTestId("play").click();
  await expect.poll(() => eventNumber(lab)).toBeGreaterThan(start + 20);
  await lab.getByTestId("play").click();
  await expect(lab.getByTestId("play")).toHaveAccessibleName(/Play/);
});

test("a click on a link cuts it", async ({ lab }) => {
  // A message may cover the middle of the link, so the click goes to the link itself.
  await lab.locator('[data-link="S1-S2"]').dispatchEvent("click");
  await lab.getByTestId("link-cut").click();
  await expect(lab.getByTestId("caption")).toContainText("is cut");
  await choose(lab, '[data-link="S1-S2"]', "link-heal");
  await expect(lab.getByTestId("caption")).toContainText("is whole again");
});

test("when the leader crashes, another one is elected", async ({ lab }) => {
  await runUntilLeader(lab);
  const first = await leader(lab).getAttribute("data-node");
  await choose(lab, `[data-node="${first}"]`, "node-crash");
  await expect(leader(lab)).toHaveCount(0);
  await runUntilLeader(lab);
  await expect(leader(lab)).toHaveCount(1);
  await expect(leader(lab)).not.toHaveAttribute("data-node", first!);
  await expect(lab.getByTestId("check-election-safety")).toHaveAttribute("data-outcome", "Kept");
});

test("acting in the past starts a branch and keeps the first one", async ({ lab }) => {
  await runUntilLeader(lab);
  const end = await eventNumber(lab);
  const atTheEnd = await nodes(lab);
  await lab.getByTestId("scrubber").fill(String(end - 5));
  await choose(lab, '[data-node="S1"]', "node-crash");
  await expect(lab.getByTestId("branch-B")).toContainText(`A@${end - 5} + crash S1`);
  await expect(counter(lab)).toContainText(`event ${end - 4} of ${end - 4}`);
  await lab.getByTestId("branch-A").click();
  await lab.getByTestId("to-end").click();
  await expect(counter(lab)).toContainText(`event ${end} of ${end}`);
  await expect.poll(() => nodes(lab)).toEqual(atTheEnd);
});

test("a split by list cuts the network in two, and heals", async ({ lab }) => {
  await lab.getByTestId("split").click();
  await lab.getByTestId("side-S1-1").check();
  await lab.getByTestId("side-S2-1").check();
  for (const label of ["S3", "S4", "S5"]) await lab.getByTestId(`side-${label}-2`).check();
  await lab.getByTestId("split-apply").click();
  await expect(lab.getByText("2 of 5 · no majority")).toBeVisible();
  await expect(lab.getByText("3 of 5 · a majority")).toBeVisible();
  await lab.getByTestId("heal-all").click();
  await expect(lab.getByText("2 of 5 · no majority")).toHaveCount(0);
});

test("a new run keeps what has been set", async ({ lab }) => {
  await lab.getByTestId("side-settings").click();
  await lab.getByTestId("setting-servers").fill("7");
  await lab.getByTestId("setting-servers").press("Enter");
  await expect(lab.locator('[data-node^="S"]')).toHaveCount(7);
  await lab.getByTestId("seed").fill("99");
  await lab.getByTestId("restart").click();
  await expect(lab.getByTestId("moment")).toContainText("seed 99");
  await expect(lab.locator('[data-node^="S"]')).toHaveCount(7);
});

test("another seed starts a new run with it, and what is set stays", async ({ lab }) => {
  await lab.getByTestId("side-settings").click();
  await lab.getByTestId("setting-servers").fill("3");
  await lab.getByTestId("setting-servers").press("Enter");
  await expect(lab.locator("[data-node]")).toHaveCount(4);
  const seed = lab.getByTestId("seed");
  const seeds = new Set([await seed.inputValue()]);
  // Two draws of a million are seldom the same, three hardly ever.
  for (let turn = 0; turn < 3; turn += 1) {
    await lab.getByTestId("another-seed").click();
    await expect(seed).toHaveValue(/^\d{1,6}$/);
    await expect(counter(lab)).toContainText("event 0 of");
    seeds.add(await seed.inputValue());
  }
  expect(seeds.size).toBeGreaterThan(2);
  await expect(lab.locator("[data-node]")).toHaveCount(4);
});
