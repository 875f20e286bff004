import type { Page } from "@playwright/test";
import { caption, choose, counter, eventNumber, expect, runUntilLeader, skipHint, test, visit } from "./lab";

// Case "Lost without a word" of the first trial: another scenario, Back, reload and Open it again lost branches and bookmarks.

/** A run with a second branch, a bookmark in the common past, and a place of its own. Returns the moment it stands at. */
async function work(page: Page): Promise<string> {
  await skipHint(page);
  await visit(page, "minority-leader");
  await page.keyboard.press("b");
  await page.keyboard.press("n");
  await page.keyboard.press("n");
  await page.getByTestId("step-back").click();
  await choose(page, '[data-node="S3"]', "node-crash");
  await expect(page.getByTestId("branch-B")).toBeVisible();
  await page.keyboard.press("n");
  await expect(caption(page)).not.toContainText("S3 crashes");
  return (await page.getByTestId("moment").textContent())!;
}

/** All of that is there again. */
async function isBack(page: Page, moment: string) {
  await expect(page.getByTestId("moment")).toHaveText(moment);
  await expect(page.getByTestId("branch-B")).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator('[data-testid^="bookmark-A@"]')).toHaveCount(1);
  await expect(page.locator('[data-node="S3"]').first()).toHaveAttribute("aria-label", /crashed/);
}

const runs = (page: Page) => page.locator(".runs .run");

