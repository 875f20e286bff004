import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import jsQR from "jsqr";
import { barriers } from "./axe";
import { caption, choose, counter, eventNumber, expect, skipHint, test, visit } from "./lab";

const CLASSROOM = { width: 1920, height: 1080 };

async function present(page: Page) {
  await page.getByTestId("present").click();
  await expect(page.getByTestId("presenting")).toBeVisible();
}

/** How large texts are on the screen, in pixels, smallest first; what is hidden does not count. */
async function sizes(page: Page, selector: string): Promise<number[]> {
  const all = await page.locator(selector).evaluateAll((elements) =>
    elements
      .filter((element) => element.getClientRects().length > 0 && element.textContent)
      .map((element) => {
        const scale = element instanceof SVGGraphicsElement ? element.getScreenCTM()!.a : 1;
        return parseFloat(getComputedStyle(element).fontSize) * scale;
      }),
  );
  return all.sort((a, b) => a - b);
}

const READ_BY_ALL = ".presenting .caption *, .presenting .stage-drawing text";

test("with seven servers, everything in the picture has 24 pixels", async ({ site }) => {
  test.slow();
  await skipHint(site);
  await site.setViewportSize(CLASSROOM);
  await visit(site, "minority-leader");
  await site.getByTestId("side-settings").click();
  await site.getByTestId("setting-servers").fill("7");
  await site.getByTestId("setting-servers").press("Enter");
  await expect(site.locator("[data-node^=S]")).toHaveCount(7);
  await present(site);
  for (let step = 0; step < 14; step++) {
    await site.keyboard.press("PageDown");
    const [smallest] = await sizes(site, READ_BY_ALL);
    expect(smallest).toBeGreaterThanOrEqual(24);
  }
  expect((await sizes(site, ".presenting .message-label text")).length).toBeGreaterThan(0);
});

test("with two hundred nodes, names thin out and stay large", async ({ site }) => {
  await skipHint(site);
  await site.setViewportSize(CLASSROOM);
  await site.goto("./#/lab/swim/two-hundred");
  await expect(counter(site)).toBeVisible();
  await present(site);
  await site.keyboard.press("PageDown");
  const names = await sizes(site, ".presenting .node-label");
  expect(names[0]).toBeGreaterThanOrEqual(24);
  expect(names.length).toBeGreaterThanOrEqual(30);
  expect(names.length).toBeLessThan(100);
  // No name touches another.
  const boxes = await site.locator(".presenting .node-label").evaluateAll((all) => all.map((name) => name.getBoundingClientRect()).filter(({ width }) => width > 0));
  const touching = boxes.filter((a, index) => boxes.slice(0, index).some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
  expect(touching).toEqual([]);
  expect((await sizes(site, READ_BY_ALL))[0]).toBeGreaterThanOrEqual(24);
});

test("a clicker steps, makes the screen black and plays; Escape leaves", async ({ lab }) => {
  await lab.keyboard.press("f");
  await expect(lab.getByTestId("presenting")).toBeVisible();
  await expect(lab.locator("html")).toHaveAttribute("data-theme", "projector");
  const start = await eventNumber(lab);
  await lab.keyboard.press("PageDown");
  await lab.keyboard.press("PageDown");
  await expect(counter(lab)).toContainText(`event ${start + 2} of`);
  await lab.keyboard.press("PageUp");
  await expect(counter(lab)).toContainText(`event ${start + 1} of`);
  await lab.keyboard.press(".");
  await expect(lab.getByTestId("blank")).toBeVisible();
  await lab.keyboard.press("PageDown");
  await expect(lab.getByTestId("blank")).toHaveCount(0);
  await expect(counter(lab)).toContainText(`event ${start + 1} of`);
  await lab.keyboard.press(" ");
  await expect(lab.getByTestId("play")).toHaveAccessibleName(/Pause/);
  await lab.keyboard.press(" ");
  await lab.keyboard.press("Escape");
  await expect(lab.getByTestId("presenting")).toHaveCount(0);
  await expect(lab.locator("html")).not.toHaveAttribute("data-theme", "projector");
  await expect(lab.getByTestId("present")).toBeFocused();
  expect(await lab.evaluate(() => [document.fullscreenElement, localStorage.getItem("netsplit.theme")])).toEqual([null, expect.not.stringContaining("projector")]);
});

test("a light falls on the node that acted and on the message that arrived", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  await present(site);
  for (let step = 0; step < 8; step++) await site.keyboard.press("PageDown");
  const lit = site.locator("[data-node].lit");
  await expect(lit).toHaveCount(1);
  await expect(lit.locator(".halo")).toHaveCount(1);
  // The last of the eight steps may still be on its way.
  await expect(async () => expect(await caption(site).textContent()).toContain(await lit.getAttribute("data-node"))).toPass();
  const dim = () => site.locator("[data-node]:not(.lit) > .node").first().evaluate((node) => Number(getComputedStyle(node).opacity));
  await expect.poll(dim).toBeLessThan(1);
  await expect.poll(dim).toBeGreaterThanOrEqual(0.5);
});

/** What a scanner reads off the screen. */
async function scan(page: Page, code: Locator): Promise<string | undefined> {
  const picture = (await code.screenshot()).toString("base64");
  const { data, width, height } = await page.evaluate(async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    // Smaller, as from a seat.
    const [width, height] = [image.width, image.height].map((side) => Math.round((side * 400) / image.height));
    const context = new OffscreenCanvas(width, height).getContext("2d")!;
    context.drawImage(image, 0, 0, width, height);
    return { data: Array.from(context.getImageData(0, 0, width, height).data), width, height };
  }, picture);
  return jsQR(new Uint8ClampedArray(data), width, height)?.data;
}

