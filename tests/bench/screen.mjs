// How fast the screen is, in headless Chromium: `cargo xtask dist --single`, serve the folder `dist`, and then
// `node tests/bench/screen.mjs http://127.0.0.1:8080`. It takes about two minutes. Nothing here can fail a test: read the
// figures on a quiet machine, and compare those of one run.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { chromium } from "@playwright/test";

const address = process.argv[2] ?? "http://127.0.0.1:8080";
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const at = (numbers, part) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * part))] ?? 0;
const spread = (numbers) => `median ${at(numbers, 0.5).toFixed(1)}, most ${at(numbers, 1).toFixed(1)} ms`;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function open(route) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
  await page.addInitScript(() => {
    localStorage.setItem("netsplit.hint", "done");
    // The script of each frame, with what it leaves to be done at once; and tasks of over 50 ms.
    Object.assign(globalThis, { frames: [], long: [] });
    const ask = requestAnimationFrame.bind(globalThis);
    globalThis.requestAnimationFrame = (callback) =>
      ask((now) => {
        const start = performance.now();
        callback(now);
        const after = (turns) => (turns > 0 ? Promise.resolve().then(() => after(turns - 1)) : frames.push(performance.now() - start));
        after(6);
      });
    new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  });
  await page.goto(`${address}/#${route}`);
  return page;
}

async function stress() {
  const page = await open("/stress");
  await page.locator(".crowd").waitFor();
  await pause(1_000);
  const count = () => page.evaluate(() => frames.length);
  const [before, start] = [await count(), Date.now()];
  await pause(4_000);
  const rate = ((await count()) - before) / ((Date.now() - start) / 1_000);
  console.log(`1,000 labelled messages: ${rate.toFixed(1)} frames a second`);
  await page.close();
}

async function busy() {
  const page = await open("/lab/raft/first-election");
  await page.getByTestId("side-settings").click();
  const settings = { servers: 7, clients: 2, timeout_most_ms: 4000, timeout_least_ms: 2000, heartbeat_ms: 6, delay_most_us: 120000, delay_least_us: 80000 };
  for (const [name, value] of Object.entries(settings)) {
    await page.getByTestId(`setting-${name}`).fill(String(value));
    await page.getByTestId(`setting-${name}`).press("Enter");
  }
  await page.getByTestId("run-until").click();
  await page.getByTestId("until-leader").click();
  await page.getByTestId("speed").selectOption({ index: 5 });
  await page.getByTestId("play").click();
  await pause(2_500);
  await page.evaluate(() => ((frames.length = 0), (long.length = 0)));
  await pause(5_000);
  const seen = await page.evaluate(() => ({ frames, long }));
  await page.getByTestId("play").click();
  await page.getByTestId("tab-message").click();
  const messages = await page.locator(".inspector .eyebrow").first().textContent();
  await pause(1_000);
  const still = await page.evaluate(() => frames.length);
  await pause(2_000);
  const idle = (await page.evaluate(() => frames.length)) - still;
  console.log(`7 servers, 2 clients, ${messages}: script of a frame ${spread(seen.frames)}; ${seen.long.length} tasks over 50 ms in 5 s (${spread(seen.long)}); paused: ${idle} frames in 2 s`);
  await page.close();
}

/** The lab with load: at speed 1 and where a simulated second takes about a second. */
async function load() {
  const page = await open("/lab/load-balancing/ten-thousand");
  await page.locator("canvas.crowd").waitFor();
  for (const [name, power] of [["1x", "0"], ["64x", "6"]]) {
    await page.getByTestId("speed").selectOption(power);
    const events = async () => Number(/event (\d+)/.exec(await page.getByTestId("event-counter").textContent())[1]);
    await page.getByTestId("play").click();
    await pause(2_000);
    await page.evaluate(() => ((frames.length = 0), (long.length = 0)));
    const [before, start] = [await events(), Date.now()];
    await pause(5_000);
    const [after, seconds] = [await events(), (Date.now() - start) / 1_000];
    const seen = await page.evaluate(() => ({ frames: frames.slice(), long: long.slice() }));
    await page.getByTestId("play").click();
    const rate = `${((after - before) / seconds).toFixed(0)} events and ${(seen.frames.length / seconds).toFixed(0)} frames a second`;
    console.log(`10,000 requests a second at ${name}: script of a frame ${spread(seen.frames)}; ${rate}; ${seen.long.length} tasks over 50 ms`);
  }
  await page.close();
}

