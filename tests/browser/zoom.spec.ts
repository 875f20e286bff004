import { type Page } from "@playwright/test";

import { expect, skipHint, test as base, whole } from "./lab";

/** SWIM with 200 nodes: so many that texts are left out. */
const test = base.extend<{ crowd: Page }>({
  crowd: async ({ site }, use) => {
    await skipHint(site);
    await site.goto("./#/lab/swim/two-hundred");
    await whole(site);
    await expect(site.locator("[data-node]")).toHaveCount(200);
    await use(site);
  },
});

const stage = (page: Page) => page.locator(".stage");
const node = (page: Page, label: string) => page.locator(`[data-node="${label}"]`);

/** How high the letters of a node's name are, in pixels of the screen; 0 where it has none. */
const letters = (page: Page, label: string) =>
  node(page, label).evaluate((node) => {
    const [shown] = [...node.querySelectorAll(".node-label")].filter((text) => getComputedStyle(text).display !== "none");
    return shown ? shown.getBoundingClientRect().height : 0;
  });

const scrolled = (page: Page) => stage(page).evaluate(({ scrollLeft, scrollTop, scrollWidth, clientWidth }) => ({ scrollLeft, scrollTop, wide: scrollWidth > clientWidth + 20 }));

/** The middle of a node on the screen. */
async function middle(page: Page, label: string) {
  const box = (await node(page, label).locator(".node-shape, circle").first().boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test("200 nodes can be read from near, and all of the stage comes back", async ({ crowd: page }) => {
  const before = await letters(page, "N100");
  expect(before).toBeLessThan(12);
  for (let step = 0; step < 4; step += 1) await page.getByTestId("zoom-in").click();
  await expect(page.getByTestId("zoom-in")).toHaveAttribute("aria-disabled", "true");
  expect(await letters(page, "N100")).toBeGreaterThan(14);
  await expect(page.locator(".stage-drawing")).toHaveClass(/near/);
  expect((await scrolled(page)).wide).toBe(true);
  for (let step = 0; step < 4; step += 1) await page.getByTestId("zoom-out").click();
  await expect(page.getByTestId("zoom-out")).toHaveAttribute("aria-disabled", "true");
  expect(await scrolled(page)).toEqual({ scrollLeft: 0, scrollTop: 0, wide: false });
  expect(await letters(page, "N100")).toBeCloseTo(before, 0);
});

test("by keyboard: nearer to the selected node, along the arrows, and back", async ({ crowd: page }) => {
  await node(page, "N60").dispatchEvent("click");
  await node(page, "N60").focus();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("+");
  await expect(stage(page)).toHaveClass(/close/);
  for (const key of ["ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft"]) await page.keyboard.press(key);
  const focused = page.locator("[data-node]:focus, [data-link]:focus, [data-message]:focus");
  await expect(focused).toBeInViewport();
  await page.keyboard.press("0");
  await expect(stage(page)).not.toHaveClass(/close/);
});

test("the wheel with Ctrl comes nearer to what is under the pointer", async ({ crowd: page }) => {
  const before = await middle(page, "N60");
  await page.mouse.move(before.x, before.y);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -400);
  await page.keyboard.up("Control");
  await expect(stage(page)).toHaveClass(/close/);
  const after = await middle(page, "N60");
  expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(6);
});

test("a line round nodes catches them from near too", async ({ crowd: page }) => {
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  // From where nothing is drawn, round what stands beside it.
  const ground = await stage(page).evaluate((stage) => {
    const box = stage.getBoundingClientRect();
    const free = (x: number, y: number) => document.elementFromPoint(x, y)?.matches(".ground");
    for (let y = box.top + 20; y < box.bottom - 220; y += 5)
      for (let x = box.left + 20; x < box.right - 320; x += 5) if (free(x, y)) return { x, y };
    throw new Error("no ground");
  });
  await page.mouse.move(ground.x, ground.y);
  await page.mouse.down();
  for (const [x, y] of [[300, 0], [300, 200], [0, 200], [0, 10]]) await page.mouse.move(ground.x + x, ground.y + y, { steps: 4 });
  await page.mouse.up();
  const menu = page.locator(".stage-menu");
  await expect(menu).toBeInViewport();
  await expect(menu).toContainText(/N\d+, N\d+/);
});

test("two fingers come nearer", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 800, height: 900 }, baseURL });
  const page = await context.newPage();
  await skipHint(page);
  await page.goto("./#/lab/swim/two-hundred");
  await expect(page.locator("[data-node]")).toHaveCount(200);
  const box = (await stage(page).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const session = await context.newCDPSession(page);
  const touch = (type: string, apart: number) =>
    session.send("Input.dispatchTouchEvent", {
      type: type as "touchStart",
      touchPoints: type === "touchEnd" ? [] : [{ x: x - apart, y, id: 1 }, { x: x + apart, y, id: 2 }],
    });
  await touch("touchStart", 40);
  for (let apart = 50; apart <= 120; apart += 10) await touch("touchMove", apart);
  await touch("touchEnd", 0);
  await expect(stage(page)).toHaveClass(/close/);
  expect(await page.evaluate(() => visualViewport!.scale)).toBe(1);
  await context.close();
});

test("a figure in another page stays as it is", async ({ site }) => {
  await site.goto("./?view=embed#/lab/swim/two-hundred");
  await expect(site.locator("[data-node]").first()).toBeVisible();
  await site.keyboard.press("+");
  await expect(stage(site)).not.toHaveClass(/close|zooms/);
});
