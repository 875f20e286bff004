import { caption, counter, eventNumber, expect, runUntilLeader, test, visit } from "./lab";

test("Space, N, P, Home and End move through the run", async ({ lab }) => {
  const start = await eventNumber(lab);
  await lab.keyboard.press("n");
  await lab.keyboard.press("n");
  await expect(counter(lab)).toContainText(`event ${start + 2} of`);
  await lab.keyboard.press("p");
  await expect(counter(lab)).toContainText(`event ${start + 1} of`);
  await lab.keyboard.press("End");
  await expect(counter(lab)).toContainText(`event ${start + 2} of`);
  await lab.keyboard.press("Home");
  await expect(counter(lab)).toContainText("event 0 of");
  await lab.keyboard.press(" ");
  await expect(lab.getByTestId("play")).toHaveAccessibleName(/Pause/);
  await lab.keyboard.press(" ");
  await expect(lab.getByTestId("play")).toHaveAccessibleName(/Play/);
});

test("Shift N and Shift P stay with the selected node", async ({ lab }) => {
  await runUntilLeader(lab);
  const end = await eventNumber(lab);
  await lab.locator('[data-node="S2"]').click();
  await lab.keyboard.press("Shift+P");
  await expect(caption(lab)).toContainText("S2");
  const before = await eventNumber(lab);
  expect(before).toBeLessThan(end);
  await lab.keyboard.press("Shift+N");
  await expect.poll(() => eventNumber(lab)).toBeGreaterThan(before);
  await expect(caption(lab)).toContainText("S2");
});

test("K, Z and E act on the selected node", async ({ lab }) => {
  const s2 = lab.locator('[data-node="S2"]');
  await lab.keyboard.press("Escape");
  await lab.keyboard.press("k");
  await expect(lab.getByTestId("notice")).toContainText("Select a node first");
  await s2.click();
  await lab.keyboard.press("z");
  await expect(s2).toHaveAccessibleName(/paused/);
  await lab.keyboard.press("z");
  await expect(s2).not.toHaveAccessibleName(/paused/);
  await lab.keyboard.press("e");
  await expect(caption(lab)).toContainText("S2");
  await expect(s2).toHaveAttribute("data-role", "candidate");
  await lab.keyboard.press("k");
  await expect(s2).toHaveAccessibleName(/crashed/);
  await lab.keyboard.press("k");
  await expect(s2).not.toHaveAccessibleName(/crashed/);
});

test("M goes through the messages; H, D and Del act on them", async ({ site }) => {
  await visit(site, "minority-leader");
  const count = () => site.locator("[data-message]").count();
  const before = await count();
  await site.keyboard.press("m");
  await expect(site.locator("[data-message][aria-current]")).toHaveCount(1);
  await site.keyboard.press("h");
  await expect(site.locator("[data-message][aria-current]")).toHaveAccessibleName(/held/);
  await site.keyboard.press("h");
  await expect(site.locator("[data-message][aria-current]")).not.toHaveAccessibleName(/held/);
  await site.keyboard.press("d");
  await expect.poll(count).toBe(before + 1);
  await site.keyboard.press("Delete");
  await expect.poll(count).toBe(before);
  await expect(caption(site)).toContainText("is dropped");
});

test("Enter opens the menu of a message, arrows go through it, Escape closes it", async ({ site }) => {
  await visit(site, "minority-leader");
  await site.keyboard.press("m");
  await expect(site.locator("[data-message]:focus")).toHaveCount(1);
  await site.keyboard.press("Enter");
  await expect(site.getByTestId("message-deliver")).toBeFocused();
  await site.keyboard.press("ArrowDown");
  await expect(site.getByTestId("message-drop")).toBeFocused();
  await site.keyboard.press("Escape");
  await expect(site.getByRole("menu")).toHaveCount(0);
  await expect(site.locator("[data-message]:focus")).toHaveCount(1);
});

test("L selects a link, and Enter with the menu cuts it", async ({ lab }) => {
  await lab.keyboard.press("Escape");
  await lab.keyboard.press("l");
  await expect(lab.locator('[data-link="S1-S2"]')).toBeFocused();
  await lab.keyboard.press("Enter");
  await expect(lab.getByTestId("link-cut")).toBeFocused();
  await lab.keyboard.press("Enter");
  await expect(lab.locator('[data-link="S1-S2"]')).toHaveAccessibleName(/cut/);
});

test("arrows move over the stage, Tab leads to it once", async ({ lab }) => {
  await lab.locator('[data-node="S1"]').focus();
  await lab.keyboard.press("ArrowDown");
  const focused = lab.locator("[data-node]:focus, [data-link]:focus, [data-message]:focus");
  await expect(focused).toHaveCount(1);
  await expect(lab.locator('[data-node="S1"]')).not.toBeFocused();
  await expect(lab.locator('.stage [tabindex="0"]')).toHaveCount(1);
});

test("a key pressed at the first picture waits for what it needs, and is not lost", async ({ site }) => {
  await site.goto("./#/lab/raft/first-election");
  await expect(counter(site)).toBeVisible();
  await site.keyboard.press("g");
  await expect(site.getByTestId("split-apply")).toBeVisible();
});

test("G splits, C leads to a client, [ and ] change the branch, ? helps, T reads", async ({ lab }) => {
  await lab.keyboard.press("g");
  await expect(lab.getByTestId("split-apply")).toBeVisible();
  await lab.keyboard.press("Escape");
  await expect(lab.getByRole("dialog")).toHaveCount(0);

  await lab.keyboard.press("c");
  await expect(lab.locator('[data-node="C1"]')).toBeFocused();
  await expect(lab.getByTestId("operate-put")).toBeVisible();

  await runUntilLeader(lab);
  await lab.keyboard.press("Home");
  await lab.locator('[data-node="S1"]').click();
  await lab.keyboard.press("k");
  await expect(lab.getByTestId("branch-B")).toHaveAttribute("aria-pressed", "true");
  await lab.keyboard.press("[");
  await expect(lab.getByTestId("branch-A")).toHaveAttribute("aria-pressed", "true");
  await lab.keyboard.press("]");
  await expect(lab.getByTestId("branch-B")).toHaveAttribute("aria-pressed", "true");

  await lab.keyboard.press("?");
  await expect(lab.getByTestId("keys-on")).toBeVisible();
  // The key right after Escape is not lost.
  await lab.keyboard.press("Escape");
  await lab.keyboard.press("t");
  await expect(lab.getByTestId("text-view")).toBeVisible();
  await lab.keyboard.press("t");
  await expect(lab.locator(".stage")).toBeVisible();
});

test("B marks a moment, and its chip leads back there", async ({ lab }) => {
  const start = await eventNumber(lab);
  await lab.keyboard.press("b");
  await lab.keyboard.press("n");
  await lab.keyboard.press("n");
  await lab.getByTestId(`bookmark-A@${start}`).click();
  await expect(counter(lab)).toContainText(`event ${start} of`);
  await lab.keyboard.press("b");
  await expect(lab.getByTestId(`bookmark-A@${start}`)).toHaveCount(0);
});

test("keys can be switched off", async ({ lab }) => {
  const start = await eventNumber(lab);
  await lab.keyboard.press("?");
  await lab.getByTestId("keys-on").uncheck();
  await lab.keyboard.press("Escape");
  await lab.keyboard.press("n");
  await lab.getByTestId("step").click();
  await expect(counter(lab)).toContainText(`event ${start + 1} of`);
});
