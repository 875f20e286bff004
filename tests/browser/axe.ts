import type { Page } from "@playwright/test";
import axe, { type RunOptions } from "axe-core";

/** What depends on colours, and so on the theme. Everything else is the same in all of them. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe looks for in each theme: rules of every weight, the size of targets too; and then what the next one changes. */
const THEMES: [string, RunOptions][] = [
  ["light", { rules: { "target-size": { enabled: true } } }],
  ["dark", { runOnly: OF_COLOURS }],
  ["projector", { runOnly: OF_COLOURS }],
];

/** All that axe finds in a part of the page, in three themes: the page changes its clothes where it stands. */
export async function barriers(page: Page, place: string, part = "html"): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(
    async ([themes, part]) => {
      const root = document.documentElement;
      const worn = root.getAttribute("data-theme");
      const found: string[] = [];
      for (const [theme, options] of themes) {
        root.setAttribute("data-theme", theme);
        // What changes gradually has changed.
        for (const animation of document.getAnimations()) animation.finish();
        const { violations } = await (window as any).axe.run(part, { ...options, resultTypes: ["violations"] });
        for (const { id, impact, nodes } of violations) {
          found.push(`${theme}: ${id} (${impact}): ${nodes.map((node: any) => node.target).join(" | ")}`);
        }
      }
      if (worn === null) root.removeAttribute("data-theme");
      else root.setAttribute("data-theme", worn);
      return found;
    },
    [THEMES, part] as const,
  );
  return found.map((sentence) => `${place}, ${sentence}`);
}
