import { join } from "node:path";

import type { Page } from "@playwright/test";

import { choose, counter, expect, nextPicture, skipHint, test, visit } from "./lab";
import { cutOff, everywhere } from "./places";
import { folder } from "./release";

// The pseudo-language en-XA puts every text in brackets and makes it twice as long: what stands outside of brackets was
// written past `Text`, and what is too long for its place is cut off.

/** What is no text, and stays as it is. */
const DATA = [
  ".logo, kbd, code, pre, textarea, .language, [lang='en']", // names, keys, code, languages in their own words
  ".code a, .share-link input", // addresses
  ".call-bar, .history-table .mono", // operations, as the models of histories write them
].join();

/** Everything that somebody can read or hear outside of brackets. */
const untranslated = (page: Page): Promise<string[]> =>
  page.evaluate((data) => {
    /** What remains of a text without what stands in brackets; a text that was shortened may lack its last one. */
    const outside = (text: string) => {
      let depth = 0;
      return [...text].filter((letter) => {
        if (letter === "[") depth += 1;
        const is_outside = depth === 0;
        if (letter === "]") depth = Math.max(0, depth - 1);
        return is_outside;
      }).join("");
    };
    // Names of nodes, branches, keys and values: S1, LB, A, x, cart, event numbers; a unit that is a sign; the states that TCP names; sites on the Web.
    const nodes = [...document.querySelectorAll(".node-label, .lane-name")].map((label) => label.textContent ?? "");
    const states = ["LISTEN", "SYN", "SENT", "RECEIVED", "ESTABLISHED", "FIN", "WAIT", "CLOSE", "CLOSING", "LAST", "ACK", "TIME", "CLOSED"];
    const sites = ["www", "shop", "ns", "com", "evil", "example", "NS", "Root"];
    const others = ["cart", "ppm", ...states, ...sites];
    const is_data = (word: string) => /^\p{L}?\p{N}*$/u.test(word) || nodes.includes(word) || others.includes(word);
    const is_plain = (text: string) => outside(text).split(/[^\p{L}\p{N}]+/u).every(is_data);
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (!parent || parent.closest(data) || parent.closest("script, style, noscript")) continue;
      if (parent.closest("svg") === null && parent.getClientRects().length === 0) continue;
      if (!is_plain(walker.currentNode.textContent ?? "")) found.push(`${parent.tagName}.${parent.getAttribute("class")}: ${walker.currentNode.textContent}`);
    }
    for (const element of document.body.querySelectorAll("*")) {
      if (element.closest(data)) continue;
      for (const name of ["aria-label", "aria-valuetext", "aria-roledescription", "aria-description", "title", "placeholder", "alt"]) {
        const value = element.getAttribute(name);
        if (value && !is_plain(value)) found.push(`${element.tagName}[${name}]: ${value}`);
      }
    }
    return [...new Set(found)];
  }, DATA);

/** Everything is read in another language from now on. */
const speak = (page: Page, language: string) => page.addInitScript((code) => localStorage.setItem("netsplit.language", code), language);

test("every text is a Text, and none is cut off", async ({ site }) => {
  test.slow();
  await speak(site, "en-XA");
  await site.setViewportSize({ width: 1440, height: 900 });
  const look = async (place: string) => {
    expect.soft(await untranslated(site), place).toEqual([]);
    expect.soft(await cutOff(site), place).toEqual([]);
  };
  await everywhere(site, look);
  await site.keyboard.press("Escape");
  for (const key of ["t", "g", "k", "n"]) {
    await site.keyboard.press(key);
    await look(`after ${key}`);
    await site.keyboard.press("Escape");
  }
  await site.keyboard.press("t");
  await choose(site, '[data-node="S1"]', "node-clock");
  await look("clock");
  await site.keyboard.press("Escape");
  await site.locator('[data-link="S1-S2"]').dispatchEvent("contextmenu");
  await look("menu");
  await site.keyboard.press("Escape");
  await site.keyboard.press("f");
  await expect(site.getByTestId("presenting")).toBeVisible();
  await look("present");
  await site.goto("./#/");
  const labs = await site.locator('.lab-card[href^="#/lab/"]').evaluateAll((cards) => cards.map((card) => card.getAttribute("href") ?? ""));
  expect(labs).toContain("#/lab/load-balancing");
  for (const lab of labs) {
    await site.goto(`./${lab}`);
    await expect(counter(site)).toBeVisible();
    await site.getByTestId("tab-log").click();
    await look(lab);
  }
  await site.goto("./?view=embed#/lab/raft");
  await expect(site.getByTestId("figure")).toBeVisible();
  await look("figure");
});

