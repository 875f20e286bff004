import { type Page } from "@playwright/test";

import { barriers } from "./axe";
import { caption, choose, counter, eventNumber, expect, skipHint, test } from "./lab";

async function open(page: Page, scenario: string) {
  await skipHint(page);
  await page.goto(`./#/lab/${scenario}`);
  await expect(counter(page)).toBeVisible();
}

const node = (page: Page, label: string) => page.locator(`[data-node="${label}"]`);

const tool = (page: Page, action: string) => page.getByTestId(`tool-${action}`);

const compared = (page: Page) => page.getByTestId("compared");

/** What the badges of the nodes say: their clocks. */
const clocks = (page: Page) => page.locator("[data-node] :is(.node-badge, .node-tag text)").allTextContents();

/** Presses the middle of a node as a finger or a mouse does. */
const press = (page: Page, label: string) => node(page, label).locator(".outline").click();

/** The selected event in the lanes: where it is on the page. */
async function place(page: Page, mark: string) {
  const box = await page.getByTestId(mark).boundingBox();
  if (!box) throw new Error(`there is no ${mark}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test("a history is made by clicking", async ({ site }) => {
  await open(site, "vector-clocks/your-own-history");
  // A run in which nothing happens by itself waits for somebody to make its history: the first tool is in the hand.
  await expect(tool(site, "local")).toHaveAttribute("aria-pressed", "true");
  await press(site, "C");
  await expect(caption(site)).toContainText("“c1” happens at C");
  await tool(site, "send").click();
  await press(site, "A");
  await expect(site.getByTestId("hand")).toContainText("from A: now press the node that it goes to");
  await press(site, "B");
  await expect(caption(site)).toContainText("A sends a1 to B");
  await expect.poll(() => clocks(site)).toEqual(["[1 0 0]", "[0 1 0]", "[0 0 1]"]);
  // Time passes between what is made by hand, so that the message arrives.
  await tool(site, "local").click();
  for (let turn = 0; turn < 3; turn += 1) await press(site, "C");
  await expect.poll(() => clocks(site)).toEqual(["[1 0 0]", "[1 2 0]", "[0 0 4]"]);
  await expect(site.getByTestId("check-concurrent-events")).toContainText("concurrent");
  // Without a tool a node is selected, and its menu opens as in all labs.
  await site.keyboard.press("Escape");
  await expect(tool(site, "local")).toHaveAttribute("aria-pressed", "false");
  const event = await eventNumber(site);
  await press(site, "B");
  expect(await eventNumber(site)).toBe(event);
  await choose(site, '[data-node="B"]', "make-send-C");
  await expect(caption(site)).toContainText("B sends b3 to C");
});

test("a history is made by keyboard", async ({ site }) => {
  await open(site, "lamport-clocks/your-own-history");
  await node(site, "A").focus();
  await site.keyboard.press("Enter");
  await expect(caption(site)).toContainText("“a1” happens at A");
  await expect(node(site, "A")).toBeFocused();
  await site.keyboard.press("w");
  await expect(tool(site, "send")).toHaveAttribute("aria-pressed", "true");
  await site.keyboard.press("Enter");
  await expect(site.getByTestId("hand")).toContainText("from A");
  await node(site, "C").focus();
  await site.keyboard.press("Enter");
  await expect(caption(site)).toContainText("A sends a2 to C");
  await site.keyboard.press("w");
  await expect(site.locator("[data-testid^=tool-][aria-pressed=true]")).toHaveCount(0);
  // Now Enter opens the menu again.
  await node(site, "B").focus();
  await site.keyboard.press("Enter");
  await expect(site.getByTestId("make-local")).toBeFocused();
  await site.keyboard.press("Enter");
  await expect(caption(site)).toContainText("“b2” happens at B");
  await expect.poll(() => clocks(site)).toEqual(["L2", "L2", "L0"]);
});

test("acting in the past by hand starts a branch", async ({ site }) => {
  await open(site, "lamport-clocks/ordered-by-chance");
  await site.keyboard.press("Home");
  await site.keyboard.press("w");
  await press(site, "B");
  await expect(caption(site)).toContainText("“b1” happens at B");
  await expect(site.locator(".branches")).toContainText("A@");
});

test("two events are compared by mouse", async ({ site }) => {
  await open(site, "lamport-clocks/ordered-by-chance");
  await expect(site.getByTestId("lanes")).toHaveAttribute("data-ready", "true");
  await site.getByTestId("lanes-whole").click();
  await site.getByTestId("lanes").focus();
  // The events are A1, A2, C1, B1, C2.
  await site.keyboard.press("Home");
  await site.getByTestId("tab-events").click();
  await site.getByTestId("compare-3").click();
  await expect(site.getByTestId("lanes-compare")).toHaveAttribute("aria-pressed", "true");
  const third = await place(site, "lanes-selected");
  await site.getByTestId("compare-2").click();
  await expect(compared(site)).toHaveAttribute("data-relation", "concurrent");
  await expect(compared(site)).toContainText("L1 < L2 says only that event 2 did not happen before event 3");
  await expect(compared(site)).toContainText("Neither is less than the other, so the events are concurrent");
  await expect(compared(site)).toContainText("(L1, C) comes before (L2, A)");
  const second = await place(site, "lanes-second");
  await site.getByTestId("compared-close").click();
  await expect(compared(site)).toHaveCount(0);
  // The same in the lanes: a click, and one with Shift.
  await site.mouse.click(second.x, second.y);
  await site.keyboard.down("Shift");
  await site.mouse.click(third.x, third.y);
  await site.keyboard.up("Shift");
  await expect(compared(site)).toHaveAttribute("data-relation", "concurrent");
  await expect(site.getByTestId("lanes-readout")).toContainText("are concurrent: neither could know of the other");
});

test("two events are compared by keyboard", async ({ site }) => {
  await open(site, "vector-clocks/same-history");
  await expect(site.getByTestId("lanes")).toHaveAttribute("data-ready", "true");
  await site.getByTestId("lanes").focus();
  for (let event = 0; event < 5; event += 1) await site.keyboard.press("ArrowLeft");
  await site.keyboard.press("c");
  await expect(site.getByTestId("lanes-readout")).toContainText("choose another event");
  await site.keyboard.press("ArrowRight");
  await expect(compared(site)).toHaveAttribute("data-relation", "before");
  await site.keyboard.press("ArrowRight");
  await expect(compared(site)).toHaveAttribute("data-relation", "concurrent");
  await site.keyboard.press("Escape");
  await expect(compared(site)).toHaveCount(0);
  await expect(site.getByTestId("lanes-selected")).toHaveCount(1);
});

test("a message's arrival is put off, by its menu and by its end in the lanes", async ({ site }) => {
  await open(site, "lamport-clocks/your-own-history");
  await tool(site, "send").click();
  await press(site, "A");
  await press(site, "B");
  await choose(site, ".item.message", "message-delay");
  await expect(caption(site)).toContainText("delayed by 100 ms");
  await expect(site.getByTestId("lanes")).toHaveAttribute("data-ready", "true");
  const box = await site.locator(".lanes-end").boundingBox();
  if (!box) throw new Error("the message has no end in the lanes");
  await site.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await site.mouse.down();
  await site.mouse.move(box.x + 60, box.y, { steps: 4 });
  await expect(site.locator(".lanes-pull")).toHaveCount(1);
  await site.mouse.up();
  await expect(site.locator(".lanes-pull")).toHaveCount(0);
  await expect.poll(() => eventNumber(site)).toBe(4);
  await expect(caption(site)).toContainText("delayed by");
});

test("an opened log compares its events", async ({ site }) => {
  await skipHint(site);
  await site.goto("./#/log");
  await site.getByTestId("log-example").click();
  await site.getByTestId("log-open").click();
  await expect(counter(site)).toBeVisible();
  await site.keyboard.press("End");
  await site.getByTestId("tab-events").click();
  await site.getByTestId("compare-1").click();
  await site.getByTestId("compare-2").click();
  await expect(compared(site)).toHaveAttribute("data-relation", /before|concurrent/);
  await expect(site.getByTestId("hand")).toHaveCount(0);
});

test("tools and a comparison can be used by everybody", async ({ site }) => {
  await open(site, "vector-clocks/siblings");
  await tool(site, "send").click();
  await press(site, "A");
  await site.getByTestId("tab-events").click();
  await site.getByTestId("compare-1").click();
  await site.getByTestId("compare-2").click();
  await expect(compared(site)).toBeVisible();
  expect(await barriers(site, "comparison")).toEqual([]);
});
