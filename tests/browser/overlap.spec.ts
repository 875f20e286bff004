import type { Page } from "@playwright/test";
import { choose, counter, expect, nextPicture, runUntilLeader, skipHint, test, visit, wear } from "./lab";

// Nothing that is read lies on anything else on the stage. Signs may lie on lines, which go everywhere.

/** What a visitor reads, with the element that holds its box. */
const READ = ".message-label rect, .hull-tag rect, .node-tag rect, .link-note rect, .cell, .node-label, .node-badge";
/** How far boxes may reach into each other, in pixels. */
const SLACK = 1;

/** All pairs of things on the stage that lie on each other now, in words. Runs in the page. */
const overlaps = ([read, slack]: [string, number]): string[] => {
  type Thing = { name: string; owner: Element | null; left: number; top: number; right: number; bottom: number; round: boolean };
  const found: string[] = [];
  const thing = (element: Element, name: string, round: boolean): Thing => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { name, owner: element.closest("[data-node]"), left, top, right, bottom, round };
  };
  // The box of something turned is larger than it: its own box counts.
  const mark = (element: SVGGraphicsElement, name: string): Thing => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const [x, y, box] = [(left + right) / 2, (top + bottom) / 2, element.getBBox()];
    const matrix = element.getScreenCTM()!;
    const half = ((box.width + box.height) / 4) * Math.hypot(matrix.a, matrix.b);
    return { name, owner: null, left: x - half, top: y - half, right: x + half, bottom: y + half, round: true };
  };
  const words = (element: Element) => element.closest("g")?.textContent?.trim() ?? "";
  const all = (selector: string) => [...document.querySelectorAll(`.stage ${selector}`)];
  const shown = (element: Element) => element.getBoundingClientRect().width > 0;
  const texts = read
    .split(", ")
    .flatMap((part) => all(part).filter(shown).map((element) => thing(element, `${part} "${words(element)}"`, false)));
  const owner = (element: Element) => element.closest("[data-node]")?.getAttribute("data-node");
  const marks = [
    ...all(".node:not(.small) .outline").map((element) => thing(element, `the outline of ${owner(element)}`, element.tagName === "circle")),
    ...all(".timer-track").map((element) => thing(element, `the ring of ${owner(element)}`, true)),
    ...all(".node.small .outline").map((element) => thing(element, `the outline of ${owner(element)}`, false)),
    ...all(".status-disc").map((element) => thing(element, `the state of ${owner(element)}`, true)),
    ...all(".message .mark").map((element) =>
      mark(element as SVGGraphicsElement, `the message ${element.closest("[data-message]")?.getAttribute("aria-label")}`),
    ),
  ];
  const share = (a: Thing, b: Thing) => {
    if (b.round) {
      const radius = (b.right - b.left + b.bottom - b.top) / 4;
      const [x, y] = [(b.left + b.right) / 2, (b.top + b.bottom) / 2];
      const [nearX, nearY] = [Math.max(a.left, Math.min(x, a.right)), Math.max(a.top, Math.min(y, a.bottom))];
      return Math.hypot(x - nearX, y - nearY) < radius - slack;
    }
    const [width, height] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
    return width > slack && height > slack;
  };
  // Messages pass under many nodes that stand close, and the names stay above them.
  const isCrowded = document.querySelector(".stage .crowded") !== null;
  texts.forEach((text, index) => {
    // A node carries its own name, term and state.
    const inside = /node-(label|badge)/.test(text.name);
    for (const other of texts.slice(0, index)) {
      if (!(inside && text.owner === other.owner) && share(text, other)) found.push(`${text.name} on ${other.name}`);
    }
    for (const mark of marks) {
      if (inside && isCrowded && mark.owner === null) continue;
      if (!(inside && mark.owner === text.owner) && share(text, mark)) found.push(`${text.name} on ${mark.name}`);
    }
  });
  // Words stay in their boxes, and boxes on the stage.
  const stage = document.querySelector(".stage")!.getBoundingClientRect();
  for (const box of all("rect + text")) {
    if (box.closest(".gauge")) continue;
    const [outer, inner] = [box.previousElementSibling!.getBoundingClientRect(), box.getBoundingClientRect()];
    if (inner.left < outer.left - slack || inner.right > outer.right + slack) found.push(`"${words(box)}" is longer than its box`);
  }
  for (const text of all(".node text").filter(shown)) {
    if (text.closest(".cell, .node-tag, .queue")) continue;
    const [outer, inner] = [text.closest(".node")!.querySelector(".outline")!.getBoundingClientRect(), text.getBoundingClientRect()];
    if (inner.left < outer.left - slack || inner.right > outer.right + slack) found.push(`"${words(text)}" is wider than its node`);
  }
  for (const text of texts) {
    if (text.left < stage.left - slack || text.right > stage.right + slack || text.top < stage.top - slack || text.bottom > stage.bottom + slack)
      found.push(`${text.name} sticks out of the stage`);
  }
  return found;
};

