import type { Page } from "@playwright/test";

import { expect, visit } from "./lab";

/** Text and controls that are cut off, or lie outside of the page and of everything that scrolls. */
export const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const scrolls = (element: Element | null): boolean =>
      element !== null && element !== document.documentElement && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const found = [...document.querySelectorAll<HTMLElement>("body *")].filter((element) => {
      const [box, style] = [element.getBoundingClientRect(), getComputedStyle(element)];
      const speaks = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      if (!speaks || box.width === 0 || element.closest("svg, .unseen, .lanes-field") || style.visibility === "hidden") return false;
      // What ends in "…" is said in full by a title.
      const isSaid = style.textOverflow === "ellipsis" && element.closest("[title]");
      const hides = element.scrollWidth > element.clientWidth + 1 && /hidden|clip/.test(style.overflowX) && !isSaid;
      return hides || ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(element));
    });
    const wide = document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
    return [...wide, ...found.map((element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 40)}`)];
  });

/** Goes to all that one can read, in the room there is. */
export async function everywhere(page: Page, look: (place: string) => Promise<void>) {
  await page.goto("./#/");
  await expect(page.getByTestId("search")).toBeVisible();
  await look("home");
  await page.goto("./#/cap");
  await expect(page.getByTestId("cap-step")).toBeVisible();
  await look("cap");
  await page.goto("./#/log");
  await expect(page.locator("textarea")).toBeVisible();
  await look("log");
  await visit(page, "minority-leader");
  for (const pane of ["stage", "lab", "time", "node"]) {
    if (await page.getByTestId(`pane-${pane}`).count()) await page.getByTestId(`pane-${pane}`).click();
    await look(pane);
  }
  const fold = page.getByTestId("fold-inspector");
  if ((await fold.isVisible()) && (await fold.getAttribute("aria-pressed")) === "false") await fold.click();
  for (const tab of ["message", "log", "why", "history", "events"]) {
    await page.getByTestId(`tab-${tab}`).click();
    await look(tab);
  }
  await page.keyboard.press("?");
  await look("help");
  await page.keyboard.press("Escape");
  await page.keyboard.press("s");
  await look("share");
}
