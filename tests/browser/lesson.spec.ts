import type { Page } from "@playwright/test";
import { barriers } from "./axe";
import { choose, expect, test } from "./lab";

const panel = (page: Page) => page.getByTestId("lesson");
const forward = (page: Page) => page.getByTestId("lesson-go-on");
const isAt = (page: Page, phase: string) => expect(panel(page)).toHaveAttribute("data-phase", phase);
const leaders = (page: Page) => page.locator('[data-node][data-role="leader"]');

async function open(page: Page, id: string, step?: number) {
  await page.addInitScript(() => localStorage.setItem("netsplit.hint", "done"));
  await page.goto(`./#/lesson/${id}${step ? `/${step}` : ""}`);
  await expect(panel(page)).toBeVisible();
}

/** Locks what is chosen, lets it run and skips to its end. */
async function reveal(page: Page) {
  await forward(page).click();
  await isAt(page, "locked");
  await forward(page).click();
  await isAt(page, "running");
  await page.getByTestId("lesson-skip").click();
  await isAt(page, "told");
}

async function answer(page: Page, ...choices: number[]) {
  await isAt(page, "asking");
  for (const choice of choices) await page.getByTestId(`choice-${choice}`).click();
  await reveal(page);
}

/** In step 5: S1 sleeps until another server leads, and wakes up. */
async function makeTwoLeaders(page: Page) {
  await choose(page, '[data-node="S1"]', "node-pause");
  await page.getByTestId("run-until").click();
  await page.getByTestId("until-leader").click();
  await choose(page, '[data-node="S1"]', "node-resume");
  await expect(page.getByTestId("lesson-done")).toBeVisible();
}