test("on a phone nothing is cut off in texts of double length", async ({ site }) => {
  test.slow();
  await speak(site, "en-XA");
  await site.setViewportSize({ width: 390, height: 844 });
  await everywhere(site, async (place) => expect.soft(await cutOff(site), place).toEqual([]));
});

test("from right to left the page is mirrored, and time is not", async ({ site }) => {
  test.slow();
  await skipHint(site);
  await speak(site, "fa");
  await site.setViewportSize({ width: 1440, height: 900 });
  await visit(site, "minority-leader");
  await expect(site.locator("html")).toHaveAttribute("dir", "rtl");
  await expect(site.locator("html")).toHaveAttribute("lang", "fa");
  const x = async (selector: string) => (await site.locator(selector).first().boundingBox())?.x ?? NaN;
  expect(await x(".inspector")).toBeLessThan(await x(".side"));
  expect(await x('[data-testid="step-back"]')).toBeLessThan(await x('[data-testid="step"]'));
  expect(await x('[data-lane="S1"]')).toBeLessThan(300 + (await x(".lanes-field")));
  expect(await cutOff(site)).toEqual([]);
  await site.setViewportSize({ width: 390, height: 844 });
  for (const pane of ["lab", "time", "node", "stage"]) {
    await site.getByTestId(`pane-${pane}`).click();
    expect(await cutOff(site), pane).toEqual([]);
  }
  // Another language is chosen in the middle of a run, and the run goes on.
  const event = await counter(site).textContent();
  await site.getByTestId("more").click();
  await site.getByTestId("language-en").click();
  await expect(site.locator("html")).toHaveAttribute("dir", "ltr");
  await expect(counter(site)).toHaveText(/event \d+ of/);
  const number = (text: string | null) => text?.match(/\d+/)?.[0];
  expect(number(await counter(site).textContent())).toBe(number(event));
  expect(await site.evaluate(() => localStorage.getItem("netsplit.language"))).toBe("en");
});

test("the choice says how much is translated, and a lab that is open changes with the page", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  const chosen = site.getByTestId("language");
  const options = await chosen.locator("option").allTextContents();
  expect(options).toEqual(["English", expect.stringMatching(/^\W?Deutsch\W?: \d+ of \d+ labs$/), expect.stringMatching(/^\W?فارسی\W?: \d+ of \d+ labs$/)]);
  // What only the lab says, and what only its card says.
  const persian = /[\u0600-\u06ff]/;
  await chosen.selectOption("fa");
  await expect(site.locator("#scenario-title")).toHaveText(persian);
  await site.goto("./#/");
  await expect(site.locator(".hero-caption b")).toHaveText(persian);
  await chosen.selectOption("en");
  await expect(site.locator(".hero-caption b")).not.toHaveText(persian);
});

test("of two languages chosen at once the later one stays, whichever texts come first", async ({ site }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await site.route("**/locales/de.txt", async (route) => {
    await held;
    await route.continue();
  });
  await site.goto("./#/");
  const chosen = site.getByTestId("language");
  await chosen.selectOption("de");
  await chosen.selectOption("fa");
  await expect(site.locator("html")).toHaveAttribute("lang", "fa");
  const late = site.waitForResponse("**/locales/de.txt");
  release();
  await (await late).finished();
  // What follows the texts has happened when the next picture stands.
  await nextPicture(site);
  await expect(site.locator("html")).toHaveAttribute("lang", "fa");
  await expect(chosen).toHaveValue("fa");
  await expect(site.getByTestId("search")).toHaveAttribute("placeholder", /[\u0600-\u06ff]/);
  expect(await site.evaluate(() => localStorage.getItem("netsplit.language"))).toBe("fa");
});

test.describe("the browser's language", () => {
  test.use({ locale: "de-AT" });

  test("is spoken, unless the address says another; without its texts the page is English and says so", async ({ page }) => {
    await page.goto("./#/");
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    await page.goto(`file://${join(folder, "netsplit.html")}#/`);
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto("./?lang=en#/");
    await expect(page.getByTestId("search")).toHaveAttribute("placeholder", /^Search/);
    expect(asked.filter((address) => address.includes("locales/"))).toEqual([]);
    await page.route("**/locales/**", (route) => route.abort());
    await page.goto("./?lang=fa#/");
    await expect(page.getByTestId("looks-problems")).toContainText("فارسی");
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
  });
});
