import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FrameLocator, Page } from "@playwright/test";
import { expect, expectPictures, test as base } from "./lab";
import { folder, Host } from "./release";

const test = base.extend<{ host: Host }>({
  host: async ({}, use) => {
    const host = new Host("/some/path/");
    await host.start();
    await use(host);
    await host.stop();
  },
});

test.use({ serviceWorkers: "allow" });

/** A lab steps, and a hunt finds its worker. */
async function smoke(page: Page | FrameLocator) {
  await expect(page.getByTestId("event-counter")).toBeVisible();
  const digits = await page.getByTestId("event-counter").textContent();
  await page.getByTestId("step").click();
  await expect(page.getByTestId("event-counter")).not.toHaveText(digits!);
  // Where nothing is remembered it is a first visit, which keeps that behind a button.
  const [hunt, door] = [page.getByTestId("side-hunt"), page.getByTestId("break-a-rule")];
  await expect(hunt.or(door).first()).toBeVisible();
  if (!(await hunt.isVisible())) await door.click();
  await hunt.click();
  await page.getByTestId("hunt-way").selectOption("all");
  await page.getByTestId("hunt-events").fill("1");
  await page.getByTestId("hunt-events").blur();
  await page.getByTestId("hunt-start").click();
  await expect(page.getByTestId("hunt-outcome")).toContainText("No run of up to 1 event", { timeout: 60_000 });
}

/** The whole folder is kept, and serves this page. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 20));
  });

test("a release works under any path", async ({ site, host }) => {
  await site.goto(host.address);
  await expect(site.getByTestId("search")).toBeVisible();
  await site.goto(`${host.address}#/lab/raft/minority-leader`);
  await smoke(site);
  expect(host.missing).toEqual([]);
});

test("after the first visit everything works without a network", async ({ site, host, context }) => {
  await site.goto(`${host.address}?lang=de`);
  await kept(site);
  const texts = ["locales/de.txt", "locales/de/swim.txt", "cards/de.txt", "words/de.txt"];
  for (const file of texts) {
    await expect.poll(() => site.evaluate(async (file) => Boolean(await caches.match(file)), file)).toBe(true);
  }
  expect(await site.evaluate(async () => Boolean(await caches.match("locales/fa.txt")))).toBe(false);
  await host.stop();
  await context.setOffline(true);
  await site.reload();
  await expect(site.locator("html")).toHaveAttribute("lang", "de");
  await expectPictures(site);
  await site.goto(host.address);
  await expect(site.getByTestId("search")).toBeVisible();
  await site.getByTestId("lab-raft").click();
  await smoke(site);
  await site.goto(`${host.address}#/lesson/heartbeats-dead-or-slow`);
  await expect(site.getByTestId("lesson-number")).toBeVisible();
  await site.goto(`${host.address}lab/raft/`);
  await expect(site.getByRole("heading", { level: 1 })).toContainText("Raft");
  await site.goto(`${host.address}?view=full#/lab/raft/split-vote`);
  await expect(site.getByTestId("event-counter")).toBeVisible();
});

test("a new version is there at the next load, and the old one goes", async ({ site, host }) => {
  // The whole folder is fetched twice.
  test.slow();
  await site.goto(host.address);
  await kept(site);
  const caches = () => site.evaluate(() => globalThis.caches.keys());
  const [old] = await caches();
  host.edit = (file, text) =>
    file.endsWith("sw.js") ? text.replace(/VERSION = "\w+"/, 'VERSION = "next"') : text.replace("<html ", '<html data-version="next" ');
  await site.reload();
  await expect(site.locator("html")).not.toHaveAttribute("data-version");
  await expect.poll(caches, { timeout: 20_000 }).toContainEqual(expect.stringMatching(/ next$/));
  await expect.poll(() => site.evaluate(async () => (await navigator.serviceWorker.ready).installing ?? "none")).toBe("none");
  await site.reload();
  await expect(site.locator("html")).toHaveAttribute("data-version", "next");
  await expect.poll(caches).not.toContain(old);
});

test("the app can be installed", async ({ site, host, request }) => {
  await site.goto(host.address);
  const address = await site.locator("link[rel=manifest]").evaluate((link: HTMLLinkElement) => link.href);
  const manifest = await (await request.get(address)).json();
  expect(new URL(manifest.start_url, address).href).toBe(host.address);
  for (const icon of manifest.icons) expect((await request.get(new URL(icon.src, address).href)).ok()).toBe(true);
  const session = await site.context().newCDPSession(site);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
});

test("the single file works from a disk, and asks nobody for anything", async ({ site }) => {
  const address = pathToFileURL(join(folder, "netsplit.html")).href;
  const asked: string[] = [];
  site.on("request", (request) => asked.push(request.url()));
  await site.goto(address);
  await expect(site.getByTestId("search")).toBeVisible();
  await expectPictures(site);
  await site.getByTestId("lab-cap").click();
  await expect(site.getByTestId("cap-step")).toBeVisible();
  await site.goto(`${address}#/lab/raft/minority-leader`);
  await smoke(site);
  expect(asked.filter((url) => url !== address && !/^(blob|data):/.test(url))).toEqual([]);
});

test("the single file works in a sandbox", async ({ site, baseURL }) => {
  const asked: string[] = [];
  site.on("request", (request) => asked.push(request.url()));
  await site.setContent(
    `<iframe sandbox="allow-scripts" width="1200" height="700" src="${baseURL}netsplit.html#/lab/raft/minority-leader"></iframe>`,
  );
  await smoke(site.frameLocator("iframe"));
  expect(asked.filter((url) => !url.includes("netsplit.html") && !/^(blob|data|about):/.test(url))).toEqual([]);
});

test("the single file reads a log in a sandbox", async ({ site, baseURL }) => {
  await site.setContent(
    `<iframe sandbox="allow-scripts" width="1200" height="700" src="${baseURL}netsplit.html#/log"></iframe>`,
  );
  const page = site.frameLocator("iframe");
  await page.getByTestId("log-example").click();
  await page.getByTestId("log-open").click();
  await expect(page.getByTestId("log-counts")).toContainText("events13");
});

test("each lab has a page that needs no JavaScript", async ({ browser, host, request }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${host.address}lab/raft/`);
  await expect(page).toHaveTitle(/^Raft: .* · Netsplit$/);
  await expect(page.getByRole("img").first()).toBeVisible();
  await expect(page.locator("link[rel=canonical]")).toHaveAttribute("href", /^https:.*\/lab\/raft\/$/);
  for (const name of ["title", "description", "url", "image"]) {
    await expect(page.locator(`meta[property="og:${name}"]`)).toHaveAttribute("content", /\S/);
  }
  const picture = await (await request.get(`${host.address}lab/raft/picture.png`)).body();
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1200, 630]);
  expect(picture.length).toBeGreaterThan(20_000);
  const oembed = await (await request.get(`${host.address}lab/raft/oembed.json`)).json();
  expect(oembed).toMatchObject({ version: "1.0", type: "rich", title: "Raft" });
  expect(oembed.html).toContain("?view=embed#/lab/raft");
  await page.getByRole("link", { name: "Open the lab" }).click();
  expect(page.url()).toBe(`${host.address}#/lab/raft`);
  expect(host.missing).toEqual([]);
  await context.close();
});
