import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

import { barriers } from "./axe";
import { caption, expect, skipHint, test, visit } from "./lab";

/** A marked word of the caption, once the vocabulary is there. */
const word = (page: Page, name: string) => caption(page).locator(`[data-word="${name}"]`);

const card = (page: Page) => page.getByTestId("word-card");

/** A moment whose caption speaks of a vote and a term. */
async function visitVote(page: Page) {
  await visit(page, "first-election");
  // The vocabulary comes after the first picture.
  await expect(page.locator(".word:visible").first()).toBeVisible();
  while ((await word(page, "vote").count()) === 0) await page.keyboard.press("n");
}

// cases/screen.md: "Words a beginner meets and finds nowhere explained".
test("a word opens its card by keyboard, Escape closes it, and the focus goes back", async ({ site }) => {
  await skipHint(site);
  await visitVote(site);
  const vote = word(site, "vote").first();
  for (const key of ["Enter", " "]) {
    await vote.focus();
    await site.keyboard.press(key);
    await expect(card(site)).toBeVisible();
    await expect(card(site)).toHaveAccessibleName("vote");
    await expect(card(site)).toHaveAccessibleDescription(/gives to one candidate/);
    const event = await site.getByTestId("event-counter").textContent();
    // Keys belong to the card as long as it is there.
    await site.keyboard.press("n");
    await expect(site.getByTestId("event-counter")).toHaveText(event ?? "");
    await site.keyboard.press("Escape");
    await expect(card(site)).toHaveCount(0);
    await expect(vote).toBeFocused();
  }
});

test("a card says what the word is on this stage, and leads to others and to all", async ({ site }) => {
  await skipHint(site);
  await visitVote(site);
  await word(site, "vote").first().click();
  await expect(card(site)).toContainText("Here:");
  await card(site).getByRole("button", { name: "term" }).click();
  await expect(card(site)).toHaveAccessibleName("term");
  await expect(card(site)).toContainText("T2");
  expect(await barriers(site, "card", "dialog")).toEqual([]);
  await card(site).getByRole("link", { name: "All words" }).click();
  await expect(site).toHaveURL(/#\/words\/term$/);
  await expect(site.locator("#word-term")).toBeInViewport();
});

test("a press beside the card closes it", async ({ site }) => {
  await skipHint(site);
  await visitVote(site);
  await word(site, "vote").first().click();
  await expect(card(site)).toBeVisible();
  await site.mouse.click(4, 4);
  await expect(card(site)).toHaveCount(0);
});

test("no word is marked while time runs", async ({ site }) => {
  await skipHint(site);
  await visitVote(site);
  await site.keyboard.press("Space");
  await expect(caption(site).locator(".word")).toHaveCount(0);
});

test("a word in a setting opens its card and changes nothing", async ({ site }) => {
  await skipHint(site);
  await visit(site, "first-election");
  await site.getByTestId("side-rules").click();
  const rule = site.locator("#side-rules-panel .switch", { has: site.locator(".word") }).first();
  await rule.locator(".word").first().click();
  await expect(card(site)).toBeVisible();
  await site.keyboard.press("Escape");
  await expect(rule.getByRole("switch")).toBeChecked();
});

test.describe("with a finger on a phone", () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test("a word opens its card at the foot of the window", async ({ site }) => {
    await skipHint(site);
    await visitVote(site);
    await word(site, "vote").first().tap();
    await expect(card(site)).toBeVisible();
    const box = await card(site).boundingBox();
    expect(box?.width).toBe(390);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBe(844);
  });
});

test("the start page finds words, and the labs that are about them", async ({ site }) => {
  await site.goto("./#/");
  for (const [wanted, slug, lab] of [
    ["consensus", "consensus", "raft"],
    ["consistency", "consistency", "leaderless-quorum"],
    ["eventual", "eventual-consistency", "leaderless-quorum"],
    ["term", "term", "raft"],
    ["happened before", "happened-before", "vector-clocks"],
    ["Paxos", "paxos", "paxos"],
  ]) {
    await site.getByTestId("search").fill(wanted);
    await expect(site.getByTestId(`word-${slug}`)).toHaveAttribute("href", `#/words/${slug}`);
    await expect(site.getByTestId(`lab-${lab}`)).toBeVisible();
  }
});

test("all words stand on one page, in the language of the visitor", async ({ site }) => {
  await site.goto("./#/words");
  const words = readFileSync("lessons/words.md", "utf8").match(/^## /gm)!;
  await expect(site.locator(".words-list > li")).toHaveCount(words.length);
  await site.getByTestId("search-words").fill("D5");
  await expect(site.locator("#word-version")).toBeVisible();
  await expect(site.locator(".words-list > li")).toHaveCount(1);
  expect(await barriers(site, "words")).toEqual([]);
  await site.goto("./?lang=fa#/words/quorum");
  await expect(site.locator("#word-quorum h2")).toHaveText("حد نصاب");
  await expect(site.locator("#word-quorum")).toBeInViewport();
});

test("words are marked in German and Persian captions too", async ({ site }) => {
  await skipHint(site);
  for (const language of ["de", "fa"]) {
    await site.goto(`./?lang=${language}#/lab/raft/first-election`);
    await expect(site.locator(".scenarios .word").first()).toBeVisible();
  }
});

test("the legend says what the signs of the lab mean", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  await site.getByTestId("legend").click();
  await expect(site.getByTestId("legend-of-lab")).toContainText("a leader: it takes commands and sends them to all");
  expect(await barriers(site, "legend", "dialog")).toEqual([]);
  await site.keyboard.press("Escape");
  await expect(site.getByTestId("legend")).toBeFocused();
});