test("Q shows a QR code that leads to the very moment", async ({ site, context }) => {
  test.slow();
  await skipHint(site);
  await visit(site, "minority-leader");
  await choose(site, '[data-node="S3"]', "node-crash");
  const moment = await counter(site).textContent();
  const sentence = await caption(site).textContent();
  await present(site);
  await site.keyboard.press("q");
  const link = site.getByTestId("code").getByRole("link");
  const address = await scan(site, site.getByTestId("code").locator("svg").first());
  expect(address).toMatch(/#2;[\w-]+$/);
  expect(await link.textContent()).toBe(address);
  const other = await context.newPage();
  await other.goto(address!);
  await expect(counter(other)).toHaveText(moment!);
  await expect(caption(other)).toHaveText(sentence!);
  await other.close();
  await site.keyboard.press("q");
  await expect(site.getByTestId("code")).toHaveCount(0);
});

test("notes follow in a second window, whose keys move the first", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  await present(site);
  const [notes] = await Promise.all([site.waitForEvent("popup"), site.keyboard.press("w")]);
  const headline = () => notes.getByTestId("notes-caption").textContent();
  // Under the stage another sentence may follow, and the first one ends with a full stop.
  const shown = async () => ((await caption(site).locator("strong").textContent()) ?? "").replace(/\.$/, "");
  await expect.poll(headline).toBe(await shown());
  await expect(site.getByTestId("presenting")).toBeVisible();
  const next = await notes.getByTestId("notes-next").textContent();
  await site.keyboard.press("PageDown");
  await expect.poll(headline).toBe(next);
  expect(await shown()).toBe(next);
  const event = await eventNumber(site);
  await notes.keyboard.press("PageDown");
  await expect(counter(site)).toContainText(`event ${event + 1} of`);
  await expect.poll(headline).toBe(await shown());
  await expect(notes.getByTestId("notes-why").locator("li").first()).toBeVisible();
  await expect(notes.getByTestId("notes-elapsed")).toContainText(/^0:\d\d/);
  const font = await notes.locator("h1").evaluate((title) => getComputedStyle(title).fontSize);
  expect(font).toBe("26px");
  await notes.close();
  await expect(site.getByTestId("present-notes")).toHaveAttribute("aria-pressed", "false");
  await expect(site.getByTestId("presenting")).toBeVisible();
});

test("where full screen and windows are refused, the page fills the window and says so", async ({ site }) => {
  await site.addInitScript(() => {
    Element.prototype.requestFullscreen = () => Promise.reject(new TypeError("refused"));
    window.open = () => null;
  });
  await skipHint(site);
  await visit(site, "first-election");
  await present(site);
  const box = await site.getByTestId("presenting").boundingBox();
  expect([box!.width, box!.height]).toEqual([site.viewportSize()!.width, site.viewportSize()!.height]);
  await site.keyboard.press("w");
  await expect(site.getByTestId("notice")).toContainText("Allow pop-up windows");
  await site.keyboard.press("Escape");
  await expect(site.getByTestId("presenting")).toHaveCount(0);
});

test("axe finds nothing while presenting", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  await present(site);
  expect(await barriers(site, "present")).toEqual([]);
  await site.keyboard.press("q");
  expect(await barriers(site, "code", '[data-testid="code"]')).toEqual([]);
});

test("stage and lanes are saved as SVG and PNG", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  const event = await eventNumber(site);
  await site.getByTestId("share").click();
  const save = async (subject: string, format: string) => {
    const [download] = await Promise.all([site.waitForEvent("download"), site.getByTestId(`save-${subject}-${format}`).click()]);
    expect(download.suggestedFilename()).toBe(`raft-event-${event}-${subject}.${format}`);
    return readFile((await download.path())!);
  };
  for (const subject of ["stage", "lanes"]) {
    const svg = (await save(subject, "svg")).toString();
    const [width, height, shapes, title] = await site.evaluate((svg) => {
      const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
      if (root.querySelector("parsererror")) throw new Error(root.textContent ?? "");
      const size = ["width", "height"].map((name) => Number(root.getAttribute(name)));
      return [...size, root.querySelectorAll("path, circle, line").length, root.querySelector("title")!.textContent] as const;
    }, svg);
    expect(title).toContain(`event ${event}`);
    expect(shapes).toBeGreaterThan(20);
    expect(svg).toContain(">S5<");
    expect(svg).not.toMatch(/var\(|class=|aria-|<script/);
    const png = await save(subject, "png");
    expect(png.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * Math.floor(Number(width)), 2 * Math.floor(Number(height))]);
  }
});

test("an address can begin by presenting", async ({ site }) => {
  await skipHint(site);
  await site.goto("./?view=present#/lab/raft/minority-leader");
  await expect(site.getByTestId("presenting")).toBeVisible();
  await expect(site.locator("html")).toHaveAttribute("data-theme", "projector");
  await site.keyboard.press("PageDown");
  await expect(counter(site)).toContainText("event 51 of");
  await site.keyboard.press("Escape");
  await expect(site.getByTestId("presenting")).toHaveCount(0);
  await expect(site.getByTestId("present")).toBeFocused();
});
