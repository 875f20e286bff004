import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { barriers } from "./axe";
import { expect, test } from "./lab";

const LESSON = "heartbeats-dead-or-slow";

/** The digest of a lesson's text (Fowler, Noll and Vo's hash, version 1a, of its lines without what stands blank at their ends). */
const digest = (text: string): string => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text.replace(/\n$/, "").split("\n").map((line) => `${line.trimEnd()}\n`).join(""))) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, "0");
};

/** How step 4 is done: 650 ms after the start, the way from A to B is cut. */
const done = (end: object = {}) => ({
  scenario: { settings: {}, seed: 1, inputs: [{ after_event: 20, at_us: 650_000, input: { cut: { from: 0, to: 1 } } }], cursor: 29 },
  at_us: 930_000,
  hints: 1,
  ...end,
});

/** A file with answers to steps 1, 2 and 4. */
const file = async (name: string, answers: { label: string; number: number; choice: number; task: object }) => {
  const text = await readFile("crates/labs/failure/src/heartbeats/lesson.md", "utf8");
  const { label, number, choice, task } = answers;
  const steps = [
    { step: 1, predict: [{ answer: number }] },
    { step: 2, predict: [{ answer: [choice] }] },
    { step: 4, do: [task] },
  ];
  const content = JSON.stringify({ netsplit: 1, lesson: LESSON, text: digest(text), label, steps });
  return { name, mimeType: "application/json", buffer: Buffer.from(content) };
};

const right = { label: "group 1", number: 270_000, choice: 3, task: done() };
const wrong = { label: "=1+1", number: 400_000, choice: 2, task: done({ at_us: 5 }) };

const open = async (page: Page) => {
  await page.goto("./#/");
  await page.getByTestId("own-marks").click();
  await expect(page.getByRole("heading", { name: "Marks" })).toBeVisible();
};

const take = async (page: Page) => {
  const damaged = { name: "c.json", mimeType: "application/json", buffer: Buffer.from("{") };
  const files = [await file("a.json", right), await file("b.json", wrong), damaged];
  await page.getByTestId("marks-files").setInputFiles(files);
  await expect(page.getByTestId("marks-status")).toHaveText("Files replayed: 3");
};

const rows = (page: Page, name: string) => page.getByTestId("marks-table").locator("tbody tr").filter({ hasText: name });

test("answers are judged, runs replayed, and nothing is believed", async ({ site: page }) => {
  await open(page);
  await take(page);
  await expect(rows(page, "a.json").filter({ hasText: "✓" })).toHaveCount(3);
  await expect(rows(page, "a.json").filter({ hasText: "4, task 1" })).toContainText("all goals are met");
  await expect(rows(page, "b.json").filter({ hasText: "4, task 1" })).toContainText("does not replay");
  await expect(rows(page, "b.json").first()).toContainText("timeout-starts-at-the-crash");
  await expect(rows(page, "c.json")).toContainText("line 1 of this file");
  const beliefs = page.getByTestId("misconceptions");
  await expect(beliefs).toContainText("A node that does not answer in time is dead.");
  await expect(beliefs.locator("li")).toHaveCount(2);
});

test("a run opens on the stage as it was left", async ({ site: page, context }) => {
  await open(page);
  await take(page);
  const [stage] = await Promise.all([context.waitForEvent("page"), rows(page, "a.json").getByRole("link").click()]);
  await expect(stage.locator('[data-node="B"]')).toHaveAttribute("aria-label", /suspect/);
  await expect(stage.locator('[data-node="C"]')).not.toHaveAttribute("aria-label", /suspect/);
  await stage.close();
});

test("the table is put in order by its columns, with the keyboard too", async ({ site: page }) => {
  await open(page);
  await take(page);
  const head = page.getByRole("columnheader", { name: "Verdict" });
  await head.getByRole("button").focus();
  await page.keyboard.press("Enter");
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  const first = page.getByTestId("marks-table").locator("tbody tr").first();
  await expect(first).toContainText("✓");
  await page.keyboard.press("Enter");
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await expect(first).toContainText("does not replay");
});

test("the table is saved for spreadsheets, and computes nothing there", async ({ site: page }) => {
  await open(page);
  await take(page);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("marks-save").click()]);
  expect(download.suggestedFilename()).toBe("netsplit-marks.csv");
  const lines = (await readFile(await download.path(), "utf8")).split("\n");
  expect(lines[0]).toBe("\ufefffile,label,lesson,step,kind,number,answer,right,tag,hints,acts,verdict,sentence");
  expect(lines).toContainEqual(expect.stringMatching(/^a\.json,group 1,heartbeats-dead-or-slow,1,predict,1,270 ms,270 ms,,0,0,met,/));
  expect(lines).toContainEqual(expect.stringMatching(/^b\.json,'=1\+1,heartbeats-dead-or-slow,2,predict,1,2,3,timeout-means-dead,/));
  await page.getByTestId("marks-clear").click();
  await expect(page.getByTestId("marks-table")).toHaveCount(0);
  await expect(page.getByTestId("marks-status")).toHaveText("No file yet.");
});

for (const width of [1440, 390]) {
  test(`everybody can use it, ${width} pixels wide`, async ({ site: page }) => {
    await page.setViewportSize({ width, height: 844 });
    await open(page);
    await take(page);
    expect(await barriers(page, `marks, ${width}`)).toEqual([]);
    // The table scrolls in itself, and the page does not.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}
