import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { choose, counter, expect, skipHint, test, visit } from "./lab";

/** Everything that the page asks for from elsewhere. */
function foreign(page: Page, home: string): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(home) && !request.url().startsWith(`blob:${home}`)) asked.push(request.url());
  });
  return asked;
}

// `site` fails on an error in the console, and a browser reports there what a policy forbids.
test("home, lab, hunt and log keep to the page's policy, and ask nobody else for anything", async ({ site, baseURL }) => {
  const asked = foreign(site, new URL(baseURL!).origin);
  await site.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
  });
  await site.goto("./#/");
  await expect(site.getByTestId("search")).toBeVisible();
  const policy = (await site.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content")) ?? "";
  expect(policy).toMatch(/script-src 'self' ('sha256-\S+' )+'wasm-unsafe-eval'; style-src 'self' ('sha256-\S+' ?)+;/);
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);

  await skipHint(site);
  await visit(site, "minority-leader");
  await site.getByTestId("play").click();
  await site.getByTestId("play").click();
  await site.locator('[data-node="S1"]').dispatchEvent("contextmenu");
  await site.keyboard.press("Escape");
  await site.getByTestId("tab-history").click();
  await expect(site.locator(".call-bar").first()).toBeVisible();
  await site.getByTestId("lanes").hover();
  await site.getByTestId("side-hunt").click();
  await site.getByTestId("hunt-way").selectOption("all");
  await site.getByTestId("hunt-events").fill("1");
  await site.getByTestId("hunt-events").blur();
  await site.getByTestId("hunt-start").click();
  await expect(site.getByTestId("hunt-outcome")).toContainText("No run of up to 1 event", { timeout: 60_000 });
  await site.goto("./#/log");
  await site.getByTestId("log-example").click();
  await site.getByTestId("log-open").click();
  await expect(site.locator("[data-node]")).toHaveCount(3);
  expect(asked).toEqual([]);
  expect(await site.context().cookies()).toEqual([]);
});

test("the parts that have a place of their own stand there without the attribute style", async ({ lab }) => {
  await choose(lab, '[data-node="S1"]', "node-crash");
  const part = () => lab.getByTestId("scrubber").evaluate((scrubber: HTMLElement) => scrubber.style.getPropertyValue("--part"));
  expect(await part()).not.toBe("");
  await lab.getByTestId("scrubber").fill("1");
  await expect.poll(part).not.toBe("100.00%");
  expect((await lab.locator('[data-node="S1"]').boundingBox())?.x).toBeGreaterThan(0);
});

test("when the app fails, it says so in the language of the page", async ({ page }) => {
  await page.goto("./?lang=en#/lab/raft/minority-leader");
  await page.getByTestId("language").selectOption("fa");
  await expect(page.locator("html")).toHaveAttribute("lang", "fa");
  // In one go: a part that arrives in between would draw, and fail before the click.
  await page.getByTestId("step-back").evaluate((button: HTMLElement) => {
    Element.prototype.setAttribute = () => { throw new Error("forced by the test"); };
    button.click();
  });
  await expect(page.getByRole("alert").getByRole("heading")).toContainText(/[\u0600-\u06ff]/);
  await expect(page.getByRole("alert")).not.toContainText(/undefined|\{letter\}|moment/);
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
});

test("when the app fails, every branch is still there to go on from and to save", async ({ page }) => {
  await skipHint(page);
  await visit(page, "minority-leader");
  await choose(page, '[data-node="S3"]', "node-crash");
  await page.getByTestId("step-back").click();
  await page.getByTestId("step-back").click();
  await choose(page, '[data-node="S2"]', "node-pause");
  await expect(page.getByTestId("branch-B")).toHaveAttribute("aria-pressed", "true");
  const moment = await page.getByTestId("moment").textContent();
  // A browser that refuses an attribute makes the core panic at the next drawing.
  await page.evaluate(() => {
    Element.prototype.setAttribute = () => { throw new Error("forced by the test"); };
  });
  await page.getByTestId("text").click();
  await expect(page.getByRole("alert")).toContainText("Netsplit has failed");
  await page.locator("summary").click();
  await expect(page.locator("pre")).toContainText("panicked at");
  await expect(page.getByText("Branch A:")).toBeVisible();

  const row = page.locator("p").filter({ hasText: "Branch B:" });
  const [download] = await Promise.all([page.waitForEvent("download"), row.getByRole("link").click()]);
  expect(download.suggestedFilename()).toBe("branch-B.netsplit");
  const saved = await readFile((await download.path())!, "utf8");
  expect(JSON.parse(saved)).toMatchObject({ netsplit: 2, lab: "raft", inputs: expect.any(Array) });
  await row.getByRole("button").click();
  await expect(counter(page)).toBeVisible();
  await expect(page.getByTestId("moment")).toHaveText(moment!);
  await page.goto("./#/");
  await page.getByTestId("open-file").setInputFiles({ name: "b.netsplit", mimeType: "text/plain", buffer: Buffer.from(saved) });
  await expect(page.getByTestId("moment")).toHaveText(moment!);
});
