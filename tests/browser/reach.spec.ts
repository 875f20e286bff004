import { devices } from "@playwright/test";

import { choose, counter, eventNumber, expect, skipHint, test, visit } from "./lab";
import { cutOff, everywhere } from "./places";

// Large letters, little room, forced colours, no motion, fingers: WCAG 2.2, criteria 1.4.4, 1.4.10, 1.4.11, 1.4.12, 2.3.3, 2.5.8.

test("at 400 % zoom nothing is cut off and nothing scrolls sideways", async ({ site }) => {
  test.slow();
  await site.setViewportSize({ width: 320, height: 512 });
  await everywhere(site, async (place) => expect.soft(await cutOff(site), place).toEqual([]));
});

test("with letters of 200 % nothing is cut off", async ({ site }) => {
  test.slow();
  const session = await site.context().newCDPSession(site);
  await session.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
  await everywhere(site, async (place) => expect.soft(await cutOff(site), place).toEqual([]));
  expect(await site.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
  await expect(counter(site)).toHaveCSS("font-size", "26px");
});

test("with text spaced out nothing is cut off", async ({ site }) => {
  await site.addInitScript(() => {
    const spaced = new CSSStyleSheet();
    // WCAG 2.2, 1.4.12.
    spaced.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }");
    document.adoptedStyleSheets = [spaced];
  });
  await everywhere(site, async (place) => expect.soft(await cutOff(site), place).toEqual([]));
  await expect(counter(site)).toHaveCSS("letter-spacing", "1.56px");
});

test("with forced colours every state is still seen", async ({ site }) => {
  await site.emulateMedia({ forcedColors: "active" });
  await visit(site, "minority-leader");
  const [ink, paper] = await site.evaluate(() => {
    const probe = document.body.appendChild(document.createElement("p"));
    probe.style.cssText = "forced-color-adjust:none;color:CanvasText;background:Canvas";
    const { color, backgroundColor } = getComputedStyle(probe);
    probe.remove();
    return [color, backgroundColor];
  });
  await expect(site.locator("body")).toHaveCSS("background-color", paper);
  const leader = site.locator('[data-node][data-role="leader"]').first();
  const follower = site.locator('[data-node][data-role="follower"]').first();
  await expect(leader.locator(".outline")).toHaveCSS("fill", ink);
  await expect(leader.locator(".node-label")).toHaveCSS("fill", paper);
  await expect(follower.locator(".outline")).toHaveCSS("fill", paper);
  for (const part of [".node .outline", ".wire", ".mark", ".cell rect"]) {
    await expect(site.locator(`.stage ${part}`).first()).toHaveCSS("stroke", ink);
  }
  await choose(site, '[data-node="S1"]', "node-crash");
  await expect(site.locator('[data-node="S1"] .outline')).not.toHaveCSS("stroke-dasharray", "none");
  for (const chosen of ['[role="tab"][aria-selected="true"]', '[data-testid="fold-side"][aria-pressed="true"]', ".chip.selected"]) {
    await expect(site.locator(chosen).first()).not.toHaveCSS("box-shadow", "none");
  }
  await site.getByTestId("play").focus();
  await site.keyboard.press("Tab");
  await expect(site.locator(":focus")).not.toHaveCSS("outline-style", "none");
});

test("with reduced motion nothing travels: what arrives fades where it stands", async ({ site }) => {
  await site.emulateMedia({ reducedMotion: "reduce" });
  await visit(site, "minority-leader");
  await site.getByTestId("play").click();
  // Events put things somewhere else, and so does a caption that needs more room; between events nothing goes on.
  const places = await site.evaluate(async () => {
    const places: Record<string, string[]> = {};
    for (let picture = 0; picture < 90; picture += 1) {
      await new Promise(requestAnimationFrame);
      const event = document.querySelector('[data-testid="event-counter"]')?.textContent;
      for (const thing of document.querySelectorAll("[data-path], [data-axis]")) {
        const seen = (places[`${event} ${thing.getAttribute("data-path") ?? thing.getAttribute("data-axis")}`] ??= []);
        const place = thing.getAttribute("transform") ?? "";
        if (!seen.includes(place)) seen.push(place);
      }
    }
    return places;
  });
  expect(Object.keys(places).length).toBeGreaterThan(2);
  expect(Object.entries(places).filter(([, seen]) => seen.length > 2)).toEqual([]);
  await site.getByTestId("play").click();
  await site.evaluate(() => addEventListener("animationstart", (event) => document.body.setAttribute("data-animation", event.animationName)));
  for (let turn = 0; turn < 12 && !(await site.locator("body[data-animation]").count()); turn += 1) await site.keyboard.press("n");
  await expect(site.locator("body")).toHaveAttribute("data-animation", "fade");
  await expect(site.locator(".arriving")).toHaveCount(0);
});

