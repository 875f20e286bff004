import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import type { FrameLocator, Page } from "@playwright/test";
import { expect, test as base } from "./lab";

/** The package, as `cargo xtask test browser` unpacks it. */
const PACKAGE = process.env.NETSPLIT_SCORM ?? "target/tmp/scorm";

/** A learning platform: the package in a frame of a frame, and around it scorm-again's run-time of SCORM 1.2. */
const PLATFORM = `<!doctype html><title>Platform</title>
<script src="scorm12.min.js"></script>
<script>
  const kept = JSON.parse(localStorage.getItem("cmi") ?? "null");
  window.calls = [];
  const api = new Scorm12API({ autocommit: false, logLevel: 5 });
  if (kept) api.loadFromJSON(kept, "cmi");
  // What is asked of the run-time, with its answers.
  window.API = {};
  for (const name of ["LMSInitialize", "LMSGetValue", "LMSSetValue", "LMSCommit", "LMSFinish", "LMSGetLastError", "LMSGetErrorString", "LMSGetDiagnostic"]) {
    window.API[name] = (...values) => {
      const answer = api[name].apply(api, values);
      window.calls.push([name, ...values, String(answer), String(api.LMSGetLastError())]);
      return answer;
    };
  }
  window.cmi = () => JSON.parse(JSON.stringify(api.cmi));
  window.keep = () => localStorage.setItem("cmi", JSON.stringify(window.cmi()));
</script>
<iframe src="between.html" width="1200" height="800"></iframe>`;

const PAGES: Record<string, string> = {
  "/platform.html": PLATFORM,
  "/between.html": `<!doctype html><title>Frame</title><iframe src="package/index.html" width="1180" height="780"></iframe>`,
  "/alone.html": `<!doctype html><title>Alone</title><iframe src="package/index.html" width="1180" height="780"></iframe>`,
};

const KINDS: Record<string, string> = { html: "text/html", js: "text/javascript", xml: "text/xml" };

const serve = async (): Promise<Server> => {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://host").pathname);
    const kind = KINDS[path.split(".").pop() ?? ""] ?? "application/octet-stream";
    try {
      const file = path.startsWith("/package/") ? join(PACKAGE, path.slice("/package".length)) : join("node_modules/scorm-again/dist", path);
      const body = PAGES[path] ?? (await readFile(file));
      response.writeHead(200, { "Content-Type": kind }).end(body);
    } catch {
      response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
};

const test = base.extend<object, { platform: string }>({
  platform: [
    async ({}, use) => {
      const server = await serve();
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      server.close();
      server.closeAllConnections();
    },
    { scope: "worker" },
  ],
});

const app = (page: Page): FrameLocator => page.frameLocator("iframe").frameLocator("iframe").frameLocator("iframe");
const calls = (page: Page): Promise<string[][]> => page.evaluate(() => (window as any).calls);
const said = async (page: Page, name: string) =>
  (await calls(page)).filter(([call, element]) => call === "LMSSetValue" && element === name).map(([, , value]) => value);

/** Answers the first question, rightly. */
const answer = async (page: Page) => {
  const lesson = app(page).getByTestId("lesson");
  await app(page).getByTestId("lesson-number").fill("270");
  await app(page).getByTestId("lesson-go-on").click();
  await expect(lesson).toHaveAttribute("data-phase", "locked");
  await app(page).getByTestId("lesson-go-on").click();
  await expect(lesson).toHaveAttribute("data-phase", "running");
  await app(page).getByTestId("lesson-skip").click();
  await expect(lesson).toHaveAttribute("data-phase", "told");
};

test("a platform hears status, score, place and answers, and nothing that it refuses", async ({ site: page, platform }) => {
  await page.goto(`${platform}platform.html`);
  await answer(page);
  await expect.poll(async () => Number((await said(page, "cmi.core.score.raw")).at(-1))).toBeGreaterThan(0);
  const all = await calls(page);
  expect(all[0].slice(0, 3)).toEqual(["LMSInitialize", "", "true"]);
  for (const call of all.filter(([name]) => name === "LMSSetValue")) {
    expect(call.slice(-2), call.join(" ")).toEqual(["true", "0"]);
  }
  expect(await said(page, "cmi.core.lesson_status")).toContain("incomplete");
  expect((await said(page, "cmi.core.lesson_location")).at(-1)).toBe("1");
  expect((await said(page, "cmi.core.score.min")).at(-1)).toBe("0");
  expect((await said(page, "cmi.core.score.max")).at(-1)).toBe("100");
  const kept = (await said(page, "cmi.suspend_data")).at(-1)!;
  expect(kept.length).toBeLessThanOrEqual(4096);
  expect(JSON.parse(kept)).toMatchObject({ lesson: "heartbeats-dead-or-slow", steps: [{ step: 1, predict: [{ answer: 270_000 }] }] });
});

test("who comes back goes on where the platform says", async ({ site: page, platform }) => {
  await page.goto(`${platform}platform.html`);
  await answer(page);
  await expect.poll(async () => Number((await said(page, "cmi.core.score.raw")).at(-1))).toBeGreaterThan(0);
  const raw = (await said(page, "cmi.core.score.raw")).at(-1);
  // The package is closed: time and exit are told, and it finishes once.
  await page.locator("iframe").evaluate((frame: HTMLIFrameElement) => (frame.src = "about:blank"));
  await expect.poll(async () => (await calls(page)).filter(([name]) => name === "LMSFinish").length).toBe(1);
  expect((await said(page, "cmi.core.session_time")).at(-1)).toMatch(/^\d{4}:\d\d:\d\d\.\d\d$/);
  expect((await said(page, "cmi.core.exit")).at(-1)).toBe("suspend");
  expect((await calls(page)).at(-1)![0]).toBe("LMSFinish");
  // Another machine has nothing but what the platform kept.
  await page.evaluate(() => {
    const names = Object.keys(localStorage);
    (window as any).keep();
    names.filter((name) => name !== "cmi").forEach((name) => localStorage.removeItem(name));
  });
  await page.goto(`${platform}platform.html`);
  await expect.poll(async () => (await said(page, "cmi.core.score.raw")).at(-1)).toBe(raw);
  const kept = (await said(page, "cmi.suspend_data")).at(-1)!;
  expect(JSON.parse(kept).steps[0].predict[0].answer).toBe(270_000);
});

test("without a platform the lesson is there all the same, and says so", async ({ site: page, platform }) => {
  await page.goto(`${platform}alone.html`);
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("#say")).toContainText("No learning platform was found");
  await expect(frame.frameLocator("iframe").getByTestId("lesson-number")).toBeVisible();
});
