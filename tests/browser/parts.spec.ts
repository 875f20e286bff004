import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "@playwright/test";
import { counter, eventNumber, expect, expectPictures, test as base } from "./lab";
import { folder, Host } from "./release";

const test = base.extend<{ host: Host }>({
  host: async ({}, use) => {
    const host = new Host("/some/path/");
    await host.start();
    await use(host);
    await host.stop();
  },
});

/** The files with parts of labs that a page has asked for. */
function watchLabs(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    const [, name] = /-split_(raft|swim|heartbeats|\w+_\w+)\.wasm$/.exec(request.url()) ?? [];
    if (name) asked.push(name);
  });
  return asked;
}

test("a lab brings its own part, and no other one's", async ({ site, host }) => {
  const asked = watchLabs(site);
  await site.goto(`${host.address}#/lab/raft/minority-leader`);
  await expect(counter(site)).toBeVisible();
  await expect(site.getByTestId("tab-node")).toBeVisible();
  expect(asked).toEqual(["raft"]);
  await site.goto(`${host.address}#/lab/lamport-clocks`);
  await expect(site.getByRole("heading", { name: "Lamport" })).toBeAttached();
  expect(asked).toEqual(["raft", "lamport_clocks"]);
  expect(host.missing).toEqual([]);
});

test("the start page has the pictures of all labs, and asks for none of them", async ({ site, host }) => {
  const asked = watchLabs(site);
  await site.goto(host.address);
  await expect(site.locator(".hero-stage svg .node")).toHaveCount(6);
  await expect(site.locator(".hero-caption b")).toHaveText(/\S/);
  await expectPictures(site);
  // A preset of a lab, which only its card knows.
  await site.getByTestId("search").fill("KRaft");
  await expect(site.locator(".gallery > li")).toHaveCount(1);
  await expect(site.getByTestId("lab-raft")).toBeVisible();
  expect(asked).toEqual([]);
  expect(host.missing).toEqual([]);
});

test("the texts of a lab are asked for before the app has started, and no other lab's", async ({ site, host }) => {
  const asked: string[] = [];
  site.on("request", (request) => asked.push(...(/locales\/.*|cards\/.*/.exec(request.url()) ?? [])));
  await site.route("**/netsplit-*.js", () => {});
  await site.goto(`${host.address}?lang=de#/lab/swim`, { waitUntil: "commit" });
  await expect.poll(() => asked).toEqual(["locales/de.txt", "locales/de/swim.txt"]);
  await site.unroute("**/netsplit-*.js");
  asked.length = 0;
  await site.reload();
  await expect(counter(site)).toBeVisible();
  expect(asked).toEqual(["locales/de.txt", "locales/de/swim.txt"]);
  await site.goto(`${host.address}?lang=de#/lab/vector-clocks`);
  await expect(site.getByRole("heading", { name: "Vektoruhren" })).toBeAttached();
  await expect.poll(() => asked).toContain("locales/de/vector-clocks.txt");
});

test("the part of the lab in a link is asked for before the app has started", async ({ site, host }) => {
  await site.goto(`${host.address}#/lab/swim`);
  await site.getByTestId("share").click();
  const link = await site.getByTestId("share-link").inputValue();
  const asked = watchLabs(site);
  // Without the glue nothing starts: only the page's own script can have asked.
  await site.route("**/netsplit-*.js", () => {});
  await site.goto("about:blank");
  await site.goto(link, { waitUntil: "commit" });
  await expect.poll(() => asked).toEqual(["swim"]);
});

// These pages have errors in their console: a request that fails is one.

test("a lab that does not come is said, and trying again brings it", async ({ page, host }) => {
  await page.route("**/*-split_raft.wasm", (route) => route.abort());
  await page.goto(`${host.address}#/lab/raft/minority-leader`);
  await expect(page.getByTestId("missing")).toContainText("A part of Netsplit could not be loaded");
  await page.getByTestId("again").click();
  await expect(page.getByTestId("missing")).toBeVisible();
  await page.unroute("**/*-split_raft.wasm");
  await page.getByTestId("again").click();
  await expect(counter(page)).toBeVisible();
  await expect(page.getByTestId("missing")).toHaveCount(0);
});

test("cards that do not come are said, and trying again brings them", async ({ page, host }) => {
  await page.route("**/cards/**", (route) => route.abort());
  await page.goto(host.address);
  await expect(page.getByTestId("missing")).toContainText("A part of Netsplit could not be loaded");
  await expect(page.getByTestId("lab-raft")).toBeVisible();
  await page.unroute("**/cards/**");
  await page.getByTestId("again").click();
  await expectPictures(page);
  await expect(page.getByTestId("missing")).toHaveCount(0);
});

/** What stands on the page although the stylesheet with a rule for it has not been asked for. */
async function undressed(page: Page): Promise<string[]> {
  const links = page.locator("link[rel=stylesheet][disabled]");
  const files = await links.evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
  const styles = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return page.evaluate((styles) => {
    const selectors = (rules: CSSRuleList): string[] =>
      [...rules].flatMap((rule) => {
        if (rule instanceof CSSStyleRule) return [rule.selectorText.replaceAll(/::[\w-]+/g, "")];
        return rule instanceof CSSGroupingRule ? selectors(rule.cssRules) : [];
      });
    return styles.flatMap((text) => {
      const style = new CSSStyleSheet();
      style.replaceSync(text);
      return selectors(style.cssRules).filter((selector) => document.querySelector(selector));
    });
  }, styles);
}

