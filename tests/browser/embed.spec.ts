import type { Page } from "@playwright/test";
import { barriers } from "./axe";
import { call, expect, figure, heard, listen, test } from "./host";

test("three figures stand in a plain page and leave it as it was", async ({ host }) => {
  const page = await host("plain.html");
  const [address, length] = [page.url(), await page.evaluate(() => history.length)];
  await page.locator("#field").focus();
  await expect(figure(page).getByTestId("caption")).toBeVisible();
  await expect(figure(page, 1).getByTestId("caption")).toBeVisible();
  await page.locator("netsplit-lab").nth(2).scrollIntoViewIfNeeded();
  await expect(figure(page, 2).getByTestId("caption")).toBeVisible();
  // Each has the controls that it was given.
  await expect(figure(page, 0).getByTestId("scrubber")).toBeVisible();
  await expect(figure(page, 1).getByTestId("step")).toBeVisible();
  await expect(figure(page, 1).getByTestId("scrubber")).toHaveCount(0);
  await expect(figure(page, 1).locator('[role="button"]')).toHaveCount(0);
  await expect(figure(page, 2).getByTestId("step")).toHaveCount(0);
  await expect(figure(page, 2).locator("html")).toHaveAttribute("data-theme", "dark");
  // What stands around the stage is left out, and so is the fallback now.
  for (const place of [0, 1, 2]) {
    await expect(figure(page, place).locator(".top-bar, .side, .inspector, .dock, .checks, .hint-line")).toHaveCount(0);
    await expect(figure(page, place).getByTestId("open-full")).toHaveAttribute("href", /\/#[12];[\w-]+$/);
    await expect(page.locator("netsplit-lab > *").nth(place)).toBeHidden();
  }
  await figure(page, 0).getByTestId("step").click();
  await figure(page, 0).locator('[data-node="S1"]').dispatchEvent("contextmenu");
  await figure(page, 0).getByTestId("node-crash").click();
  await expect(figure(page, 0).getByTestId("caption")).toContainText("S1 crashes");
  expect(page.url()).toBe(address);
  expect(await page.evaluate(() => history.length)).toBe(length);
});

test("a figure does not take the focus", async ({ host }) => {
  const page = await host("plain.html");
  await page.locator("#field").focus();
  await expect(figure(page).getByTestId("caption")).toBeVisible();
  await expect(page.locator("#field")).toBeFocused();
  await call(page, "step");
  await call(page, "act", { crash: 0 });
  await expect(page.locator("#field")).toBeFocused();
});

test("each method answers", async ({ host, app, context }) => {
  const page = await host("one.html");
  const start = await call(page, "getState");
  expect(start).toMatchObject({ lab: "raft", scenario: "first-election", playing: false });
  expect(start.state).toMatch(/^2;[\w-]+$/);
  const next = await call(page, "step");
  expect(next.event).toBe(start.event + 1);
  expect((await call(page, "step", -1)).event).toBe(start.event);
  expect((await call(page, "step", 5)).event).toBe(start.event + 5);
  expect((await call(page, "seek", 2)).event).toBe(2);
  expect((await call(page, "act", { crash: 0 }, { crash: 1 })).headline).toBe("S2 crashes");
  await expect(figure(page).locator('[data-node="S1"]')).toHaveAttribute("aria-label", /crashed/);
  const checks = await call(page, "check");
  expect(checks.length).toBeGreaterThan(3);
  expect(await call(page, "check", checks[0].name)).toEqual([checks[0]]);
  expect((await call(page, "setState", start)).event).toBe(start.event);
  expect((await call(page, "play")).playing).toBe(true);
  expect((await call(page, "pause")).playing).toBe(false);
  const { address, state } = await call(page, "share");
  expect(address).toBe(`${app}#${state}`);
  await expect(figure(page).getByTestId("open-full")).toHaveAttribute("href", address);

  const svg: string = await call(page, "snapshot");
  const picture = await context.newPage();
  await picture.setContent(`<img src="data:image/svg+xml,${encodeURIComponent(svg)}">`);
  expect(await picture.locator("img").evaluate((image: HTMLImageElement) => [image.complete, image.naturalWidth > 300])).toEqual([true, true]);
  expect(svg).not.toMatch(/var\(|class=|<script/);
  await picture.close();
});

test("each event is told", async ({ host }) => {
  const page = await host("one.html");
  await listen(page);
  const { event, length } = await call(page, "getState");
  expect(length).toBeGreaterThanOrEqual(event);
  await figure(page).getByTestId("step").click();
  await expect.poll(() => heard(page, "step")).toMatchObject([{ event: event + 1 }]);
  await figure(page).getByTestId("step-back").click();
  await call(page, "act", { crash: 0 });
  expect(await heard(page, "action")).toEqual([{ inputs: [{ crash: 0 }], event: event + 1 }]);
  expect(await heard(page, "branch")).toMatchObject([{ letter: "B", count: 2 }]);
  for (const node of [1, 2, 3, 4]) await call(page, "act", { crash: node });
  await call(page, "step", 500);
  await expect.poll(() => heard(page, "complete")).toEqual([{}]);
  await page.evaluate(() => document.querySelector("netsplit-lab")!.setAttribute("scenario", "figure-8-broken"));
  await call(page, "step", 100);
  await expect.poll(async () => (await heard(page, "check")).length).toBeGreaterThan(0);
  // Another lab or scenario is another figure.
  await expect.poll(async () => (await heard(page, "ready")).at(-1)).toMatchObject({ scenario: "figure-8-broken" });
  expect((await heard(page, "resize")).every(({ height }) => height >= 300)).toBe(true);
  await page.evaluate(() => document.querySelector("netsplit-lab")!.setAttribute("lab", "no-such-lab"));
  await expect.poll(() => heard(page, "error")).toMatchObject([{ message: expect.stringContaining("there is no lab no-such-lab") }]);
});

test("what cannot be done is answered with a sentence", async ({ host }) => {
  const page = await host("one.html");
  const refusal = (method: string, ...values: unknown[]) => call(page, method, ...values).catch((error) => String(error));
  expect(await refusal("seek", 1e9)).toContain("one request goes up to 4000 further");
  expect(await refusal("seek", "x")).toContain("seek needs event");
  expect(await refusal("act")).toContain("act needs inputs");
  expect(await refusal("act", { fly: 1 })).toContain("this is no message of Netsplit");
  expect(await refusal("act", { crash: 99 })).toMatch(/there is no node|no such node|does not exist/i);
  expect(await refusal("setState", "1;abc")).toContain("damaged or cut off");
  expect(await refusal("setState", "x".repeat(2 << 20))).toContain("this message is too long");
  expect(await refusal("check", "no-such-check")).toContain("this lab has no check no-such-check");
});

test("only the page around, from the origin that was named, is heard", async ({ host, app }) => {
  const page = await host("one.html");
  await call(page, "getState");
  const answers = await page.evaluate(async (app) => {
    /** Opens a figure by hand and gives back what it answers to a first message. */
    const meet = (origin: string, type: string) =>
      new Promise<string>((resolve) => {
        const frame = document.createElement("iframe");
        frame.src = `${app}?view=embed&origin=${encodeURIComponent(origin)}#/lab/raft`;
        document.body.prepend(frame);
        // The figure says hello only to the origin that it is for: others ask until it listens.
        const asking = setInterval(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => {
            clearInterval(asking);
            resolve(`${data.type}: ${data.payload.message ?? data.payload.lab}`);
          };
          frame.contentWindow!.postMessage({ netsplit: 1, id: 1, type }, "*", [port2]);
        }, 200);
      });
    return Promise.all([meet(location.origin, "init"), meet(location.origin, "play"), meet("https://example.org", "init")]);
  }, app);
  expect(answers).toEqual([
    "ready: raft",
    "error: the first message has to be init, of version 1, with a port; all others go to that port",
    "error: this figure answers to another origin only",
  ]);
  // A frame beside it is not the page around.
  const heardFromBeside = await page.evaluate(async () => {
    const beside = document.createElement("iframe");
    document.body.append(beside);
    const target = document.querySelector("iframe")!.contentWindow!;
    const channel = new MessageChannel();
    let heard = 0;
    channel.port1.onmessage = () => heard++;
    (beside.contentWindow as any).eval("(target, port) => target.postMessage({ netsplit: 1, type: 'init' }, '*', [port])")(target, channel.port2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return heard;
  });
  expect(heardFromBeside).toBe(0);
});

test("ten figures far below do nothing until they are near", async ({ host }) => {
  const requests: string[] = [];
  const page = await host("below.html");
  page.on("request", (request) => requests.push(request.url()));
  await page.reload();
  await page.waitForTimeout(1000);
  expect(requests.filter((address) => address.endsWith(".wasm"))).toEqual([]);
  const pictures = await Promise.all(
    page.frames().map((frame) =>
      frame.evaluate(() => new Promise<number>((resolve) => {
        let count = 0;
        const ask = window.requestAnimationFrame;
        window.requestAnimationFrame = (tick) => (count++, ask.call(window, tick));
        setTimeout(() => resolve(count), 500);
      })),
    ),
  );
  expect(pictures.every((count) => count === 0)).toBe(true);
  await page.locator("netsplit-lab").first().scrollIntoViewIfNeeded();
  await expect(figure(page).getByTestId("caption")).toBeVisible();
  // Out of sight again, what plays stands still.
  await call(page, "play");
  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(async () => (await call(page, "getState")).playing).toBe(false);
  expect(await call(page, "play").catch((error) => String(error))).toContain("a figure that nobody sees does not play");
});

test("a strict content security policy lets a figure in", async ({ host }) => {
  const page = await host("policy.html");
  await expect(figure(page).getByTestId("caption")).toBeVisible();
  await call(page, "step");
});

test("a sandboxed frame without an origin of its own works", async ({ host }) => {
  const page = await host("sandbox.html");
  const frame = page.frameLocator("iframe");
  const caption = await frame.getByTestId("caption").textContent();
  await frame.getByTestId("step").click();
  await expect(frame.getByTestId("caption")).not.toHaveText(caption!);
});

test("what follows an element without a closing tag stays visible", async ({ host }) => {
  const warnings: string[] = [];
  const page = await host("plain.html");
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await host("self-closing.html");
  for (const place of [0, 1]) {
    await page.locator("netsplit-lab").nth(place).scrollIntoViewIfNeeded();
    await expect(figure(page, place).getByTestId("caption")).toBeVisible();
  }
  // One below the other, as they stand in the source.
  await expect(page.locator("netsplit-lab > :is(p, h2, ol, footer, netsplit-lab)")).toHaveCount(0);
  const parts = page.locator("body > *");
  await expect(parts).toHaveCount(8);
  for (const part of await parts.all()) await expect(part).toBeVisible();
  const tops = await parts.evaluateAll((all) => all.map((part) => part.getBoundingClientRect().top));
  expect(tops).toEqual(tops.toSorted((one, other) => one - other));
  expect(warnings.filter((text) => text.includes("</netsplit-lab> is missing"))).toHaveLength(2);
  // What is closed is not warned of, wherever it stands.
  warnings.length = 0;
  for (const closed of ["plain.html", "reveal.html", "rendered.html", "book/element.html"]) {
    await host(closed);
    await expect(figure(page).getByTestId("caption")).toBeVisible();
  }
  expect(warnings.filter((text) => text.includes("<netsplit-lab>"))).toEqual([]);
});

/** Keeps what figures tell of errors, from the first moment of each page on. */
const attend = (page: Page) =>
  page.addInitScript(() => {
    const errors: string[] = ((window as any).errors = []);
    addEventListener("error", (event) => event instanceof CustomEvent && errors.push(event.detail.message), true);
  });

/** A figure that cannot come leaves its fallback, tells why, and refuses what it is asked. */
async function expectFallback(page: Page, reason: RegExp) {
  const last = () => page.evaluate(() => (window as any).errors.at(-1));
  await expect.poll(last).toMatch(reason);
  const message: string = await last();
  expect(message.length).toBeLessThanOrEqual(300);
  await expect(page.locator("netsplit-lab > a")).toBeVisible();
  expect(await call(page, "step").catch((error) => String(error))).toContain(message);
}

/** What went wrong before is forgotten. */
const set = (page: Page, name: string, value: string) =>
  page.evaluate(
    ([name, value]) => {
      (window as any).errors?.splice(0);
      document.querySelector("netsplit-lab")!.setAttribute(name, value);
    },
    [name, value],
  );

test("a module, which does not know where the release is, asks for src", async ({ site, host, app }) => {
  await attend(site);
  const page = await host("folder/module.html");
  const asks = /the attribute src has to say where Netsplit is/;
  await expectFallback(page, asks);
  for (const src of ["", "?", "module.html#/", "javascript:alert(1)", "https://", "mailto:a@b.c"]) {
    await set(page, "src", src);
    await expectFallback(page, asks);
    await expect(page.locator("iframe")).toHaveCount(0);
  }
  await set(page, "src", app);
  await expect(figure(page).getByTestId("caption")).toBeVisible();
});

test("a release out of reach leaves the fallback, whatever is in the way", async ({ context, address, app }) => {
  const policy = (page: Page) =>
    page.evaluate(() => {
      const meta = document.createElement("meta");
      meta.httpEquiv = "Content-Security-Policy";
      meta.content = "frame-src 'none'";
      document.head.append(meta);
    });
  const noModule = (page: Page) => page.route("**/*.wasm", (route) => route.fulfill({ status: 404 }));
  const moved = (page: Page) =>
    page.route("http://old.example/**", (route) => route.fulfill({ status: 302, headers: { location: `${app}?view=embed` } }));
  const ways: [src: string, reason: RegExp, prepare?: (page: Page) => Promise<unknown>][] = [
    ["http://127.0.0.1:9/netsplit/", /^nothing answers at http:\/\/127.0.0.1:9\/netsplit\/: /],
    [`${app}no-such-folder/`, /^nothing answers at /],
    [`${address}below.html`, /^nothing answers at /],
    [app, /^nothing answers at /, policy],
    [app, /^Netsplit could not start: /, noModule],
    ["http://old.example/", /^the figure comes from http:\/\/127/, moved],
  ];
  for (const [src, reason, prepare] of ways) {
    // Not a page that is watched: browsers say themselves that something cannot be loaded.
    const page = await context.newPage();
    await attend(page);
    await page.goto(`${address}away.html`);
    await prepare?.(page);
    await set(page, "src", src);
    await expectFallback(page, reason);
    await page.close();
  }
});

test("a figure that comes late is shown all the same, and one that fails later says so", async ({ context, address, app }) => {
  const page = await context.newPage();
  await attend(page);
  await page.clock.install();
  let answer = () => {};
  await page.route(`${app}?**`, async (route) => {
    await new Promise<void>((resolve) => (answer = resolve));
    await route.continue();
  });
  await page.goto(`${address}away.html`);
  await expect(page.locator("iframe")).toBeAttached();
  await page.clock.fastForward(8_000);
  await expectFallback(page, /^nothing answers at /);
  answer();
  await expect(page.locator("iframe")).toHaveJSProperty("inert", false);
  await expect(figure(page).getByTestId("caption")).toBeVisible();
  expect((await call(page, "step")).lab).toBe("raft");
  await page.frames()[1].evaluate(() => window.dispatchEvent(new CustomEvent("netsplit:panic", { detail: "the reason" })));
  await expect.poll(() => page.evaluate(() => (window as any).errors.at(-1))).toBe("Netsplit has failed: the reason");
  expect(await call(page, "step").catch((error) => String(error))).toContain("Netsplit has failed");
  await page.close();
});

test("in a page without an origin the fallback stays", async ({ host }) => {
  const page = await host("playground.html");
  const inside = page.frames()[1];
  const refusal = await inside.evaluate(() => (document.querySelector("netsplit-lab") as any).step().catch((error: Error) => error.message));
  expect(refusal).toContain("in a sandbox without allow-same-origin");
  await expect(page.frameLocator("iframe").getByText("No figure yet")).toBeVisible();
});

test("a lab, scenario or moment that there is not leaves the fallback", async ({ site, host }) => {
  await attend(site);
  for (const [name, value, reason] of [
    ["lab", "no-such-lab", /there is no lab no-such-lab; there are: .*raft/],
    ["lab", "", /names no lab/],
    ["lab", "x".repeat(5_000), /there is no lab x/],
    ["scenario", "no-such-scenario", /there is no scenario no-such-scenario; there are: .*split-vote/],
    ["state", "1;abc", /damaged or cut off/],
    ["state", "split-vote", /names no lab/],
  ] as const) {
    const page = await host("away.html");
    await set(page, name, value);
    await expectFallback(page, reason);
  }
});

test("values that an attribute cannot have are left out with a warning", async ({ host }) => {
  const warnings: string[] = [];
  const page = await host("one.html");
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  const element = page.locator("netsplit-lab");
  const height = () => element.evaluate((element) => element.getBoundingClientRect().height);
  await call(page, "getState");
  expect(await height()).toBe(440);
  await set(page, "height", "");
  const suits = await height();
  for (const value of ["100%", "60vh", "20em", "tall", "0", "-440", "99", "1e9", "440 px wide"]) {
    await set(page, "height", value);
    expect(await height(), value).toBe(suits);
    await expect.poll(() => warnings.at(-1)).toContain(`height="${value}" is no number of pixels`);
  }
  for (const value of ["500", "500px", " 500 ", "500.0"]) {
    await set(page, "height", value);
    expect(await height(), value).toBe(500);
  }
  await set(page, "step", "soon");
  await expect.poll(() => warnings.at(-1)).toContain('step="soon": seek needs event');
  for (const [name, value] of [["controls", "many"], ["theme", "pink"], ["lang", "xx"]]) {
    await set(page, name, value);
    await expect.poll(() => warnings.join()).toContain(value);
    await expect(figure(page).getByTestId("caption")).toBeVisible();
    // Readers have nothing to do with it.
    await expect(figure(page).getByTestId("looks-problems")).toHaveCount(0);
  }
});

test("on a slide, the keys of the deck still turn slides", async ({ host }) => {
  const page = await host("reveal.html");
  const slide = () => page.evaluate(() => (window as any).Reveal.getIndices().h);
  await figure(page).getByTestId("step").click();
  await page.keyboard.press("n");
  expect(await slide()).toBe(0);
  await page.keyboard.press("PageDown");
  await expect.poll(slide).toBe(1);
  await page.keyboard.press("PageUp");
  await expect.poll(slide).toBe(0);
  await figure(page).getByTestId("caption").click();
  await page.keyboard.press("ArrowRight");
  await expect.poll(slide).toBe(1);
});

test("what Docusaurus and Jupyter make of it shows the figures", async ({ host }) => {
  const page = await host("rendered.html");
  await expect(figure(page).getByTestId("caption")).toBeVisible();
  await page.locator(".jp-RenderedHTML iframe").scrollIntoViewIfNeeded();
  await expect(page.frameLocator(".jp-RenderedHTML iframe").getByTestId("caption")).toBeVisible();
});

test("what mdBook makes of it shows the figures, and prints their pictures", async ({ host }) => {
  const page = await host("book/block.html");
  await expect(figure(page).getByTestId("caption")).toBeVisible();
  await call(page, "step");
  const picture = page.locator("netsplit-lab img");
  await expect(picture).toBeHidden();
  await page.emulateMedia({ media: "print" });
  await expect(picture).toBeVisible();
  await expect(page.locator("netsplit-lab").locator("iframe")).toBeHidden();
  await host("book/print.html");
  await expect(picture).toHaveCount(2);
  for (const one of await picture.all()) {
    await expect(one).toBeVisible();
    expect(await one.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBeGreaterThan(600);
  }
});

test("a figure is whole at 320 by 360, and has no barriers", async ({ site }) => {
  await site.setViewportSize({ width: 320, height: 360 });
  for (const controls of ["none", "step", "all"]) {
    await site.goto(`./?view=embed&controls=${controls}&theme=light#/lab/raft/split-vote`);
    await expect(site.getByTestId("caption")).toBeVisible();
    const sizes = await site.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return { scrollWidth, scrollHeight, stage: document.querySelector(".stage")!.clientHeight };
    });
    expect(sizes).toMatchObject({ scrollWidth: 320, scrollHeight: 360 });
    expect(sizes.stage).toBeGreaterThan(140);
    const outside = await site.locator(".figure-foot :is(button, a, input)").evaluateAll((parts) =>
      parts.map((part) => part.getBoundingClientRect()).filter(({ left, right, bottom }) => left < 0 || right > 320 || bottom > 360),
    );
    expect(outside).toEqual([]);
    if (controls === "all") expect(await barriers(site, "embed")).toEqual([]);
    await site.goto("about:blank");
  }
});

test("bad values in the address get a sentence and the default", async ({ site }) => {
  await site.goto("./?view=embed&controls=many&theme=pink#/lab/raft");
  await expect(site.getByTestId("looks-problems")).toContainText("The address says controls=many, which is none of none, step, all; it is left out.");
  await expect(site.getByTestId("scrubber")).toBeVisible();
  await site.goto("about:blank");
  await site.goto("./?theme=dark&motion=reduce#/lab/raft");
  await expect(site.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(site.locator("html")).toHaveAttribute("data-reduced-motion", "");
  expect(await site.evaluate(() => localStorage.getItem("netsplit.theme"))).toBeNull();
});

test("the page of examples shows each method at work", async ({ site }) => {
  await site.goto("./static/embed.html");
  await expect(figure(site).getByTestId("caption")).toBeVisible();
  const answer = site.locator("#answer");
  const methods = site.locator("#methods button");
  for (const method of await methods.all()) {
    await answer.evaluate((answer) => (answer.textContent = ""));
    await method.click();
    await expect(answer, (await method.textContent())!).toContainText((await method.textContent())!.includes("check") ? "outcome" : /"event":|"address":|<svg/);
  }
  await expect(site.locator("#picture img")).toBeVisible();
  await expect(site.locator("#events")).toContainText("action");
  expect(await barriers(site, "examples")).toEqual([]);
});

test("a step of a lesson in a figure tells what was answered, how goals stand, and its end", async ({ host }) => {
  test.slow();
  const page = await host("lesson.html");
  const inside = figure(page);
  await expect(inside.getByTestId("choice-3")).toBeVisible();
  await listen(page);
  await inside.getByTestId("choice-3").click();
  // Locked, and run: with less motion it comes to its end at once.
  await inside.getByTestId("lesson-go-on").click();
  await inside.getByTestId("lesson-go-on").click();
  await expect(inside.getByTestId("lesson-told")).toBeVisible();
  expect(await heard(page, "predict")).toEqual([{ step: 6, choice: [3], right: false, tag: "two-leaders-are-the-problem" }]);
  await inside.getByTestId("lesson-go-on").click();
  await inside.locator('[data-node="S5"]').first().dispatchEvent("contextmenu");
  await inside.getByTestId("node-crash").click();
  await expect(inside.getByTestId("goal-3")).toContainText("can no longer be met");
  expect(await heard(page, "check")).toContainEqual({ step: 6, goal: 3, state: "lost" });
  await inside.getByTestId("lesson-go-on").click();
  await expect(inside.getByTestId("lesson-score")).toBeVisible();
  expect(await heard(page, "complete")).toEqual([{ lesson: "raft-two-leaders", right: 0, of: 7, tasks: 0 }]);
});

const PLACE = "#/lab/raft/first-election";

test("a figure shows a stretch: it opens at its beginning, stays inside, and plays to its end", async ({ site }) => {
  await site.goto(`./?view=embed&from=3&to=6${PLACE}`);
  const scrubber = site.getByTestId("scrubber");
  const shows = (event: number) => expect(scrubber).toHaveAttribute("aria-valuetext", new RegExp(`^event ${event} of 6: `));
  await shows(3);
  await expect(scrubber).toHaveAttribute("min", "3");
  await expect(scrubber).toHaveAttribute("max", "6");
  await site.getByTestId("step-back").click();
  await shows(3);
  await site.getByTestId("to-end").click();
  await shows(6);
  await site.getByTestId("step").click();
  await shows(6);
  await expect(site.getByTestId("notice")).toContainText("The figure ends here");
  await expect(site.getByTestId("play")).toHaveAttribute("aria-label", "Again (Space)");
  await site.getByTestId("play").click();
  await shows(3);
  await site.getByTestId("play").click();
  await expect(site.getByTestId("play")).toHaveAttribute("aria-label", "Again (Space)", { timeout: 20_000 });
  await shows(6);
  await site.getByTestId("to-start").click();
  await shows(3);
});

test("an element passes on its stretch and the words of its writer, which are no HTML", async ({ host }) => {
  const page = await host("one.html");
  await listen(page);
  await page.evaluate(() => {
    const element = document.querySelector("netsplit-lab")!;
    for (const [name, value] of [["from", "3"], ["to", "6"], ["caption", "<b>Nobody</b> leads & 1 + 1 = 2"]]) element.setAttribute(name, value);
  });
  await expect(figure(page).getByTestId("figure-words")).toHaveText("<b>Nobody</b> leads & 1 + 1 = 2");
  expect((await call(page, "getState")).event).toBe(3);
  await figure(page).getByTestId("to-end").click();
  await expect.poll(() => heard(page, "complete")).toEqual([{}]);
  // The page around can go anywhere.
  expect((await call(page, "seek", 8)).event).toBe(8);
});

test("a stretch that is none gets a sentence, and the figure shows the whole run", async ({ site }) => {
  await site.goto(`./?view=embed&from=soon&to=-1${PLACE}`);
  await expect(site.getByTestId("looks-problems")).toContainText("The address says from=soon, which is no event from 0 to 100000; it is left out.");
  await expect(site.getByTestId("scrubber")).toHaveAttribute("min", "0");
  await site.goto("about:blank");
  await site.goto(`./?view=embed&caption=${"a".repeat(301)}${PLACE}`);
  await expect(site.getByTestId("looks-problems")).toContainText("The address has a value of caption that is too long; it is left out.");
  await expect(site.getByTestId("figure-words")).toHaveCount(0);
});

test("a figure by itself on a phone says all of its caption", async ({ site }) => {
  await site.setViewportSize({ width: 390, height: 844 });
  const words = "A leader on the small side of a cut still takes what clients send, and cannot commit it.";
  for (const place of ["raft/minority-leader", "clock-drift/four-timestamps", "leaderless-quorum/cap-available"]) {
    await site.goto(`./?view=embed&caption=${encodeURIComponent(words)}#/lab/${place}`);
    for (const part of ["caption", "figure-words"]) {
      const box = site.getByTestId(part);
      await expect(box).toBeVisible();
      expect(await box.evaluate((box) => box.scrollHeight - box.clientHeight), `${place}, ${part}`).toBeLessThanOrEqual(1);
    }
    expect(await site.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(844);
    await site.goto("about:blank");
  }
});

test("the element is small", async ({ site }) => {
  const [script] = await Promise.all([site.request.get("./static/netsplit-lab.js")]);
  const { gzipSync } = await import("node:zlib");
  expect(gzipSync(await script.body()).length).toBeLessThan(4096);
});