test.describe("with fingers", () => {
  const { defaultBrowserType: _, ...phone } = devices["Pixel 7"];
  test.use(phone);

  test("targets are at least 44 pixels", async ({ site }) => {
    const small = () =>
      site.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>("button, a, select, summary, input")]
          .map((element) => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
          .filter(({ element, box }) => box.width > 1 && (box.height < 43.5 || box.width < 43.5) && !element.matches(".cause, p a"))
          .map(({ element, box }) => `${element.className || element.tagName} ${element.dataset.testid ?? ""} ${Math.round(box.width)} x ${Math.round(box.height)}`),
      );
    await everywhere(site, async (place) => expect.soft(await small(), place).toEqual([]));
  });

  test("a tap selects and opens what can be done; nothing needs hover or a long press", async ({ site }) => {
    await skipHint(site);
    await visit(site, "first-election");
    await site.locator('[data-node="S2"]').tap();
    await expect(site.locator('[data-node="S2"]')).toHaveAttribute("aria-current", "true");
    await site.getByTestId("node-menu").tap();
    await site.getByTestId("node-pause").tap();
    await expect(site.locator('[data-node="S2"]')).toHaveAccessibleName(/paused/);
    await site.locator('[data-link="S1-S2"] .hit').first().tap();
    await site.getByTestId("link-cut").tap();
    await expect(site.locator('[data-link="S1-S2"]')).toHaveAccessibleName(/cut/);
    const before = await eventNumber(site);
    await site.getByTestId("step").tap();
    await expect.poll(() => eventNumber(site)).toBeGreaterThan(before);
  });

  test("two fingers enlarge the lanes and one moves them; the page can be enlarged", async ({ site }) => {
    await skipHint(site);
    await visit(site, "minority-leader");
    const session = await site.context().newCDPSession(site);
    await site.getByTestId("pane-time").tap();
    const lanes = site.getByTestId("lanes");
    await expect(lanes).toHaveAttribute("data-ready", "true");
    const value = async (name: string) => Number(await lanes.getAttribute(name));
    const box = await lanes.boundingBox();
    if (!box) throw new Error("there are no lanes");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...at: number[]) =>
      session.send("Input.dispatchTouchEvent", { type, touchPoints: at.map((x, id) => ({ x, y, id })) });
    const span = await value("data-span");
    await touch("touchStart", x - 20, x + 20);
    for (let turn = 1; turn <= 5; turn += 1) await touch("touchMove", x - 20 - 12 * turn, x + 20 + 12 * turn);
    await touch("touchEnd");
    await expect.poll(() => value("data-span")).toBeLessThan(span * 0.6);
    const start = await value("data-start");
    await touch("touchStart", x + 60);
    for (let turn = 1; turn <= 5; turn += 1) await touch("touchMove", x + 60 - 20 * turn);
    await touch("touchEnd");
    await expect.poll(() => value("data-start")).toBeGreaterThan(start);

    await site.getByTestId("pane-stage").tap();
    // On the stage one finger is the browser's, and two come nearer to the stage; elsewhere they enlarge the page.
    await expect(site.locator(".stage-drawing")).toHaveCSS("touch-action", "pan-x pan-y");
    await expect(site.locator('meta[name="viewport"]')).not.toHaveAttribute("content", /user-scalable|maximum-scale/);
  });
});