for (const address of [
  "#/", "#/cap", "#/courses", "#/lab/raft/minority-leader", "#/lab/raft/notes", "#/lesson/raft-two-leaders", "#/log",
  "#/marks", "#/words", "#/write", "?view=embed#/lab/raft/minority-leader", "?view=present#/lab/raft/minority-leader",
]) {
  test(`nothing is drawn at ${address} before its styles are there`, async ({ page, host }) => {
    await page.goto(host.address + address, { waitUntil: "networkidle" });
    await expect(page.locator("#boot")).toHaveCount(0);
    expect(await undressed(page)).toEqual([]);
    await page.route("**/netsplit-*.css", (route) => route.abort());
    await page.reload({ waitUntil: "networkidle" });
    await expect(page.getByTestId("missing")).toContainText("A part of Netsplit could not be loaded");
    expect(await undressed(page)).toEqual([]);
    await page.unroute("**/netsplit-*.css");
    await page.getByTestId("again").click();
    await expect(page.getByTestId("missing")).toHaveCount(0);
    await page.waitForLoadState("networkidle");
    expect(await undressed(page)).toEqual([]);
  });
}

test("a dialog that does not come is said, and trying again opens it", async ({ page, host }) => {
  await page.goto(`${host.address}#/lab/raft/minority-leader`);
  await expect(page.getByTestId("tab-node")).toBeVisible();
  await page.route("**/*-split_dialogs.wasm", (route) => route.abort());
  await page.getByTestId("split").click();
  await expect(page.getByTestId("missing")).toBeVisible();
  await page.getByTestId("step").click();
  await expect(page.getByTestId("missing")).toHaveCount(0);
  await page.getByTestId("split").click();
  await page.unroute("**/*-split_dialogs.wasm");
  await page.getByTestId("again").click();
  await expect(page.locator("dialog")).toBeVisible();
});

test("a dialog that is still on its way does not come when somebody has gone on", async ({ page, host }) => {
  await page.goto(`${host.address}#/lab/raft/minority-leader`);
  await expect(page.getByTestId("tab-node")).toBeVisible();
  let come = () => {};
  const held = new Promise<void>((done) => (come = done));
  await page.route("**/*-split_dialogs.wasm", async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest("**/*-split_dialogs.wasm");
  await page.getByTestId("split").click();
  await asked;
  await page.keyboard.press("Escape");
  const loaded = page.waitForResponse("**/*-split_dialogs.wasm");
  come();
  await loaded;
  // The next one finds its part there, and is no other than the one that was asked for.
  await page.keyboard.press("?");
  await expect(page.getByTestId("keys-on")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog")).toHaveCount(0);
});

test("a page that is older than the release on its host says so, and goes on in the new one", async ({ page, host }) => {
  await page.goto(`${host.address}#/lab/raft/minority-leader`);
  await expect(page.getByTestId("tab-node")).toBeVisible();
  await page.getByTestId("step").click();
  const event = await eventNumber(page);
  await page.route("**/*-split_dialogs.wasm", (route) => route.fulfill({ status: 404 }));
  host.edit = (file, text) => (file.endsWith("index.html") ? text.replace(/netsplit-\w+_bg\.wasm/g, "netsplit-next_bg.wasm") : text);
  await page.getByTestId("split").click();
  await expect(page.getByTestId("missing")).toContainText("There is a newer version of Netsplit");
  host.edit = (_, text) => text;
  await page.unroute("**/*-split_dialogs.wasm");
  await page.getByTestId("again").click();
  await expect(counter(page)).toContainText(`event ${event} of`);
});

test("the single file opens two labs from a disk", async ({ site }) => {
  const address = pathToFileURL(join(folder, "netsplit.html")).href;
  await site.goto(`${address}#/lab/swim`);
  await expect(site.getByTestId("tab-node")).toBeVisible();
  await site.goto(`${address}#/lab/load-balancing`);
  await expect(site.getByRole("heading", { name: "Load balancing" })).toBeAttached();
  await expect(site.getByTestId("tab-node")).toBeVisible();
});

test.describe("with a service worker", () => {
  test.use({ serviceWorkers: "allow" });

  test("a lab that was never visited opens without a network", async ({ site, host, context }) => {
    await site.goto(`${host.address}#/lab/swim`);
    await site.evaluate(async () => {
      await navigator.serviceWorker.ready;
      while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 20));
    });
    await host.stop();
    await context.setOffline(true);
    await site.goto(`${host.address}#/lab/load-balancing`);
    await site.reload();
    await expect(counter(site)).toBeVisible();
    await expect(site.getByRole("heading", { name: "Load balancing" })).toBeAttached();
    await site.getByTestId("help").click();
    await expect(site.locator("dialog")).toBeVisible();
  });
});
