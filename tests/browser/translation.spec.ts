import type { Page } from "@playwright/test";
import { barriers } from "./axe";
import { expect, skipHint, test } from "./lab";

const text = (page: Page) => page.getByTestId("lesson").locator(".lesson-body");
const title = (page: Page) => page.locator("#lesson-title");
const forward = (page: Page) => page.getByTestId("lesson-go-on");
const isAt = (page: Page, phase: string) => expect(page.getByTestId("lesson")).toHaveAttribute("data-phase", phase);

async function reveal(page: Page) {
  await forward(page).click();
  await isAt(page, "locked");
  await forward(page).click();
  await isAt(page, "running");
  await page.getByTestId("lesson-skip").click();
  await isAt(page, "told");
}

const speak = (page: Page, language: string) => page.getByTestId("language").selectOption(language);

test("a lesson is read in the language of the page, and another language leaves answers and place as they are", async ({ site }) => {
  test.slow();
  await skipHint(site);
  await site.goto("./?lang=de#/lesson/heartbeats-dead-or-slow");
  await expect(text(site)).toHaveAttribute("lang", "de");
  await expect(title(site)).toHaveText("Schweigen");
  await site.getByTestId("lesson-number").fill("300");
  await reveal(site);
  await expect(site.getByTestId("lesson-told")).toContainText("Es dauerte 270 ms. Vom Absturz weiß B nichts.");
  expect(await barriers(site, "a lesson in German")).toEqual([]);
  await forward(site).click();
  await expect(title(site)).toHaveText("Noch einmal dasselbe Schweigen");
  await site.getByTestId("choice-2").click();

  await speak(site, "fa");
  await expect(title(site)).toHaveText("باز همان سکوت");
  await expect(text(site)).toHaveAttribute("lang", "fa");
  await expect(text(site)).toHaveCSS("direction", "rtl");
  await expect(site).toHaveURL(/heartbeats-dead-or-slow\/2$/);
  await expect(site.getByTestId("choice-2").locator("input")).toBeChecked();
  // Names stand apart from what is read from right to left.
  await expect(site.getByTestId("choice-2")).toContainText("\u2068B\u2069 فقط وقتی به \u2068A\u2069 ظن می‌برد");
  await reveal(site);
  await expect(site.getByTestId("lesson-told")).toContainText("در هر دو داستان به \u2068A\u2069 ظن می‌برد");
  expect(await barriers(site, "a lesson in Persian")).toEqual([]);

  await speak(site, "en");
  await expect(title(site)).toHaveText("The same silence again");
  await expect(text(site)).toHaveCSS("direction", "ltr");
  await isAt(site, "told");
});

test("a lesson that nobody has translated stays in its own language", async ({ site }) => {
  await skipHint(site);
  await site.goto("./?lang=fa#/lesson/raft-two-leaders");
  await expect(site.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(title(site)).toHaveText("Three of five");
  await expect(text(site)).toHaveAttribute("lang", "en");
  await expect(text(site)).toHaveCSS("direction", "ltr");
});

test("an article is read in the language of the page where it is translated", async ({ site }) => {
  await skipHint(site);
  await site.goto("./?lang=de#/lab/raft/notes");
  const article = site.locator("article.prose");
  await expect(article).toHaveAttribute("lang", "de");
  await expect(article.locator("#article-title")).toContainText("sich auf eine Liste einigen");
  // A section has the same address in all languages.
  await expect(article.locator("#article-what-goes-wrong")).toHaveText("Was schiefgeht");
  expect(await barriers(site, "an article in German", "article.prose")).toEqual([]);
  await site.getByTestId("language").selectOption("fa");
  await expect(site.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(article).toHaveAttribute("lang", "en");
  await expect(article).toHaveCSS("direction", "ltr");
});