/** From the press to the next task after the frame that shows it. */
const painted = (page, testid, value) =>
  page.evaluate(
    ([testid, value]) =>
      new Promise((done) => {
        const control = document.querySelector(`[data-testid="${testid}"]`);
        const start = performance.now();
        if (value === null) control.click();
        else {
          control.value = value;
          control.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => done(performance.now() - start);
          channel.port2.postMessage(0);
        });
      }),
    [testid, value],
  );

async function seek(seconds) {
  const page = await open("/lab/raft/minority-leader");
  await page.getByTestId("run-until").click();
  await page.getByTestId("until-moment").click();
  await page.getByTestId("moment-time").fill(String(seconds));
  await page.getByTestId("moment-go").click();
  await page.waitForFunction(
    (seconds) => {
      const shown = /t = ([\d.]+) (s|min)/.exec(document.querySelector("[data-testid=moment]").textContent);
      return shown && Number(shown[1]) * (shown[2] === "min" ? 60 : 1) > seconds - 1;
    },
    seconds,
    { timeout: 240_000 },
  );
  await pause(1_500);
  const length = Number(/of (\d+)/.exec(await page.getByTestId("event-counter").textContent())[1]);
  const [back, to] = [[], []];
  for (let step = 0; step < 15; step += 1) {
    back.push(await painted(page, "step-back", null));
    await pause(500);
  }
  for (let step = 0; step < 20; step += 1) {
    to.push(await painted(page, "scrubber", String(Math.floor((length * ((step * 37) % 100)) / 100))));
    await pause(150);
  }
  console.log(`${length} events, press to painted frame: step back ${spread(back)}; seek ${spread(to)}`);
  await page.close();
}

/** From the begin of the navigation to the task after the picture in which the stage stands, on the page's own clock. */
const firstStage = (selector = "[data-node]") => {
  globalThis.firstStage = new Promise((done) => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now());
        channel.port2.postMessage(0);
      });
    });
    observer.observe(document, { childList: true, subtree: true });
  });
};

/** The first visit, a later one that the service worker answers, and the app as one file; each in a browser of its own. */
async function firstFrame() {
  const single = resolve("dist/netsplit.html");
  const found = { cold: [], warm: [], "single file": [] };
  for (let round = 0; round < 7; round += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addInitScript(firstStage, "[data-node]");
    const visit = async (name, start) => {
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await page.goto(`${start}#/lab/raft/minority-leader`, { waitUntil: "commit" });
      found[name].push(await page.evaluate(() => firstStage));
      await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
      if (name === "cold") await page.evaluate(() => navigator.serviceWorker.ready);
      await page.close();
    };
    await visit("cold", `${address}/`);
    await visit("warm", `${address}/`);
    if (existsSync(single)) await visit("single file", pathToFileURL(single).href);
    await context.close();
  }
  for (const [name, times] of Object.entries(found)) {
    console.log(`first frame of a lab, ${name}, at 4 times slowdown: ${spread(times)} of ${times.length}`);
  }
}

/** The folder `dist` as a host serves it that packs with brotli. */
async function packingHost() {
  const kinds = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css" };
  const packed = new Map();
  const pack = (file) => {
    if (!packed.has(file)) packed.set(file, brotliCompressSync(readFileSync(file)));
    return packed.get(file);
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    const file = join("dist", pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    if (!existsSync(file)) return response.writeHead(404).end();
    const headers = { "content-type": kinds[extname(file)] ?? "application/octet-stream", "content-encoding": "br" };
    response.writeHead(200, headers).end(pack(file));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { address: `http://127.0.0.1:${server.address().port}/`, server };
}

/** The first visit with a slow phone: a quarter of the speed, 1.6 megabits a second, 150 ms for each way to the host and back. */
async function slowPhone() {
  const { address, server } = await packingHost();
  for (const [name, hash] of [["a lab", "#/lab/raft/minority-leader"], ["the start page", "#/"]]) {
    const times = [];
    // The first round fills the host's memory.
    for (let round = 0; round < 6; round += 1) {
      const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, serviceWorkers: "block" });
      await context.addInitScript(firstStage, hash === "#/" ? ".lab-card" : "[data-node]");
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 });
      await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await page.goto(`${address}${hash}`, { waitUntil: "commit" });
      const time = await page.evaluate(() => firstStage);
      if (round > 0) times.push(time);
      await context.close();
    }
    console.log(`first picture of ${name} on a slow phone: ${spread(times)} of ${times.length}`);
  }
  server.close();
}

