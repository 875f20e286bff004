import { type Page } from "@playwright/test";

import { expect, test as base, visit } from "./lab";

const test = base.extend<{ lab: Page }>({
  lab: async ({ site }, use) => {
    await visit(site, "minority-leader");
    await settled(site);
    await use(site);
  },
});

const lanes = (page: Page) => page.getByTestId("lanes");
const readout = (page: Page) => page.getByTestId("lanes-readout");
const settled = (page: Page) => expect(lanes(page)).toHaveAttribute("data-ready", "true", { timeout: 20_000 });
const value = async (page: Page, name: string) => Number(await lanes(page).getAttribute(`data-${name}`));
const start = (page: Page) => value(page, "start");
const span = (page: Page) => value(page, "span");

async function runTo(page: Page, seconds: number) {
  await page.getByTestId("run-until").click();
  await page.getByTestId("until-moment").click();
  await page.getByTestId("moment-time").fill(String(seconds));
  await page.getByTestId("moment-go").click();
  await expect
    .poll(
      async () => {
        const [, minutes, rest] = /t = (?:(\d+) min )?([\d.]+) s/.exec((await page.getByTestId("moment").textContent()) ?? "") ?? [];
        return Number(minutes ?? 0) * 60 + Number(rest ?? 0);
      },
      { timeout: 25_000 },
    )
    .toBeGreaterThan(seconds - 0.5);
  await settled(page);
}

