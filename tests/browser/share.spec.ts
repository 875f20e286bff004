import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { barriers } from "./axe";
import { choose, counter, eventNumber, expect, skipHint, test, visit } from "./lab";

/** The link that Share gives. */
async function link(page: Page): Promise<string> {
  await page.getByTestId("share").click();
  const link = await page.getByTestId("share-link").inputValue();
  await page.keyboard.press("Escape");
  return link;
}

test("a link brings back the very moment, with branch and bookmarks", async ({ site, context }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  await site.keyboard.press("b");
  await site.getByTestId("step-back").click();
  await choose(site, '[data-node="S3"]', "node-crash");
  await site.keyboard.press("b");
  await site.locator('[data-testid^="bookmark-rename-B"]').click();
  await site.getByTestId("new-name").fill("S3 falls");
  await site.getByTestId("new-name-apply").click();
  await site.getByTestId("branch-rename-B").click();
  await site.getByTestId("new-name").fill("without S3");
  await site.getByTestId("new-name-apply").click();
  await site.keyboard.press("n");
  const [moment, digits] = [await site.getByTestId("moment").textContent(), await counter(site).textContent()];
  const caption = await site.getByTestId("caption").textContent();
  const address = await link(site);
  expect(address).toMatch(/#2;[\w-]+$/);
  expect(address.length).toBeLessThan(400);

  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByTestId("moment")).toHaveText(moment!);
  await expect(other.getByTestId("caption")).toHaveText(caption!);
  await expect(counter(other)).toHaveText(digits!);
  await expect(other.getByTestId("branch-A")).toContainText("without S3");
  await expect(other.locator('[data-testid^="bookmark-A@"]')).toContainText("S3 falls");
  await expect(other.getByTestId("notice")).toBeEmpty();
  // It is a run like any other: back, forth, reload.
  await other.getByTestId("step-back").click();
  await expect(other.locator('[data-node="S3"]').first()).toBeVisible();
  await other.reload();
  await expect(other.getByTestId("moment")).toHaveText(moment!);
  await other.close();
});

test("the link is copied, and a file brings the moment back too", async ({ site, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await skipHint(site);
  await visit(site, "split-vote");
  await site.keyboard.press("n");
  const moment = await site.getByTestId("moment").textContent();
  await site.keyboard.press("s");
  await site.getByTestId("share-copy").click();
  await expect(site.getByTestId("share-answer")).toHaveText("The link is copied.");
  const address = await site.getByTestId("share-link").inputValue();
  expect(await site.evaluate(() => navigator.clipboard.readText())).toBe(address);
  const [download] = await Promise.all([site.waitForEvent("download"), site.getByTestId("share-save").click()]);
  expect(download.suggestedFilename()).toMatch(/^raft-event-\d+\.netsplit$/);
  const content = await readFile((await download.path())!, "utf8");
  expect(JSON.parse(content)).toMatchObject({ netsplit: 2, lab: "raft", origin: "split-vote" });

  await site.goto("./#/");
  await site.getByTestId("open-file").setInputFiles({ name: "a.netsplit", mimeType: "application/json", buffer: Buffer.from(content) });
  await expect(site.getByTestId("moment")).toHaveText(moment!);
  expect(site.url()).toBe(address);
  // What is no moment is refused where it was opened, and nothing is lost.
  const drop = (text: string) =>
    site.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "a.netsplit"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, text);
  await drop('{"netsplit": 1, "lab": "raft"}');
  await expect(site.getByTestId("drop-refusal")).toContainText("This file cannot be opened: line 1 of this file is not as Netsplit writes it");
  await expect(site.getByTestId("moment")).toHaveText(moment!);
  await drop(content.replace(/"cursor": \d+/, '"cursor": 3'));
  await expect(site.getByTestId("event-counter")).toContainText("event 3 ");
  await expect(site.getByTestId("notice")).toContainText("this replays differently here");
});

/** The preview, which is made when it is about to be seen. */
async function preview(page: Page) {
  await page.getByTestId("embed-preview").scrollIntoViewIfNeeded();
  return page.frameLocator('[data-testid="embed-preview"]');
}