/** The same search natively and in the worker; natively where `cargo build --release -p netsplit-cli` has made the program. */
async function hunt() {
  const page = await open("/lab/raft/first-election");
  await page.getByTestId("side-hunt").click();
  await page.getByTestId("hunt-check").selectOption("election-safety");
  await page.getByTestId("hunt-start").click();
  await page.waitForFunction(() => /a second/.test(document.querySelector("[data-testid=hunt-progress]").textContent));
  const events = async () => Number(/([\d]+) events/.exec(await page.getByTestId("hunt-progress").textContent())[1]);
  await pause(1_000);
  const [before, start] = [await events(), Date.now()];
  await pause(6_000);
  const there = ((await events()) - before) / ((Date.now() - start) / 1_000);
  const stages = await page.evaluate(() => long.length);
  await page.close();
  let native = "";
  const program = resolve("target/release/netsplit");
  if (existsSync(program)) {
    const begin = performance.now();
    const found = JSON.parse(execFileSync(program, ["hunt", "raft", "--check", "election-safety", "--set", "clients=1", "--set", "workload_ms=0", "--seeds", "0..2000", "--json"]));
    const here = found.events / ((performance.now() - begin) / 1_000);
    native = `, natively ${here.toFixed(0)}: ${(there / here).toFixed(2)} of that`;
  }
  console.log(`hunt, five-server Raft: ${there.toFixed(0)} events a second in the worker${native}; ${stages} tasks over 50 ms on the page`);
}

/** Ten figures on one page: the processor time of everything that draws pages, in per cent of one core. */
async function figures() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: "block" });
  const page = await context.newPage();
  const text = readFileSync("tests/embed/below.html", "utf8").replaceAll("%APP%", `${address}/`);
  await page.route(`${address}/below.html`, (route) => route.fulfill({ contentType: "text/html", body: text }));
  await page.goto(`${address}/below.html`);
  const system = await browser.newBrowserCDPSession();
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const used = async () => {
    const { processInfo } = await system.send("SystemInfo.getProcessInfo");
    const { metrics } = await session.send("Performance.getMetrics");
    const metric = (name) => metrics.find((metric) => metric.name === name).value;
    const renderers = processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    return [renderers, metric("TaskDuration"), metric("ScriptDuration")];
  };
  const measure = async (name) => {
    await pause(3_000);
    const [before, start] = [await used(), Date.now()];
    await pause(10_000);
    const [after, seconds] = [await used(), (Date.now() - start) / 1_000];
    const [renderers, tasks, script] = after.map((value, index) => `${((100 * (value - before[index])) / seconds).toFixed(2)} %`);
    console.log(`ten figures, ${name}: ${renderers} of a core in all renderer processes; ${tasks} in tasks of the page, ${script} in its scripts`);
  };
  await measure("not yet seen");
  for (const figure of await page.locator("netsplit-lab, iframe").all()) {
    await figure.scrollIntoViewIfNeeded();
    const inside = figure.contentFrame();
    const frame = (await figure.evaluate((element) => element.localName)) === "iframe" ? inside : figure.frameLocator("iframe");
    await frame.getByTestId("play").click();
  }
  await measure("the last of them in sight and playing");
  await page.evaluate(() => scrollTo(0, 0));
  await measure("all seen, playing, and scrolled away");
  await context.close();
}

await slowPhone();
await firstFrame();
await hunt();
await figures();
await stress();
await busy();
await load();
await seek(57);
await seek(5_650);
await browser.close();
