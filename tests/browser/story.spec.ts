import { type Page } from "@playwright/test";

import { caption, counter, eventNumber, expect, skipHint, test, visit } from "./lab";

type Stood = { words: number; ms: number };

/** Watches the caption for a while: what stood there, in words, and for how long. The last one still stands. */
const watch = (page: Page, ms: number): Promise<Stood[]> =>
  page.evaluate(async (ms) => {
    const captions: { text: string; since: number }[] = [];
    const began = performance.now();
    while (performance.now() - began < ms) {
      const text = document.querySelector('[data-testid="caption"]')?.textContent?.trim() ?? "";
      if (captions.at(-1)?.text !== text) captions.push({ text, since: performance.now() });
      await new Promise(requestAnimationFrame);
    }
    return captions.slice(0, -1).map(({ text, since }, place) => ({
      words: text.split(/\s+/).length,
      ms: captions[place + 1].since - since,
    }));
  }, ms);

/** A reader takes a second for three and a half words; a picture at the start and one at the end may be missing. */
const tooShort = (stood: Stood[]) => stood.slice(1).filter(({ words, ms }) => ms < (words / 3.5) * 1000 - 100);

for (const motion of ["no-preference", "reduce"] as const) {
  test(`at story pace each caption stands until it is read, and no wait is long (motion: ${motion})`, async ({ site }) => {
    test.slow();
    await site.emulateMedia({ reducedMotion: motion });
    await skipHint(site);
    await visit(site, "minority-leader");
    await expect(site.getByTestId("speed")).toHaveValue("story");
    await site.getByTestId("play").click();
    const stood = await watch(site, 25_000);
    expect(stood.length).toBeGreaterThan(3);
    expect(tooShort(stood)).toEqual([]);
    expect(stood.filter(({ words, ms }) => ms > Math.max((words / 3.5) * 1000, 1_200) + 3_200)).toEqual([]);
  });
}

test("the text view follows the same pace", async ({ site }) => {
  test.slow();
  await skipHint(site);
  await visit(site, "minority-leader");
  await site.keyboard.press("t");
  await site.getByTestId("play").click();
  const stood = await watch(site, 15_000);
  expect(stood.length).toBeGreaterThan(1);
  expect(tooShort(stood)).toEqual([]);
});

test("Space stops at once, also while a caption is read", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  await site.keyboard.press(" ");
  await expect.poll(() => eventNumber(site), { timeout: 15_000 }).toBeGreaterThan(50);
  await site.keyboard.press(" ");
  const [event, text] = [await eventNumber(site), await caption(site).textContent()];
  await site.waitForTimeout(1_500);
  expect([await eventNumber(site), await caption(site).textContent()]).toEqual([event, text]);
});

test("real time is one choice away, and stays for the visit", async ({ site }) => {
  await skipHint(site);
  await visit(site, "first-election");
  await site.getByTestId("speed").selectOption("6");
  await site.getByTestId("play").click();
  await expect.poll(() => eventNumber(site)).toBeGreaterThan(60);
  await site.getByTestId("play").click();
  await site.goto("./#/lab/swim/crash");
  await expect(site.getByTestId("speed")).toHaveValue("6");
});

test("J, Shift on the button, and the menu go to the next telling moment", async ({ site }) => {
  await skipHint(site);
  // A quiet cluster: heartbeats until S1 has crashed and the others notice.
  await visit(site, "leader-crash");
  const start = await eventNumber(site);
  await site.keyboard.press("j");
  await expect.poll(() => eventNumber(site)).toBeGreaterThan(start);
  const first = await eventNumber(site);
  await site.getByTestId("step").click({ modifiers: ["Shift"] });
  await expect.poll(() => eventNumber(site)).toBeGreaterThan(first);
  const second = await eventNumber(site);
  await site.getByTestId("run-until").click();
  await site.getByTestId("until-telling").click();
  await expect.poll(() => eventNumber(site)).toBeGreaterThan(second);
  await site.getByTestId("step-back").click({ modifiers: ["Shift"] });
  await expect(counter(site)).toContainText(`event ${second} of`);
  await site.keyboard.press("Shift+J");
  await expect(counter(site)).toContainText(`event ${first} of`);
});

test("the scrubber has diamonds where something telling happened", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  await expect(site.locator(".telling-mark").first()).toBeVisible();
  const places = await site.locator(".telling-mark").evaluateAll((all) => all.map((mark) => mark.getBoundingClientRect().x));
  expect(places.length).toBeLessThanOrEqual(60);
  const gaps = places.slice(1).map((place, index) => places[index] - place);
  expect(Math.min(...gaps)).toBeGreaterThan(0);
});
