import type { Locator, Page } from "@playwright/test";
import { caption, counter, eventNumber, expect, leader, runUntilLeader, test, visit } from "./lab";

// Every entry of every menu, taken with the keyboard. A step names all that the menu offers, so that an entry that is
// added needs a step of its own here.

interface Step {
  /** What the menu offers: null where it is possible, else why it is not. */
  offers: Record<string, RegExp | null>;
  take: string;
  /** Another thing than the one before. */
  on?: Locator;
  /** What a dialog asks after that. */
  then?: (page: Page) => Promise<void>;
  /** How the thing is called afterwards; null when it is gone. */
  becomes?: RegExp | null;
  says?: RegExp;
}

/** The entries of the open menu and why they are not possible. */
const offered = (page: Page): Promise<[string, string | null][]> =>
  page
    .getByRole("menuitem")
    .evaluateAll((all) =>
      all.map((entry) => [
        entry.getAttribute("data-testid") ?? "",
        entry.getAttribute("aria-disabled") ? (entry.querySelector("small")?.textContent ?? "") : null,
      ]),
    );

/** Goes down an open menu to an entry and presses it. */
async function take(page: Page, entry: string) {
  const at = (await offered(page)).findIndex(([id]) => id === entry);
  for (let place = 0; place < at; place += 1) await page.keyboard.press("ArrowDown");
  await expect(page.getByTestId(entry)).toBeFocused();
  await page.keyboard.press("Enter");
}

/** Goes to something on the stage with the keyboard alone. */
async function reach(page: Page, item: Locator, keys: string[]) {
  for (let turn = 0; turn < 40 && !(await item.getAttribute("aria-current")); turn += 1) {
    await page.keyboard.press(keys[turn % keys.length]);
  }
  // After a dialog Tab leads back to it: the selected thing is where the stage begins.
  await page.locator('.stage [tabindex="0"]').focus();
  await expect(item).toBeFocused();
}

async function walk(page: Page, first: Locator, keys: string[], steps: Step[]) {
  const untried = new Set(steps.flatMap((step) => Object.keys(step.offers)));
  for (const step of steps) {
    const item = step.on ?? first;
    await reach(page, item, keys);
    await page.keyboard.press("Enter");
    const found = await offered(page);
    expect(found.map(([id]) => id).sort()).toEqual(Object.keys(step.offers).sort());
    for (const [id, reason] of found) {
      const expected = step.offers[id];
      if (expected === null) expect(reason, `${id} is possible`).toBeNull();
      else expect(reason, `${id} is not possible`).toMatch(expected);
    }
    const before = await eventNumber(page);
    await take(page, step.take);
    await step.then?.(page);
    if (step.becomes === null) await expect(item).toHaveCount(0);
    else if (step.becomes) await expect(item).toHaveAccessibleName(step.becomes);
    if (step.says) await expect(caption(page)).toContainText(step.says);
    await expect.poll(() => eventNumber(page), step.take).toBeGreaterThan(before);
    untried.delete(step.take);
  }
  expect([...untried]).toEqual([]);
}

const crashFirst = { "node-lose-disk": /crash it first/ };
const always = { "node-clock": null, "node-isolate": null };
const up = { "node-crash": null, "node-pause": null, "node-fire": null, ...crashFirst, ...always };
const paused = { "node-crash": null, "node-resume": null, "node-fire": /resume it first/, ...crashFirst, ...always };
const crashed = {
  "node-restart": null,
  "node-pause": /restart it first/,
  "node-fire": /restart it first/,
  "node-lose-disk": null,
  ...always,
};