async function write(page: Page, place: string, note: string) {
  await page.getByTestId(`bookmark-rename-${place}`).focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("new-note").fill(note);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

test("reload, another scenario, Back and the start page lose nothing", async ({ site }) => {
  const moment = await work(site);
  await site.reload();
  await isBack(site, moment);
  await expect(site.getByTestId("notice")).toContainText("Your run as you left it");
  await expect(site.getByTestId("run-back")).toContainText("Your run as you left it");

  await site.getByTestId("scenario-picker").click();
  await site.getByTestId("scenario-split-vote").click();
  await expect(site).toHaveURL(/split-vote$/);
  await expect(site.getByTestId("branch-B")).toHaveCount(0);
  await site.goBack();
  await isBack(site, moment);

  await site.goto("./#/");
  const goOn = site.getByTestId("go-on");
  await expect(goOn).toContainText("Raft");
  await expect(goOn).toContainText("2 branches · 1 act · 1 bookmark");
  await site.getByTestId("go-on-last").click();
  await expect(site).toHaveURL(/#\/run\/raft\/\d+$/);
  await isBack(site, moment);
  // What is done from here on stays too.
  await site.keyboard.press("n");
  const next = (await site.getByTestId("moment").textContent())!;
  await visit(site, "minority-leader");
  await isBack(site, next);
});

test("a visit that only looks leaves nothing behind", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  await visit(site, "split-vote");
  await expect(runs(site)).toHaveCount(0);
  await site.goto("./#/");
  await expect(site.getByTestId("start")).toBeVisible();
  await expect(site.getByTestId("go-on")).toHaveCount(0);
});

test("beginning again keeps the run in the list", async ({ site }) => {
  const moment = await work(site);
  await site.getByTestId("open-again").click();
  await expect(site.getByTestId("branch-B")).toHaveCount(0);
  await expect(runs(site)).toHaveCount(1);
  await site.reload();
  await expect(counter(site)).toBeVisible();
  await expect(site.getByTestId("branch-B")).toHaveCount(0);
  await runs(site).getByRole("button").first().click();
  await isBack(site, moment);
  // From the notice of a run that is back, too.
  await visit(site, "split-vote");
  await site.keyboard.press("n");
  await site.reload();
  const begun = (await counter(site).textContent())!;
  await site.getByTestId("begin-again").click();
  await expect(counter(site)).not.toHaveText(begun);
  await expect(site.getByTestId("notice")).toBeEmpty();
});

test("what is removed can be put back, by keyboard too", async ({ site }) => {
  const moment = await work(site);
  await site.getByTestId("branch-remove-B").focus();
  await site.keyboard.press("Enter");
  await expect(site.getByTestId("branch-B")).toHaveCount(0);
  await expect(site.getByTestId("notice")).toContainText("Branch B is removed.");
  await expect(site.getByTestId("undo")).toBeFocused();
  await site.keyboard.press("Enter");
  await isBack(site, moment);

  const mark = site.locator('[data-testid^="bookmark-A@"]');
  const place = (await mark.getAttribute("data-testid"))!.replace("bookmark-", "");
  await write(site, place, "Who notices first?");
  await site.getByTestId(`bookmark-remove-${place}`).click();
  await expect(mark).toHaveCount(0);
  await site.keyboard.press("u");
  await expect(mark).toContainText("Who notices first?");

  await visit(site, "split-vote");
  await runs(site).getByRole("button", { name: /^Remove this run/ }).click();
  await expect(runs(site)).toHaveCount(0);
  await site.getByTestId("undo").click();
  await expect(runs(site)).toHaveCount(1);
  await visit(site, "minority-leader");
  await isBack(site, moment);
});

test("a link carries where it came from, title, note and the bookmarks of its whole line", async ({ site, context }) => {
  const moment = await work(site);
  const place = (await site.locator('[data-testid^="bookmark-A@"]').getAttribute("data-testid"))!.replace("bookmark-", "");
  await write(site, place, "Who notices first?");
  await site.getByTestId("share").click();
  const before = await site.getByTestId("share-link").inputValue();
  await site.getByTestId("share-title").fill("Without <b>S3</b>");
  await site.getByTestId("share-note").fill('<img src="x" onerror="document.title=1"> Step back twice.');
  await expect(site.getByTestId("share-link")).not.toHaveValue(before);
  const address = await site.getByTestId("share-link").inputValue();
  expect(address).toMatch(/#2;[\w-]+$/);
  await site.keyboard.press("Escape");
  const scenario = (await site.locator("#scenario-title").textContent())!;
  expect(scenario).toBe("Without <b>S3</b>");

  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByTestId("moment")).toHaveText(moment);
  await expect(other.locator("#scenario-title")).toHaveText("Without <b>S3</b>");
  await expect(other.getByTestId("origin")).toContainText(/^From: .+, with 1 act since/);
  await expect(other.getByTestId("run-note")).toContainText('<img src="x" onerror="document.title=1"> Step back twice.');
  await expect(other.getByText("A run of your own")).toHaveCount(0);
  await expect(other.getByTestId(`bookmark-${place}`)).toContainText("Who notices first?");

  // Going on from there is a run of its own; the link still shows its moment, and offers it.
  await choose(other, '[data-node="S1"]', "node-crash");
  await other.keyboard.press("n");
  const gone = (await other.getByTestId("moment").textContent())!;
  await other.reload();
  await expect(other.getByTestId("moment")).toHaveText(moment);
  await other.getByTestId("go-on-with").click();
  await expect(other.getByTestId("moment")).toHaveText(gone);
  await other.close();
  await site.reload();
  await isBack(site, moment);
});

test("two tabs do not overwrite each other's run", async ({ site, context }) => {
  await work(site);
  const other = await context.newPage();
  await visit(other, "minority-leader");
  await expect(other.getByTestId("branch-B")).toBeVisible();
  await choose(other, '[data-node="S1"]', "node-crash");
  await choose(site, '[data-node="S2"]', "node-crash");
  await other.close();
  await site.reload();
  await expect(runs(site)).toHaveCount(2);
  const crashed = async () => (await site.locator('[data-node="S1"]').first().getAttribute("aria-label"))!.includes("crashed");
  const here = await crashed();
  await site.locator(".runs .card-button:not([aria-current])").click();
  await expect.poll(crashed).toBe(!here);
});

test("bookmarks with notes are the steps of a clicker, and stand on the screen and in the teacher's window", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  const first = await eventNumber(site);
  await site.keyboard.press("b");
  for (let step = 0; step < 5; step += 1) await site.keyboard.press("n");
  await expect(counter(site)).toContainText(`event ${first + 5} of`);
  await site.keyboard.press("b");
  await write(site, `A@${first}`, "Who leads here?");
  await write(site, `A@${first + 5}`, "And who leads now?");
  await site.reload();
  await expect(site.getByTestId(`bookmark-A@${first}`)).toContainText("Who leads here?");

  await site.keyboard.press("Home");
  await site.keyboard.press("f");
  await expect(site.getByTestId("presenting")).toBeVisible();
  await expect(site.getByTestId("bookmark-note")).toHaveCount(0);
  await site.keyboard.press("PageDown");
  await expect(counter(site)).toContainText(`event ${first} of`);
  await expect(site.getByTestId("bookmark-note")).toContainText("Who leads here?");
  const [notes] = await Promise.all([site.waitForEvent("popup"), site.keyboard.press("w")]);
  await expect(notes.getByTestId("notes-bookmark")).toContainText("Who leads here?");
  await expect(notes.getByTestId("notes-next-bookmark")).toContainText("And who leads now?");
  await site.bringToFront();
  await site.keyboard.press("PageDown");
  await expect(counter(site)).toContainText(`event ${first + 5} of`);
  await expect(notes.getByTestId("notes-bookmark")).toContainText("And who leads now?");
  await site.keyboard.press("PageUp");
  await expect(counter(site)).toContainText(`event ${first} of`);
  // On a black screen a page first shows where one is.
  await site.keyboard.press(".");
  await site.keyboard.press("PageDown");
  await expect(counter(site)).toContainText(`event ${first} of`);
});