/** The selected event: its number and where it is on the page. */
async function selected(page: Page) {
  const mark = page.getByTestId("lanes-selected");
  const box = await mark.boundingBox();
  if (!box) throw new Error("no event is selected");
  return { number: Number(await mark.getAttribute("data-event")), x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The numbers behind the signs for before, after and concurrent. */
async function cone(page: Page) {
  const numbers = [];
  for (const relation of ["past", "future", "concurrent"]) {
    const text = await readout(page).locator(`.relation.${relation}`).textContent();
    numbers.push(Number(/(\d+)$/.exec(text ?? "")?.[1]));
  }
  return numbers;
}

test("buttons and keys zoom, and the whole run fits", async ({ lab }) => {
  const before = await span(lab);
  await lab.getByTestId("lanes-shorter").click();
  await expect.poll(() => span(lab)).toBeLessThan(before);
  await lanes(lab).press("-");
  await expect.poll(() => span(lab)).toBe(before);
  await lanes(lab).press("+");
  await lanes(lab).press("+");
  await expect.poll(() => span(lab)).toBe(before / 4);
  await lab.getByTestId("lanes-whole").click();
  await expect(lanes(lab)).toHaveAttribute("data-count", "50");
  expect(await start(lab)).toBe(0);
});

test("the wheel pans, with Ctrl it zooms where it points, and dragging pans", async ({ lab }) => {
  for (const _ of [1, 2]) await lab.getByTestId("lanes-shorter").click();
  await expect.poll(() => span(lab)).toBeLessThan(200_000);
  const box = await lanes(lab).boundingBox();
  if (!box) throw new Error("there are no lanes");
  const first = await start(lab);
  await lab.mouse.move(box.x + 700, box.y + 60);
  await lab.mouse.wheel(0, -300);
  await expect.poll(() => start(lab)).toBeLessThan(first);

  // What is under the pointer stays there.
  const left = 64, width = box.width - 64 - 16;
  const under = async () => (await start(lab)) + ((700 - left) / width) * (await span(lab));
  const [spanBefore, moment] = [await span(lab), await under()];
  await lab.keyboard.down("Control");
  await lab.mouse.wheel(0, -120);
  await lab.keyboard.up("Control");
  await expect.poll(() => span(lab)).toBeLessThan(spanBefore * 0.9);
  expect(Math.abs((await under()) - moment)).toBeLessThan(50);

  const dragged = await start(lab);
  await lab.mouse.down();
  await lab.mouse.move(box.x + 800, box.y + 60, { steps: 4 });
  await lab.mouse.up();
  await expect.poll(() => start(lab)).toBeLessThan(dragged);
  // A drag is no click.
  await expect(lab.getByTestId("lanes-go")).toHaveCount(0);
});

test("panning away from the moment offers the way back", async ({ lab }) => {
  await runTo(lab, 5);
  await expect(lab.getByTestId("lanes-now")).toHaveCount(0);
  for (const _ of [1, 2, 3, 4]) await lanes(lab).press("Shift+ArrowLeft");
  await lab.getByTestId("lanes-now").click();
  await expect(lab.getByTestId("lanes-now")).toHaveCount(0);
});

test("a click selects an event and marks what it depends on; a key goes to it", async ({ lab }) => {
  await lanes(lab).press("ArrowLeft");
  await expect(readout(lab)).toContainText("Event 50, ");
  for (const _ of [1, 2, 3]) await lanes(lab).press("ArrowLeft");
  await expect(readout(lab)).toContainText("Event 47, ");
  const there = await selected(lab);
  await lab.getByTestId("lanes-leave").click();
  await expect(lab.getByTestId("lanes-selected")).toHaveCount(0);

  await lab.mouse.move(there.x, there.y);
  await expect(lab.getByTestId("lanes-tip")).toContainText("event");
  await lab.mouse.click(there.x, there.y);
  await expect(lab.getByTestId("lanes-selected")).toHaveCount(1);
  const { number } = await selected(lab);
  const [past, future, concurrent] = await cone(lab);
  // All events but itself and the three that happened to the network or to nobody are one of these.
  expect(past).toBeGreaterThan(10);
  expect(past + future + concurrent).toBeLessThan(50);
  expect(past + future + concurrent).toBeGreaterThan(40);
  await lanes(lab).press("Enter");
  await expect(lab.getByTestId("event-counter")).toContainText(`event ${number} of 50`);
  // The first Escape closes the words beside the pointer.
  for (const _ of [1, 2]) await lanes(lab).press("Escape");
  await expect(lab.getByTestId("lanes-selected")).toHaveCount(0);
});

test("what stands beside the pointer stays, can be pointed at, and Escape takes it away", async ({ lab }) => {
  await lanes(lab).press("ArrowLeft");
  const there = await selected(lab);
  const tip = lab.getByTestId("lanes-tip");
  await lab.mouse.move(there.x, there.y);
  await expect(tip).toBeVisible();
  const words = (await tip.textContent()) ?? "";

  // Onto it, and over all of it.
  const box = (await tip.boundingBox())!;
  const field = (await lanes(lab).boundingBox())!;
  expect(box.y).toBeGreaterThanOrEqual(field.y);
  expect(box.y + box.height).toBeLessThanOrEqual(field.y + field.height);
  const edge = box.y > there.y ? box.y + 2 : box.y + box.height - 2;
  await lab.mouse.move(there.x, edge, { steps: 10 });
  await lab.mouse.move(box.x + box.width - 3, box.y + box.height / 2, { steps: 20 });
  await lab.mouse.move(box.x + 3, box.y + box.height / 2, { steps: 20 });
  await expect(tip).toHaveText(words);
  await lab.keyboard.press("Escape");
  await expect(tip).toHaveCount(0);
  await expect(lab.getByTestId("lanes-selected")).toHaveCount(1);
  await lab.keyboard.press("Escape");
  await expect(lab.getByTestId("lanes-selected")).toHaveCount(0);

  // It comes back with the pointer, and Escape closes it wherever the focus is, and nothing else with it.
  await lab.mouse.move(field.x + 200, field.y - 40);
  await lab.locator('[data-node="S1"] .node-label').click();
  await lab.mouse.move(there.x, there.y);
  await expect(tip).toHaveText(words);
  await lab.keyboard.press("Escape");
  await expect(tip).toHaveCount(0);
  await expect(lab.locator('[data-node="S1"]')).toHaveAttribute("aria-current", "true");
  await lab.mouse.move(field.x + 200, field.y - 40);
  await lab.mouse.move(there.x, there.y);
  await expect(tip).toHaveText(words);
  // A click on the words chooses what they are about.
  await lab.mouse.move(there.x, edge, { steps: 10 });
  await lab.mouse.down();
  await lab.mouse.up();
  await expect(lab.getByTestId("lanes-selected")).toHaveAttribute("data-event", String(there.number));
});

test("the arrow keys go from lane to lane", async ({ lab }) => {
  await lanes(lab).press("ArrowLeft");
  const first = await selected(lab);
  await lanes(lab).press("ArrowUp");
  await expect.poll(async () => (await selected(lab)).y).toBeLessThan(first.y);
  await lanes(lab).press("ArrowDown");
  await expect.poll(async () => (await selected(lab)).y).toBe(first.y);
});

test("the first event could have caused most of what follows a hundred events later", async ({ lab }) => {
  await runTo(lab, 1.2);
  expect(Number(/of (\d+)/.exec((await lab.getByTestId("event-counter").textContent()) ?? "")?.[1])).toBeGreaterThan(100);
  await lab.getByTestId("lanes-whole").click();
  await settled(lab);
  await expect(lanes(lab)).toHaveAttribute("data-level", "events");
  await lab.getByTestId("scrubber").fill("60");
  await lanes(lab).press("ArrowLeft");
  await settled(lab);
  const [past, future, concurrent] = await cone(lab);
  expect(past).toBeGreaterThan(20);
  expect(future).toBeGreaterThan(10);
  expect(past + future + concurrent).toBeGreaterThan(90);
  await expect(readout(lab)).not.toContainText("of events");
});

test("100,000 events are counted from afar, found from near, and have their causes", async ({ lab }) => {
  await runTo(lab, 620);
  const length = Number(/of (\d+)/.exec((await lab.getByTestId("event-counter").textContent()) ?? "")?.[1]);
  expect(length).toBeGreaterThan(100_000);
  await expect(lanes(lab)).toHaveAttribute("data-level", "events");

  await lab.getByTestId("lanes-whole").click();
  await expect(lanes(lab)).toHaveAttribute("data-level", "density");
  await settled(lab);
  await expect(lanes(lab)).toHaveAttribute("data-count", String(length));
  await expect(readout(lab)).toContainText("too many to tell apart");

  // Into the middle of the run, far away from the moment on the stage.
  const box = await lanes(lab).boundingBox();
  if (!box) throw new Error("there are no lanes");
  await lab.mouse.move(box.x + 600, box.y + 60);
  await lab.keyboard.down("Control");
  await expect
    .poll(
      async () => {
        await lab.mouse.wheel(0, -200);
        return span(lab);
      },
      { intervals: [50] },
    )
    .toBeLessThan(500_000);
  await lab.keyboard.up("Control");
  await settled(lab);
  await expect(lanes(lab)).toHaveAttribute("data-level", "events");
  expect(await value(lab, "count")).toBeGreaterThan(10);
  expect(await value(lab, "count")).toBeLessThan(200);
  const before = await start(lab);
  await lab.mouse.wheel(900, 0);
  await expect.poll(() => start(lab)).toBeGreaterThan(before);
  await settled(lab);
  expect(await value(lab, "count")).toBeGreaterThan(10);

  // The event of the moment, and its causes among those around it.
  await lanes(lab).press("ArrowLeft");
  await expect(readout(lab)).toContainText(`Event ${length}, `);
  await settled(lab);
  // The network is split, so what happens in the other part is concurrent.
  const [past, future, concurrent] = await cone(lab);
  expect(past).toBeGreaterThan(300);
  expect(concurrent).toBeGreaterThan(300);
  expect(future).toBe(0);
  await expect(readout(lab)).toContainText(`of events ${length - 1_000} to ${length}`);
});

test("the lanes get the colours of the theme", async ({ lab }) => {
  const pixels = () => lanes(lab).locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await lab.emulateMedia({ colorScheme: "light" });
  await settled(lab);
  const light = await pixels();
  await lab.emulateMedia({ colorScheme: "dark" });
  await expect.poll(pixels).not.toBe(light);
});

test("of fifty lanes those stand that matter, each with its name, and the others are counted", async ({ site }) => {
  await site.goto("./#/lab/swim/fifty");
  await settled(site);
  const names = await site.locator("[data-lane]").evaluateAll((all) => all.map((name) => name.getBoundingClientRect().y));
  expect(names.length).toBeGreaterThan(4);
  names.slice(1).forEach((y, index) => expect(y - names[index]).toBeGreaterThan(10));
  const window = (await site.locator(".lanes-window").boundingBox())!;
  expect(names.at(-1)! + 10).toBeLessThan(window.y + window.height);
  await expect(site.locator(".lanes")).toContainText(/and \d+ others/);
  // A node that is chosen has a lane.
  await site.locator('[data-node="N23"] .outline').click();
  await expect(site.locator('[data-lane="N23"]')).toHaveCount(1);
});