test("a lesson from its first step to its last, by pointer", async ({ site }) => {
  test.slow();
  await open(site, "raft-two-leaders");
  await expect(site.getByTestId("lesson-place")).toHaveText("Step 1 of 6");
  // Until an answer is locked, time stands still and nothing can be done.
  await choose(site, '[data-node="S1"]', "node-crash");
  await expect(site.getByTestId("notice")).toContainText("Time stands still until you have locked an answer.");
  await site.getByTestId("play").click();
  await expect(site.getByTestId("notice")).toContainText("Time stands still");

  await answer(site, 1);
  await expect(site.getByTestId("lesson-told")).toContainText("It came out differently.");
  await expect(site.getByTestId("choice-2")).toContainText("What happened");
  await forward(site).click();
  await answer(site, 2);
  await expect(site.getByTestId("lesson-told")).toContainText("Yes, that is how it came out.");
  await forward(site).click();

  await expect(site).toHaveURL(/#\/lesson\/raft-two-leaders\/2$/);
  await answer(site, 1);
  await expect(leaders(site)).toHaveCount(2);
  // Why not: the moment at which S3 was elected stands in a branch, and one button comes back.
  await site.getByTestId("lesson-show").click();
  await expect(site.getByTestId("branch-B")).toContainText("why not");
  await site.getByTestId("lesson-return").click();
  await expect(site.getByTestId("branch-A")).toHaveAttribute("aria-pressed", "true");
  await forward(site).click();

  await answer(site, 1, 4);
  await expect(site.getByTestId("lesson-told")).toContainText("Yes, that is how it came out.");
  await forward(site).click();

  // A node is pressed on the stage; the answer comes out with that of the next question.
  await site.locator('[data-node="S3"]').first().click();
  await expect(site.getByTestId("lesson-options")).toHaveValue("3");
  await forward(site).click();
  await isAt(site, "asking");
  await answer(site, 2);
  await expect(site.getByTestId("lesson-told")).toHaveCount(2);
  await forward(site).click();

  await isAt(site, "doing");
  await makeTwoLeaders(site);
  await forward(site).click();

  await answer(site, 2);
  await forward(site).click();
  await site.getByTestId("lesson-hint").click();
  await site.getByTestId("lesson-hint").click();
  await site.getByTestId("lesson-solve").click();
  await site.getByTestId("lesson-return").click();
  // To see a solution is not to have done it.
  await expect(site.getByTestId("lesson-done")).toHaveCount(0);
  await forward(site).click();
  await expect(site.getByTestId("lesson-score")).toHaveText("You saw 5 of 7 things coming, and did 1 of 2 tasks.");
  await site.getByTestId("lesson-label").fill("group 4");
  const [saved] = await Promise.all([site.waitForEvent("download"), site.getByTestId("lesson-save").click()]);
  expect(saved.suggestedFilename()).toBe("raft-two-leaders.group-4.answers.json");

  // All of it is there after a reload.
  await site.goto("./#/");
  await open(site, "raft-two-leaders", 2);
  await expect(site.getByTestId("lesson-step-3")).toHaveClass(/done/);
  await expect(panel(site).getByText("It came out differently.")).toBeVisible();
  await site.getByTestId("lesson-leave").click();
  await expect(site).toHaveURL(/#\/lab\/raft$/);
  await expect(panel(site)).toHaveCount(0);
});

test("a lesson by keyboard alone", async ({ site }) => {
  await open(site, "raft-two-leaders", 2);
  await site.keyboard.press("h");
  await expect(panel(site)).toContainText("Hint 1 of 1");
  await site.keyboard.press("3");
  await expect(site.getByTestId("choice-3").getByRole("radio")).toBeChecked();
  await site.keyboard.press("Enter");
  await isAt(site, "locked");
  await expect(forward(site)).toBeFocused();
  await site.keyboard.press("Enter");
  await isAt(site, "running");
  await site.keyboard.press("Enter");
  await isAt(site, "told");
  await expect(site.locator("#lesson-feedback")).toBeFocused();
  await expect(site.getByTestId("lesson-said")).toContainText("It came out differently. Who would tell S1?");
  await site.keyboard.press("j");
  await expect(site.getByTestId("lesson-place")).toHaveText("Step 3 of 6");
  await site.keyboard.press("k");
  await expect(site.getByTestId("lesson-place")).toHaveText("Step 2 of 6");
});

test("a run that is not skipped comes to its end by itself", async ({ site }) => {
  test.slow();
  await open(site, "heartbeats-dead-or-slow");
  await site.getByTestId("lesson-number").fill("300");
  await site.getByTestId("lesson-number").press("Enter");
  await isAt(site, "locked");
  await forward(site).click();
  // A slow machine draws fewer pictures, and time waits for them.
  await expect(panel(site)).toHaveAttribute("data-phase", "told", { timeout: 60_000 });
  await expect(site.getByTestId("lesson-told")).toContainText("270 ms");
  await forward(site).click();
  // Both stories stand side by side, and can be gone through one by one.
  await answer(site, 2);
  await expect(site.locator(".compare-side")).toHaveCount(2);
  await site.getByTestId("lesson-way-dead").click();
  await expect(site.getByTestId("lesson-way-dead")).toHaveAttribute("aria-pressed", "true");
});

test("a lost goal says what lost it, and there is a way back", async ({ site }) => {
  await open(site, "raft-two-leaders", 5);
  await choose(site, '[data-node="S2"]', "node-crash");
  const goal = site.getByTestId("goal-2");
  await expect(goal).toContainText("can no longer be met");
  await expect(goal).toContainText("S2 crashes");
  await goal.getByTestId("lesson-go-back").click();
  await expect(goal).toContainText("so far");
  await makeTwoLeaders(site);
  // What was done is kept: the run stands in the list of the lab.
  await site.getByTestId("lesson-leave").click();
  await site.goto("./#/");
  await expect(site.getByTestId("go-on")).toContainText("Two leaders at once");
});

test("what other runs would say is tried out in a worker", async ({ site }) => {
  const letTimePass = async (seconds: number) => {
    await site.getByTestId("run-until").click();
    await site.getByTestId("until-moment").click();
    await site.getByTestId("moment-time").fill(String(seconds));
    await site.getByTestId("moment-go").click();
  };
  await open(site, "heartbeats-dead-or-slow", 5);
  await answer(site, 2);
  await forward(site).click();
  await isAt(site, "doing");
  await site.getByTestId("fold-side").click();
  await site.getByTestId("side-settings").click();
  await site.getByTestId("setting-timeout_ms").fill("210");
  await site.getByTestId("setting-timeout_ms").press("Enter");
  await site.getByTestId("sheet-close").click();
  await letTimePass(10);
  await expect(site.getByTestId("moment")).toContainText("t = 10");
  await choose(site, '[data-node="A"]', "node-crash");
  const worker = site.waitForEvent("worker");
  await letTimePass(10.6);
  await worker;
  await expect(site.getByTestId("lesson-done")).toBeVisible();
  await expect(site.getByTestId("goal-4")).toHaveAttribute("data-state", "met");
  await expect.poll(() => site.workers().length).toBe(0);
});

test("a lesson on a phone", async ({ site }) => {
  await site.setViewportSize({ width: 390, height: 844 });
  await open(site, "raft-two-leaders", 2);
  await expect(site.getByTestId("pane-lesson")).toHaveAttribute("aria-current", "page");
  await answer(site, 3);
  await expect(site.getByTestId("lesson-told")).toBeInViewport();
  await expect(site.locator('[data-node="S1"]').first()).toBeInViewport();
  expect(await site.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test("a lesson in front of a class", async ({ site }) => {
  await open(site, "raft-two-leaders", 2);
  // What is said before is not for the class.
  await site.getByTestId("play").click();
  await expect(site.getByTestId("notice")).toContainText("Time stands still");
  await site.getByTestId("present").click();
  const large = site.getByTestId("lesson-large");
  await expect(large).toBeVisible();
  await expect(site.getByTestId("notice")).not.toContainText("Time stands still");
  await expect(large).toContainText("How many servers will take themselves for the leader");
  await site.keyboard.press("4");
  await site.keyboard.press("4");
  await expect(site.getByTestId("hands-4")).toHaveText("2");
  await site.keyboard.press("PageDown");
  await expect(large).toHaveCount(0);
  await site.keyboard.press("PageDown");
  await expect(leaders(site)).toHaveCount(2);
  await site.keyboard.press("PageDown");
  await expect(site.getByTestId("large-choice-4")).toContainText("What happened");
  await expect(site.getByTestId("hands-4")).toHaveText("2");
  await site.keyboard.press("PageDown");
  await expect(large).toContainText("Which of these will be true in a second?");
  await site.keyboard.press("v");
  await expect(site.getByTestId("large-choice-1")).toContainText("What happened");
  await expect(site.getByTestId("large-choice-2")).not.toContainText("What happened");
});

test("axe finds nothing in a lesson", async ({ site }) => {
  test.slow();
  await open(site, "raft-two-leaders", 2);
  const found = await barriers(site, "asking");
  await answer(site, 3);
  found.push(...(await barriers(site, "told")));
  await open(site, "raft-two-leaders", 5);
  await choose(site, '[data-node="S2"]', "node-crash");
  found.push(...(await barriers(site, "doing", "#lesson")));
  expect(found).toEqual([]);
});

test("a lesson that does not exist is answered with a sentence", async ({ site }) => {
  await site.goto("./#/lesson/no-such-lesson");
  await expect(site.getByRole("alert")).toContainText("there is no lesson no-such-lesson");
});

/** Saves a worksheet and opens it from the disk, as who prints it does. Returns its page, and what went wrong there. */
async function worksheet(site: Page, press: () => Promise<void>) {
  const [download] = await Promise.all([site.waitForEvent("download"), press()]);
  expect(download.suggestedFilename()).toBe("worksheet-raft-two-leaders.html");
  const file = `${await download.path()}.html`;
  await download.saveAs(file);
  const [sheet, asked, problems] = [await site.context().newPage(), [] as string[], [] as string[]];
  sheet.on("request", (request) => asked.push(request.url()));
  sheet.on("console", (message) => problems.push(message.text()));
  await sheet.goto(`file://${file}`);
  expect(asked).toHaveLength(1);
  expect(problems).toEqual([]);
  return sheet;
}

test("a worksheet is a file with a stage for each moment, and asks for nothing", async ({ site }) => {
  await site.addInitScript(() => localStorage.setItem("netsplit.theme", "dark"));
  await open(site, "raft-two-leaders", 2);
  const sheet = await worksheet(site, () => site.getByTestId("lesson-print").click());
  await expect(site.getByTestId("notice")).toContainText("The worksheet is saved");
  await expect(sheet.getByText("Because", { exact: true })).toHaveCount(7);
  await expect(sheet.getByText("What I did", { exact: true })).toHaveCount(2);
  // In the steps 4 and 6 two blocks begin at the same moment and share its stage.
  await expect(sheet.locator("figure > svg")).toHaveCount(7);
  for (const stage of await sheet.locator("figure > svg").all()) await expect(stage).toContainText("S3");
  await expect(sheet.locator("figure > svg > rect").first()).toHaveAttribute("fill", "white");
  await expect(sheet.locator(".key")).toHaveCount(0);
  // What the stages were drawn in is gone, and the page is as it was.
  await expect(site.locator(".paper")).toHaveCount(0);
  await isAt(site, "asking");
});

test("the window for notes gives a worksheet with its key", async ({ site }) => {
  await site.addInitScript(() => localStorage.setItem("netsplit.hint", "done"));
  await site.goto("./?view=present#/lesson/raft-two-leaders/2");
  await expect(site.getByTestId("lesson-large")).toBeVisible();
  const [notes] = await Promise.all([site.waitForEvent("popup"), site.keyboard.press("w")]);
  const sheet = await worksheet(site, () => notes.getByTestId("notes-worksheet").click());
  await expect(sheet.locator(".key .right")).toHaveCount(9);
  await notes.close();
});

test("on paper there is the panel of the lesson alone", async ({ site }) => {
  await open(site, "raft-two-leaders", 2);
  await expect(site.getByTestId("play")).toBeVisible();
  await site.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(panel(site).getByText("How many servers will take themselves for the leader")).toBeVisible();
  for (const id of ["play", "event-counter", "lesson-go-on", "lesson-leave"]) await expect(site.getByTestId(id)).toBeHidden();
  const [ink, cut] = await panel(site).evaluate((panel) => {
    const body = panel.querySelector(".lesson-body")!;
    return [getComputedStyle(body).color, body.scrollHeight - body.clientHeight];
  });
  expect([ink, cut]).toEqual(["rgb(0, 0, 0)", 0]);
  expect((await site.pdf()).length).toBeGreaterThan(1_000);
});
