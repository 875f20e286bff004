import type { Page } from "@playwright/test";

import { barriers } from "./axe";
import { counter, expect, skipHint, test } from "./lab";

/** A lab with an article. */
const LAB = "raft";

const article = (page: Page) => page.locator(".article");

const moments = (page: Page) => article(page).getByTestId("moment");

/** Opens the article at its address. */
async function read(page: Page) {
  await skipHint(page);
  await page.goto(`./#/lab/${LAB}/notes`);
  await expect(moments(page).first()).toBeVisible();
}

/** How much of the window an element lies outside of, to the side. */
const overhang = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("an article stands beside the stage, and its moments open there", async ({ site }) => {
  await read(site);
  await expect(counter(site)).toBeVisible();
  const box = (await article(site).boundingBox())!;
  expect(box.width).toBeGreaterThanOrEqual(316);
  expect(box.width).toBeLessThanOrEqual(420);
  await moments(site).first().click();
  await expect(moments(site).first()).toHaveAttribute("aria-current", "true");
  await expect(site.getByTestId("origin")).toBeVisible();
  await expect(site.getByTestId("notice")).toHaveText("");
  await expect(site).toHaveURL(new RegExp(`#/lab/${LAB}/notes$`));
  await expect(article(site)).toBeVisible();
});

test("what the visitor has done stays in the list of runs when a moment opens", async ({ site }) => {
  await read(site);
  await site.keyboard.press("n");
  await site.keyboard.press("b");
  await moments(site).first().click();
  await expect(site.getByTestId("origin")).toBeVisible();
  await site.getByTestId("article-close").click();
  await expect(article(site)).toHaveCount(0);
  await expect(site.locator(".runs .run")).toHaveCount(1);
});

test("the article opens and closes by keyboard, and the run stays", async ({ site }) => {
  await skipHint(site);
  await site.goto(`./#/lab/${LAB}`);
  await expect(counter(site)).toBeVisible();
  await site.keyboard.press("n");
  const event = await counter(site).textContent();
  await site.getByTestId("article").focus();
  await site.keyboard.press("Enter");
  await expect(moments(site).first()).toBeVisible();
  await expect(site.getByTestId("article")).toHaveAttribute("aria-expanded", "true");
  await expect(counter(site)).toHaveText(event ?? "");
  await moments(site).first().focus();
  await site.keyboard.press("Enter");
  await expect(site.getByTestId("origin")).toBeVisible();
  const moment = await counter(site).textContent();
  await site.getByTestId("article-close").focus();
  await site.keyboard.press("Enter");
  await expect(article(site)).toHaveCount(0);
  await expect(site).not.toHaveURL(/notes$/);
  await expect(counter(site)).toHaveText(moment ?? "");
});

test("back leads from the article to the scenario", async ({ site }) => {
  await skipHint(site);
  await site.goto(`./#/lab/${LAB}`);
  await site.getByTestId("article").click();
  await expect(moments(site).first()).toBeVisible();
  await site.goBack();
  await expect(article(site)).toHaveCount(0);
  await expect(counter(site)).toBeVisible();
});

test("the sections of an article are one key away", async ({ site }) => {
  await read(site);
  await article(site).getByRole("navigation").getByRole("button", { name: "Sources" }).press("Enter");
  const heading = article(site).getByRole("heading", { name: "Sources" });
  await expect(heading).toBeFocused();
  await expect(heading).toBeInViewport();
});

test("a word of the article opens its card", async ({ site }) => {
  await read(site);
  await article(site).locator(".word").first().click();
  await expect(site.getByTestId("word-card")).toBeVisible();
});

test("nothing bars the way through an article", async ({ site }) => {
  await read(site);
  await moments(site).first().click();
  expect(await barriers(site, "article", ".article")).toEqual([]);
});

test("an article that does not come says so, and comes when it is asked for again", async ({ page }) => {
  let refuses = true;
  await page.route("**/articles/*.txt", (route) => (refuses ? route.abort() : route.continue()));
  await page.goto(`./#/lab/${LAB}/notes`);
  await expect(article(page).getByTestId("missing")).toBeVisible();
  refuses = false;
  await article(page).getByTestId("again").click();
  await expect(moments(page).first()).toBeVisible();
});

for (const level of ["none", "all"] as const) {
  test.describe(`on the level ${level}`, () => {
    test.use({ level });

    for (const [width, height] of [[1440, 900], [1024, 700]]) {
      test(`an article leaves room for the stage at ${width} pixels`, async ({ site }) => {
        await site.setViewportSize({ width, height });
        await read(site);
        await moments(site).first().click();
        const stage = (await site.locator(".stage").boundingBox())!;
        expect(stage.width).toBeGreaterThan(280);
        expect(await overhang(site)).toBe(0);
      });
    }
  });
}

test.describe("with a finger on a phone", () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 }, level: "none" });

  test("an article is a tab, and its moments open on the stage", async ({ site }) => {
    await skipHint(site);
    await site.goto(`./#/lab/${LAB}`);
    await site.getByTestId("pane-article").tap();
    await expect(moments(site).first()).toBeVisible();
    await expect(site.locator(".stage")).toBeHidden();
    expect(await overhang(site)).toBe(0);
    expect(await barriers(site, "article on a phone", ".article")).toEqual([]);
    await moments(site).nth(1).tap();
    await expect(site.locator(".stage")).toBeVisible();
    await expect(article(site)).toBeHidden();
    // Whoever comes back goes on where they were.
    await site.getByTestId("pane-article").tap();
    await expect(moments(site).nth(1)).toBeInViewport();
  });
});

test("the page for search engines is the article, and its figures run", async ({ site }) => {
  await site.goto(`./lab/${LAB}/`);
  await expect(site.locator(".prose h2").first()).toHaveText("What it is");
  const figure = site.locator("netsplit-lab").first();
  await figure.scrollIntoViewIfNeeded();
  const frame = site.frameLocator("netsplit-lab iframe").first();
  await expect(frame.getByTestId("event-counter").or(frame.locator(".stage")).first()).toBeVisible({ timeout: 20_000 });
  expect(await barriers(site, "page of a lab", ".essay")).toEqual([]);
  await site.setViewportSize({ width: 390, height: 844 });
  expect(await overhang(site)).toBe(0);
});

test("without a script the page of a lab can be read, and leads to the app", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto(`./lab/${LAB}/`);
  await expect(page.locator("h1")).toBeVisible();
  await expect(page.locator("netsplit-lab svg").first()).toBeVisible();
  const links = await page.locator("a.moment, netsplit-lab a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  expect(links.length).toBeGreaterThan(0);
  for (const href of links) expect(href).toMatch(/^\.\.\/\.\.\/#[12];[\w-]+$/);
  await context.close();
});
