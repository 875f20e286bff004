import { expect, skipHint, test } from "./lab";

test.beforeEach(async ({ site }) => {
  await skipHint(site);
  await site.goto("./#/lab/load-balancing/slow-server");
});

test("charts stand under the stage, and lanes in their place when asked for", async ({ site }) => {
  await expect(site.getByTestId("dock-chart")).toHaveCount(2);
  await expect(site.getByRole("img", { name: /Response time at the balancer.*p99/ }).first()).toBeVisible();
  await site.getByTestId("dock-lanes").click();
  await expect(site.getByTestId("charts")).toHaveCount(0);
  await expect(site.getByTestId("dock-lanes")).toHaveAttribute("aria-pressed", "true");
  await site.getByRole("button", { name: "Charts" }).focus();
  await site.keyboard.press("Enter");
  await expect(site.getByTestId("dock-chart")).toHaveCount(2);
});

test("a server can be slowed down, and the policy changed while it runs", async ({ site }) => {
  const policy = site.getByTestId("setting-policy");
  await site.getByTestId("side-settings").click();
  await policy.selectOption("random-choices");
  await expect(site.locator('[data-node="LB"]')).toHaveAccessibleName(/2 choices/);
});

test("ten thousand requests a second play", async ({ site }) => {
  await site.goto("./#/lab/load-balancing/ten-thousand");
  await expect(site.locator("canvas.crowd")).toBeVisible();
  const before = await site.getByTestId("event-counter").textContent();
  await site.getByTestId("play").click();
  await expect(site.getByTestId("event-counter")).not.toHaveText(before!);
  await site.getByTestId("play").click();
});

test("an arrow leads from a node to a message of a crowd, and on from there", async ({ site }) => {
  await site.goto("./#/lab/load-balancing/ten-thousand");
  await expect(site.locator("canvas.crowd")).toBeVisible();
  await site.locator('[data-node="C4"]').focus();
  const messages = new Set<string | null>();
  for (const key of ["ArrowRight", "ArrowRight"]) {
    await site.keyboard.press(key);
    const message = site.locator("[data-message][aria-current]");
    await expect(message).toBeFocused();
    messages.add(await message.getAttribute("data-message"));
  }
  expect(messages.size).toBe(2);
});