test("a run with other settings says what it came from, and has an address of its own", async ({ lab }) => {
  const scenario = (await lab.locator("#scenario-title").textContent())!;
  await runUntilLeader(lab);
  await lab.getByTestId("side-settings").click();
  await lab.getByTestId("seed").fill("99");
  await lab.getByTestId("restart").click();
  await expect(lab).toHaveURL(/#\/run\/raft\/\d+$/);
  await expect(lab.locator("#scenario-title")).toHaveText("A run of your own");
  await expect(lab.getByTestId("origin")).toHaveText(`From: ${scenario}, begun anew with the settings below.`);
  await lab.reload();
  await expect(lab.getByTestId("moment")).toContainText("seed 99");
  // Who only goes through seeds does not fill the list.
  await expect(runs(lab)).toHaveCount(2);
  await lab.getByTestId("side-settings").click();
  await lab.getByTestId("another-seed").click();
  await lab.getByTestId("another-seed").click();
  await expect(runs(lab)).toHaveCount(3);
  await lab.goBack();
  await expect(lab.getByTestId("moment")).toContainText("seed 99");
  await lab.goBack();
  await expect(lab.locator("#scenario-title")).toHaveText(scenario);
  await expect(lab.locator('[data-node][data-role="leader"]')).toHaveCount(1);
});

test("an unknown scenario gets a sentence, and another one is shown", async ({ site }) => {
  await skipHint(site);
  await visit(site, "no-such-scenario");
  await expect(site.getByTestId("notice")).toContainText("This lab has no scenario no-such-scenario");
  await expect(site.getByTestId("notice")).toContainText("Choose another one under Scenarios.");
  await expect(site.getByText("A run of your own")).toHaveCount(0);
  await site.goto("./#/run/raft/12");
  await expect(site.getByTestId("notice")).toContainText("This run is not kept in this browser");
});

for (const [name, refuse] of [
  ["refused", () => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("refused", "SecurityError"); } })],
  ["full", () => { Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }; }],
] as [string, () => void][]) {
  test(`where storage is ${name}, runs stay as long as the page is open`, async ({ site }) => {
    await site.addInitScript(refuse);
    await visit(site, "minority-leader");
    await site.getByTestId("level-all").click();
    await site.keyboard.press("n");
    await choose(site, '[data-node="S3"]', "node-crash");
    const moment = (await site.getByTestId("moment").textContent())!;
    await site.getByTestId("scenario-picker").click();
    await site.getByTestId("scenario-split-vote").click();
    await expect(runs(site)).toHaveCount(1);
    await site.goBack();
    await expect(site.getByTestId("moment")).toHaveText(moment);
    await site.reload();
    await expect(counter(site)).toBeVisible();
    await site.getByTestId("level-all").click();
    await expect(runs(site)).toHaveCount(0);
  });
}
