import { type Page } from "@playwright/test";

import { barriers } from "./axe";
import { eventNumber, expect, test as base } from "./lab";

const test = base.extend<{ form: Page }>({
  form: async ({ site }, use) => {
    await site.goto("./#/log");
    await expect(site.getByTestId("log-text")).toBeVisible();
    await use(site);
  },
});

const text = (page: Page) => page.getByTestId("log-text");
const open = (page: Page) => page.getByTestId("log-open").click();
const counts = (page: Page) => page.getByTestId("log-counts");

test("the home page leads there", async ({ site }) => {
  await site.goto("./#/");
  await site.getByTestId("own-log").click();
  await expect(site.getByRole("heading", { name: "Bring your own log" })).toBeVisible();
});

test("the example opens, steps, and marks causes", async ({ form: page }) => {
  await page.getByTestId("log-example").click();
  await open(page);
  await expect(page.locator("[data-node]")).toHaveCount(3);
  await expect(counts(page)).toContainText("events13");
  await page.keyboard.press("n");
  await expect.poll(() => eventNumber(page)).toBe(1);
  await expect(page.getByTestId("caption")).toContainText("alice: orders a book");
  await page.getByTestId("tab-events").click();
  await expect(page.locator(".inspector")).toContainText("shop: opens for the day");
  expect(await page.locator("body").innerText(), "a log has no times").not.toMatch(/\d\s?(µs|ms|s|min)\b/);
  await page.getByTestId("text").click();
  await expect(page.locator("[data-node]")).toHaveCount(0);
  await page.getByTestId("text").click();
  const lanes = page.getByTestId("lanes");
  await expect(lanes).toHaveAttribute("data-ready", "true");
  await lanes.focus();
  for (let step = 0; step < 5; step += 1) await lanes.press("ArrowRight");
  const readout = page.getByTestId("lanes-readout");
  await expect(readout.locator(".relation.past")).toBeVisible();
  await expect(readout.locator(".relation.concurrent")).toBeVisible();
});

test("at the end of a log nothing is asked for that a log cannot do", async ({ form: page }) => {
  await page.getByTestId("log-example").click();
  await open(page);
  await expect(page.locator("[data-node]")).toHaveCount(3);
  await page.keyboard.press("End");
  await expect.poll(() => eventNumber(page)).toBe(13);
  await page.keyboard.press("n");
  await expect(page.getByTestId("notice")).toContainText("The log ends here");
});

test("another log can be opened, and what was typed is still there", async ({ form: page }) => {
  await page.getByTestId("log-example").click();
  const typed = await text(page).inputValue();
  expect(typed).toContain("orders a book");
  await open(page);
  await page.getByTestId("log-close").click();
  await expect(text(page)).toHaveValue(typed);
});

test("faults are refused with a sentence", async ({ form: page }) => {
  await page.getByTestId("log-example").click();
  await open(page);
  await page.locator("[data-node]").first().click();
  await page.keyboard.press("k");
  await expect(page.getByTestId("notice")).toContainText("recorded log");
});

test("a wrong log is answered line by line, and stays", async ({ form: page }) => {
  const wrong = 'a {"a":1}\nx\na {"a":3}\ny\n';
  await text(page).fill(wrong);
  await open(page);
  const problems = page.getByTestId("log-problems");
  await expect(problems).toHaveAttribute("role", "alert");
  await expect(problems.getByRole("listitem")).toHaveText([/^Line 3: the own count of a goes from 1 in line 1 to 3 here.*\.$/]);
  await expect(text(page)).toHaveValue(wrong);
});

test("bad expressions are answered with a sentence", async ({ form: page }) => {
  const refusal = page.getByTestId("log-refusal");
  await page.getByTestId("log-example").click();
  await page.getByTestId("log-parser").fill("(?<host>");
  await open(page);
  await expect(refusal).toContainText("The parser expression cannot be used: it is no regular expression: ");
  await page.getByTestId("log-parser").fill("(?<host>a)");
  await open(page);
  await expect(refusal).toContainText("clock");
  await page.getByTestId("log-example").click();
  await page.getByTestId("log-delimiter").fill("[");
  await open(page);
  await expect(refusal).toContainText("The delimiter expression cannot be used");
});