test("Embed gives the snippet of this moment, with a preview, by keyboard", async ({ site, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await skipHint(site);
  await visit(site, "split-vote");
  await site.keyboard.press("n");
  const caption = await site.getByTestId("caption").textContent();
  await site.keyboard.press("s");
  const address = await site.getByTestId("share-link").inputValue();
  // Nothing of it is there before somebody asks for it.
  await expect(site.locator("iframe")).toHaveCount(0);
  await site.getByTestId("embed").focus();
  await site.keyboard.press("Enter");
  await expect(site.getByTestId("embed")).toHaveAttribute("aria-expanded", "true");
  const snippet = site.getByTestId("embed-snippet");
  await expect(snippet).toHaveValue(new RegExp(`<netsplit-lab lab="raft" state="${address.split("#")[1]}" title="Raft">`));
  await expect((await preview(site)).getByTestId("caption")).toHaveText(caption!);
  await site.getByTestId("embed-subject").selectOption("scenario");
  await site.getByTestId("embed-controls").selectOption("step");
  await site.getByTestId("embed-theme").selectOption("dark");
  await site.getByTestId("embed-caption").fill('"Two" <votes> & no leader');
  await site.getByTestId("embed-caption").press("Tab");
  await expect(snippet).toHaveValue(/lab="raft" scenario="split-vote" controls="step" theme="dark" caption="&quot;Two&quot; &lt;votes&gt; &amp; no leader"/);
  const figure = await preview(site);
  await expect(figure.getByTestId("figure-words")).toHaveText('"Two" <votes> & no leader');
  await expect(figure.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(figure.getByTestId("scrubber")).toHaveCount(0);
  await site.getByTestId("embed-copy").focus();
  await site.keyboard.press("Enter");
  await expect(site.getByTestId("embed-answer")).toHaveText("The snippet is copied.");
  expect(await site.evaluate(() => navigator.clipboard.readText())).toBe(await snippet.inputValue());
  expect(await barriers(site, "embed", "dialog")).toEqual([]);
  // The page did not change its address, and the dialog closes as ever.
  await site.keyboard.press("Escape");
  await expect(site.getByRole("dialog")).toHaveCount(0);
  await expect(site).toHaveURL(/#\/lab\/raft\/split-vote$/);
});

test("Embed shows a stretch from here to the end of what was run", async ({ site }) => {
  await skipHint(site);
  await visit(site, "split-vote");
  const start = await eventNumber(site);
  const [length, here] = [start + 5, start + 2];
  for (let count = 0; count < 5; count++) await site.keyboard.press("n");
  await expect.poll(() => eventNumber(site)).toBe(length);
  for (let count = 0; count < 3; count++) await site.keyboard.press("p");
  await expect.poll(() => eventNumber(site)).toBe(here);
  await site.keyboard.press("s");
  await site.getByTestId("embed").click();
  await site.getByTestId("embed-stretch").check();
  await expect(site.getByTestId("embed-from")).toHaveValue(String(here));
  await expect(site.getByTestId("embed-to")).toHaveValue(String(length));
  await expect(site.getByTestId("embed-snippet")).toHaveValue(new RegExp(` from="${here}" to="${length}"`));
  const scrubber = (await preview(site)).getByTestId("scrubber");
  await expect(scrubber).toHaveAttribute("min", String(here));
  await expect(scrubber).toHaveAttribute("max", String(length));
  await site.getByTestId("embed-to").fill("1");
  await site.getByTestId("embed-to").press("Tab");
  await expect(site.getByTestId("embed-order")).toContainText("it is left out");
  await expect(site.getByTestId("embed-snippet")).not.toHaveValue(/ to="/);
  // As a plain frame it is the address of the preview.
  await site.getByTestId("embed-kind").selectOption("frame");
  const src = await site.getByTestId("embed-preview").getAttribute("src");
  await expect(site.getByTestId("embed-snippet")).toHaveValue(/^<iframe /);
  expect(await site.getByTestId("embed-snippet").inputValue()).toContain(`src="${src!.replaceAll("&", "&amp;")}" title="Raft"`);
});

// Case 25.
test("a link opens the same moment after a chat or a mail has had it", async ({ site }) => {
  await skipHint(site);
  await visit(site, "split-vote");
  await site.keyboard.press("n");
  const moment = await site.getByTestId("moment").textContent();
  const state = (await link(site)).split("#")[1];
  const query = "?fbclid=IwAR0abc";
  for (const address of [
    `./#${state.replace(";", "%3B")}`, `./#${state}.`, `./#${state})`, `./#${state}>`, `./#${state}"`,
    `./#${state}&fbclid=IwAR0abc`, `./#${state}?utm_source=mail`, `./${query}#${state}`, `./#${state.slice(0, 9)}%0A${state.slice(9)}`,
  ]) {
    await site.goto("./#/log");
    await expect(site.locator("textarea")).toBeVisible();
    await site.goto(address);
    await expect(site.getByTestId("moment"), address).toHaveText(moment!);
  }
  await site.goto("./#1");
  await expect(site.getByRole("alert")).toContainText("This link cannot be opened");
});

test("damaged links get a sentence", async ({ site }) => {
  await skipHint(site);
  for (const [state, sentence] of [
    ["1;abc", "This link cannot be opened: this link is damaged or cut off: copy it again."],
    ["7;abc", "this moment has version 7"],
    ["1;", "damaged or cut off"],
  ]) {
    await site.goto(`./#${state}`);
    await expect(site.getByRole("alert")).toContainText(sentence);
    await site.getByRole("link", { name: "Go to the start page" }).click();
    await expect(site.getByTestId("start")).toBeVisible();
  }
});

test("on a phone, what the top bar has no room for is in a menu", async ({ site }) => {
  await skipHint(site);
  await site.setViewportSize({ width: 390, height: 844 });
  await visit(site, "minority-leader");
  await site.getByTestId("more").click();
  await site.getByTestId("more-text").click();
  await expect(site.getByRole("heading", { name: "Nodes" })).toBeVisible();
  await site.getByTestId("more").click();
  await site.getByTestId("more-help").click();
  await expect(site.getByRole("dialog")).toBeVisible();
});