/** Goes through these events and looks at each. */
const overlapsAt = (page: Page, events: number[]): Promise<string[]> =>
  page.evaluate(
    async ([look, read, slack, events]) => {
      const overlaps = new Function(`return ${look}`)() as (given: [string, number]) => string[];
      const scrubber = document.querySelector<HTMLInputElement>("[data-testid=scrubber]")!;
      const picture = () => new Promise((done) => requestAnimationFrame(done));
      const found: string[] = [];
      for (const event of events) {
        scrubber.value = String(event);
        scrubber.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await picture();
        found.push(...overlaps([read, slack]).map((words) => `event ${event}: ${words}`));
      }
      return found;
    },
    [overlaps.toString(), READ, SLACK, events] as const,
  );

const overlapsNow = (page: Page): Promise<string[]> => page.evaluate(overlaps, [READ, SLACK] as [string, number]);

const SIZES: [number, number][] = [
  [1440, 900],
  [1024, 768],
  [768, 1024],
  [390, 844],
];

/** Does something at each of the four sizes of the window. */
async function atEachSize(page: Page, look: () => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await nextPicture(page);
    found.push(...(await look()).map((words) => `${width} px, ${words}`));
  }
  return found;
}

async function set(page: Page, name: string, value: number) {
  await page.getByTestId(`setting-${name}`).fill(String(value));
  await page.getByTestId(`setting-${name}`).press("Enter");
}

/** Plays until the run has so many events. */
async function playTo(page: Page, length: number) {
  await page.getByTestId("to-end").click();
  await page.getByTestId("speed").selectOption({ index: 2 });
  await page.getByTestId("play").click();
  await page.waitForFunction(
    (length) => Number(/of (\d+)/.exec(document.querySelector("[data-testid=event-counter]")!.textContent!)![1]) >= length,
    length,
  );
  await page.getByTestId("play").click();
}

/** Looks at some moments while time runs on from an event. */
async function overlapsWhilePlaying(page: Page, event: number): Promise<string[]> {
  const found: string[] = [];
  await page.getByTestId("scrubber").fill(String(event));
  await page.getByTestId("play").click();
  for (let moment = 0; moment < 3; moment += 1) {
    await page.waitForTimeout(70);
    found.push(...(await overlapsNow(page)).map((words) => `playing on from event ${event}: ${words}`));
  }
  await page.getByTestId("play").click();
  return found;
}

// The projector theme differs by its larger letters; the largest cluster leaves them the least room.
for (const [theme, servers] of [["light", 3], ["light", 5], ["light", 7], ["projector", 7]] as const) {
  test(`nothing overlaps with ${servers} servers and 2 clients: ${theme}`, async ({ site }) => {
    test.setTimeout(120_000);
    await skipHint(site);
    await wear(site, theme);
    await site.setViewportSize({ width: 1440, height: 900 });
    await visit(site, "first-election");
    await site.getByTestId("settings").locator("summary").click();
    await set(site, "servers", servers);
    await set(site, "clients", 2);
    await runUntilLeader(site);
    await playTo(site, 100);
    // Signs of all kinds: a slow link, a crash, a part that is cut off.
    await choose(site, '[data-link="S1-S3"]', "link-tune");
    await site.locator("#link-least").fill("30");
    await site.locator("#link-loss").fill("10");
    await site.getByRole("button", { name: "Set the link" }).click();
    await choose(site, '[data-node="S2"]', "node-crash");
    await playTo(site, 160);
    await choose(site, '[data-node="S1"]', "node-isolate");
    await playTo(site, 260);
    await site.getByTestId("speed").selectOption({ index: 7 });
    // Every moment of the election, and some of what follows.
    const events = Array.from({ length: 260 }, (_, event) => event).filter((event) => event < 40 || event % 4 === 0);
    const found = await atEachSize(site, async () => [
      ...(await overlapsAt(site, theme === "light" ? events : events.filter((event) => event % 5 === 0))),
      ...(await overlapsWhilePlaying(site, 3)),
      ...(await overlapsWhilePlaying(site, 230)),
    ]);
    expect(found).toEqual([]);
  });
}

test("nothing overlaps where a scenario opens", async ({ site }) => {
  test.setTimeout(240_000);
  await skipHint(site);
  await site.goto("./#/");
  const labs = await site
    .locator('[data-testid^="lab-"]')
    .evaluateAll((all) => all.map((card) => card.getAttribute("data-testid")!.replace("lab-", "")));
  expect(labs).toContain("raft");
  const found: string[] = [];
  for (const lab of labs) {
    await site.setViewportSize({ width: 1440, height: 900 });
    await site.goto(`./#/lab/${lab}`);
    await site.getByTestId("scenario-picker").click();
    const names = await site
      .locator('[data-testid^="scenario-"][role="menuitem"]')
      .evaluateAll((all) => all.map((entry) => entry.getAttribute("data-testid")!.replace("scenario-", "")));
    await site.keyboard.press("Escape");
    for (const name of names) {
      await site.goto(`./#/lab/${lab}/${name}`);
      // With reduced motion messages rest in the middle of their way.
      for (const reducedMotion of ["no-preference", "reduce"] as const) {
        await site.emulateMedia({ reducedMotion });
        found.push(...(await atEachSize(site, () => overlapsNow(site))).map((words) => `${lab}/${name}, ${reducedMotion}, ${words}`));
      }
    }
  }
  expect(found).toEqual([]);
});