test("an expression that matches nothing at every place comes to an end", async ({ form: page }) => {
  await text(page).fill("é😀\n");
  await page.getByTestId("log-parser").fill("(?<host>z*)(?<clock>)(?<event>)");
  await open(page);
  await expect(page.getByTestId("log-problems").getByRole("listitem").first()).toContainText("Line 1");
});

/** An expression that tries 2 to the power of 40 ways, and a log that makes it do so. */
async function evil(page: Page) {
  await text(page).fill(`${"a".repeat(40)}!\n`);
  await page.getByTestId("log-parser").fill("(?<host>(a+)+)$(?<clock>)(?<event>)");
  await open(page);
  await expect(page.getByRole("status").filter({ hasText: "Reading the log" })).toBeVisible();
}

test("an expression that takes for ever can be stopped, and the page goes on meanwhile", async ({ form: page }) => {
  await evil(page);
  await text(page).fill("something else");
  await page.getByTestId("log-stop").click();
  await expect(page.getByTestId("log-refusal")).toHaveText("Stopped. Nothing has been read.");
  await expect(text(page)).toHaveValue("something else");
  await evil(page);
  await page.getByTestId("log-example").click();
  await expect(page.getByTestId("log-stop")).toHaveCount(0);
  await open(page);
  await expect(counts(page)).toContainText("events13");
});

test("an expression that takes for ever is stopped when its time is up", async ({ site: page }) => {
  await page.clock.install();
  await page.goto("./#/log");
  await evil(page);
  await page.clock.fastForward(31_000);
  await expect(page.getByTestId("log-refusal")).toContainText("Reading was stopped after 30 seconds");
  await expect(page.getByTestId("log-open")).toBeVisible();
});

test("letters beyond ASCII stand where they stood", async ({ form: page }) => {
  await text(page).fill('zoë {"zoë":1}\nsagt „grüß 😀 Gott“\n😀 {"😀":1, "zoë":1}\nhört es\n');
  await open(page);
  await expect(counts(page)).toContainText("hosts2");
  await expect(page.locator("[data-node]")).toHaveCount(2);
  await page.keyboard.press("n");
  await expect(page.getByTestId("caption")).toContainText("zoë: sagt „grüß 😀 Gott“");
  await page.keyboard.press("n");
  await expect(page.getByTestId("caption")).toContainText("😀: hört es");
});

test("a file brings its header along, and several executions are a list", async ({ form: page }) => {
  const one = 'a {"a":1}\nx\nb {"b":1,"a":1}\ny\n';
  const file = `(?<event>.*)\\|(?<host>\\w+) (?<clock>{.*})\n^--- (?<trace>.*)$\n--- first\nx|a {"a":1}\n--- second\ny|b {"b":1}\nz|a {"a":1}\n`;
  await page.getByTestId("log-file").setInputFiles({ name: "run.log", mimeType: "text/plain", buffer: Buffer.from(file) });
  await expect(page.getByTestId("log-delimiter")).toHaveValue("^--- (?<trace>.*)$");
  await open(page);
  const executions = page.getByTestId("log-executions").getByRole("listitem");
  await expect(executions).toHaveCount(2);
  await expect(executions.nth(1)).toContainText("concurrent pairs1");
  await executions.nth(1).getByRole("button", { name: "Open second" }).click();
  await expect(page.locator("[data-node]")).toHaveCount(2);
  await page.getByTestId("log-close").click();
  const drop = await page.evaluateHandle((log) => {
    const carried = new DataTransfer();
    carried.items.add(new File([log], "dropped.log"));
    return carried;
  }, one);
  await page.getByRole("main").dispatchEvent("drop", { dataTransfer: drop });
  await expect(text(page)).toHaveValue(one);
});

test("axe finds nothing on the page of logs", async ({ form: page }) => {
  await text(page).fill('a {"a":2}\nx\n');
  await open(page);
  await expect(page.getByTestId("log-problems")).toBeVisible();
  expect(await barriers(page, "problems")).toEqual([]);
  await page.getByTestId("log-example").click();
  await open(page);
  await expect(counts(page)).toBeVisible();
  expect(await barriers(page, "log")).toEqual([]);
});