test("every action of a node's menu works by keyboard, and says why when it does not", async ({ lab }) => {
  await runUntilLeader(lab);
  const s1 = lab.locator('[data-node="S1"]');
  // With nothing selected, Tab leads to the first node; the arrow keys lead on and back.
  await lab.keyboard.press("Escape");
  await lab.locator('.stage [tabindex="0"]').focus();
  await walk(lab, s1, ["ArrowDown", "ArrowUp"], [
    { offers: up, take: "node-pause", becomes: /paused/ },
    { offers: paused, take: "node-resume", becomes: /^S1, \w+, T\d+$/ },
    { offers: up, take: "node-fire", says: /S1/ },
    {
      offers: up,
      take: "node-clock",
      says: /clock/,
      then: async (page) => {
        await page.locator("#clock-offset").fill("40");
        await page.keyboard.press("Enter");
      },
    },
    { offers: up, take: "node-isolate", says: /split|cut/i },
    { offers: up, take: "node-crash", becomes: /crashed/ },
    { offers: crashed, take: "node-lose-disk", says: /disk/ },
    { offers: crashed, take: "node-restart", becomes: /^S1, follower, T0$/ },
  ]);
  await expect(lab.getByText("4 of 5 · a majority")).toBeVisible();
});

const tune = { "link-tune": null };
const whole = { "link-cut": null, "link-heal": /not cut/, "link-cut-forth": null, "link-cut-back": null, ...tune };
const noForth = { "link-cut": null, "link-heal": null, "link-heal-forth": null, "link-cut-back": null, ...tune };
const noBack = { "link-cut": null, "link-heal": null, "link-cut-forth": null, "link-heal-back": null, ...tune };
const cut = { "link-cut": /already/, "link-heal": null, "link-heal-forth": null, "link-heal-back": null, ...tune };

test("every action of a link's menu works by keyboard", async ({ lab }) => {
  await walk(lab, lab.locator('[data-link="S1-S2"]'), ["l"], [
    { offers: whole, take: "link-cut-forth", becomes: /cut from S1 to S2/ },
    { offers: noForth, take: "link-heal-forth", becomes: /Link S1 – S2$/ },
    { offers: whole, take: "link-cut-back", becomes: /cut from S2 to S1/ },
    { offers: noBack, take: "link-cut", becomes: /cut$/ },
    { offers: cut, take: "link-heal-back", becomes: /cut from S1 to S2/ },
    { offers: noForth, take: "link-heal", becomes: /Link S1 – S2$/ },
    {
      offers: whole,
      take: "link-tune",
      becomes: /50 ms · 10 % lost/,
      then: async (page) => {
        await page.locator("#link-least").fill("50");
        await page.locator("#link-loss").fill("10");
        await page.keyboard.press("Enter");
      },
    },
  ]);
});

const flying = { "message-deliver": null, "message-drop": null, "message-duplicate": null, "message-damage": null };
const free = { ...flying, "message-hold": null, "message-delay": null };
const held = { ...flying, "message-release": null, "message-delay": /release it first/ };

test("every action of a message's menu works by keyboard", async ({ site }) => {
  await visit(site, "minority-leader");
  const message = async (place: number) => {
    const id = await site.locator("[data-message]").nth(place).getAttribute("data-message");
    return site.locator(`[data-message="${id}"]`);
  };
  const count = await site.locator("[data-message]").count();
  const [first, second] = [await message(0), await message(1)];
  await walk(site, first, ["m"], [
    { offers: free, take: "message-hold", becomes: /held$/ },
    { offers: held, take: "message-release", becomes: /from \w+ to \w+$/ },
    {
      offers: free,
      take: "message-duplicate",
      then: (page) => expect(page.locator("[data-message]")).toHaveCount(count + 1),
    },
    { offers: free, take: "message-delay", says: /delayed/ },
    { offers: free, take: "message-drop", becomes: null },
    { offers: free, take: "message-damage", on: second, says: /is damaged/ },
    { offers: { ...free, "message-damage": /damaged already/ }, take: "message-deliver", on: second, becomes: null },
  ]);
});

