import type { Page } from "@playwright/test";
import { expect, nextPicture, skipHint, test, visit } from "./lab";

// What lies on what is tested natively, in every scenario of every lab (tests/app/overlap.rs), with letters that are measured
// and stages as large as here. Only a browser shows its own letters, and how much room it leaves to the stage.

/** How far letters may reach out of their boxes, in pixels. */
const SLACK = 1;

/** How many words there are in boxes and nodes, and those that are wider. */
const letters = (page: Page): Promise<{ count: number; tooWide: string[] }> =>
  page.evaluate((slack) => {
    const pairs = [
      ...[...document.querySelectorAll(".stage rect + text")]
        .filter((text) => !text.closest(".gauge"))
        .map((text) => [text.previousElementSibling!, text]),
      ...[...document.querySelectorAll(".stage .node text")]
        .filter((text) => !text.closest(".cell, .node-tag, .queue, .tally"))
        .map((text) => [text.closest(".node")!.querySelector(".outline")!, text]),
    ];
    const isWider = ([holder, text]: Element[]) => {
      const [outer, inner] = [holder.getBoundingClientRect(), text.getBoundingClientRect()];
      return inner.left < outer.left - slack || inner.right > outer.right + slack;
    };
    return { count: pairs.length, tooWide: pairs.filter(isWider).map(([, text]) => text.textContent ?? "") };
  }, SLACK);

test("the browser's letters fit into their boxes, on a stage as large as the native tests take it", async ({ site }) => {
  await skipHint(site);
  await visit(site, "minority-leader");
  for (const [width, height, stageWidth, leastHeight] of [[1440, 900, 804, 409], [390, 844, 390, 340]]) {
    await site.setViewportSize({ width, height });
    await nextPicture(site);
    const stage = (await site.locator(".stage").boundingBox())!;
    expect(stage.width).toBe(stageWidth);
    expect(stage.height).toBeGreaterThanOrEqual(leastHeight);
    const { count, tooWide } = await letters(site);
    // Names and terms of five servers, their logs, and tags.
    expect(count).toBeGreaterThanOrEqual(20);
    expect(tooWide).toEqual([]);
  }
});
