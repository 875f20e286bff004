import { expect, test as base, type Locator, type Page } from "@playwright/test";

/** Collects what must never happen: a panic, or an error in the console. */
function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  return problems;
}

/** The level that visitors have chosen before: the one with everything at hand, or none, on a first visit. */
export type Level = "all" | "none";

/** Every test with this fails on a panic or an error in the console. `site` is an empty page, `lab` stands in a lab. */
export const test = base.extend<{ level: Level; site: Page; lab: Page }>({
  level: ["all", { option: true }],
  context: async ({ context, level }, use) => {
    await context.addInitScript((level) => {
      // A sandbox has no storage.
      try {
        if (level !== "none") localStorage.setItem("netsplit.level", localStorage.getItem("netsplit.level") ?? level);
      } catch {}
    }, level);
    await use(context);
  },
  site: async ({ page }, use) => {
    const problems = watch(page);
    await use(page);
    expect(problems).toEqual([]);
  },
  lab: async ({ site }, use) => {
    await visit(site, "first-election");
    await use(site);
  },
});

export { expect };

/** All cards of labs stand there, with their pictures. */
export async function expectPictures(page: Page) {
  const card = '.lab-card[data-testid^="lab-"]';
  await expect(page.locator(`${card}:has(.miniature path)`).first()).toBeVisible();
  await expect(page.locator(`${card}:not(:has(.miniature path))`)).toHaveCount(0);
}

/** Opens a scenario of the Raft lab. */
export async function visit(page: Page, scenario: string) {
  await page.goto(`./#/lab/raft/${scenario}`);
  await whole(page);
}

/** What stands around the stage is there too: the room has the size that it keeps. */
export async function whole(page: Page) {
  await expect(page.locator(".lab-page")).toHaveAttribute("data-whole", "true");
  await expect(counter(page)).toBeVisible();
}

export const counter = (page: Page): Locator => page.getByTestId("event-counter");

export const caption = (page: Page): Locator => page.getByTestId("caption");

export async function eventNumber(page: Page): Promise<number> {
  const text = (await counter(page).textContent()) ?? "";
  return Number(/event (\d+) of/.exec(text)?.[1]);
}

/** What the stage shows of the nodes, without what moves. */
export const nodes = (page: Page): Promise<string[]> =>
  page.locator("[data-node]").evaluateAll((all) =>
    all.map((node) => [node.getAttribute("aria-label"), node.getAttribute("data-role")].join()),
  );

export const leader = (page: Page): Locator => page.locator('[data-node][data-role="leader"]');

export async function runUntilLeader(page: Page) {
  await page.getByTestId("run-until").click();
  await page.getByTestId("until-leader").click();
  await expect(leader(page)).toHaveCount(1);
}

/** Waits until what the page does for its next picture has been done. */
export const nextPicture = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

/** Opens the menu of something on the stage and takes an entry. */
export async function choose(page: Page, item: string, entry: string) {
  await page.locator(item).dispatchEvent("contextmenu");
  await page.getByTestId(entry).click();
}

/** The first visit is over: no hint. */
export async function skipHint(page: Page) {
  await page.addInitScript(() => localStorage.setItem("netsplit.hint", "done"));
}

/** Chooses a theme for this visit. */
export async function wear(page: Page, theme: "light" | "dark" | "projector") {
  await page.addInitScript((name) => localStorage.setItem("netsplit.theme", name), theme);
}