test("every entry of the menu of moments works by keyboard", async ({ lab }) => {
  await lab.locator('[data-node="S2"]').click();
  // Until each measure changes, those of S2 among them; a sentence says so when it does not.
  const runs = (before: string) =>
    expect
      .poll(async () => (await counter(lab).textContent()) !== before || /did not happen/.test((await lab.getByTestId("notice").textContent()) ?? ""))
      .toBe(true);
  const measures = ["leaders", "term", "log-1", "committed", "uncommitted", "answered"];
  const entries: [string, () => Promise<void>][] = [
    ...measures.map((name): [string, () => Promise<void>] => [`until-${name}`, () => runs(before)]),
    ["until-telling", () => runs(before)],
    ["until-node", () => expect(caption(lab)).toContainText("S2")],
    ["until-leader", () => expect(leader(lab)).toHaveCount(1)],
    ["until-check", () => expect(lab.getByTestId("notice").or(caption(lab)).first()).not.toBeEmpty()],
    [
      "until-moment",
      async () => {
        await lab.getByTestId("moment-time").fill("2");
        await lab.keyboard.press("Enter");
        await expect(lab.getByTestId("moment")).toContainText(/t = (1\.9|2\.0)/);
      },
    ],
  ];
  let before = "";
  for (const [entry, effect] of entries) {
    before = (await counter(lab).textContent()) ?? "";
    await lab.getByTestId("run-until").focus();
    await lab.keyboard.press("Enter");
    expect((await offered(lab)).map(([id]) => id).sort()).toEqual(entries.map(([id]) => id).sort());
    await take(lab, entry);
    await effect();
  }
});

test("a client does each of its operations by keyboard", async ({ lab }) => {
  await runUntilLeader(lab);
  await lab.keyboard.press("c");
  const names = await lab
    .locator('[data-testid^="operate-"]')
    .evaluateAll((all) => all.map((button) => button.getAttribute("data-testid") ?? ""));
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) {
    const before = await eventNumber(lab);
    await lab.getByTestId(name).focus();
    await lab.keyboard.press("Enter");
    await expect.poll(() => eventNumber(lab)).toBeGreaterThan(before);
    await expect(caption(lab)).toContainText("C1");
  }
});

/** Draws a line round S1 and S2. */
async function lasso(page: Page) {
  const box = async (label: string) => {
    const found = await page.locator(`[data-node="${label}"] .outline`).boundingBox();
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
  await page.mouse.move(...corners[0]);
  await page.mouse.down();
  for (const corner of corners) await page.mouse.move(...corner, { steps: 8 });
  await page.mouse.up();
}

test("a lasso splits the nodes off that it catches, or crashes them", async ({ lab }) => {
  const effects: [string, () => Promise<void>][] = [
    ["lasso-split", () => expect(lab.getByText("2 of 5 · no majority")).toBeVisible()],
    ["lasso-crash", () => expect(lab.locator('[data-node][aria-label$="crashed"]')).toHaveCount(2)],
  ];
  for (const [entry, effect] of effects) {
    await lasso(lab);
    expect((await offered(lab)).map(([id]) => id)).toEqual(effects.map(([id]) => id));
    await take(lab, entry);
    await effect();
    await lab.getByTestId("heal-all").click();
  }
});

test("the text view offers the same, and it works by keyboard", async ({ lab }) => {
  await lab.getByTestId("text").click();
  const rows: [string, string, RegExp][] = [
    ["text-node-S1", "node-crash", /^S1 .*crashed/],
    ["text-link-S1-S2", "link-cut", /^S1 – S2 cut/],
  ];
  for (const [button, entry, row] of rows) {
    await lab.getByTestId(button).focus();
    await lab.keyboard.press("Enter");
    await take(lab, entry);
    await expect(lab.getByRole("row", { name: row })).toBeVisible();
  }
});

test("with reduced motion the menu of a message opens where the message rests", async ({ site }) => {
  await site.emulateMedia({ reducedMotion: "reduce" });
  await visit(site, "minority-leader");
  await site.keyboard.press("m");
  const mark = (await site.locator("[data-message][aria-current] .hit").boundingBox())!;
  await site.keyboard.press("Enter");
  const menu = (await site.locator(".stage-menu").boundingBox())!;
  expect(Math.abs(menu.x - 8 - mark.x - mark.width / 2)).toBeLessThan(4);
});
