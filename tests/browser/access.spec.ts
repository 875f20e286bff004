import AxeBuilder from "@axe-core/playwright";

import { expect, skipHint, test, visit, wear } from "./lab";

for (const theme of ["light", "dark", "projector"] as const) {
  test(`axe finds nothing on home and lab, ${theme}`, async ({ site }) => {
    test.slow();
    await wear(site, theme);
    const findings = async (place: string) => {
      const { violations } = await new AxeBuilder({ page: site }).analyze();
      return violations.map(({ id, impact, nodes }) => `${place}: ${id} (${impact}): ${nodes.map((node) => node.target).join(" | ")}`);
    };
    await site.goto("./#/");
    await expect(site.getByTestId("search")).toBeVisible();
    expect(await findings("home")).toEqual([]);
    await visit(site, "minority-leader");
    expect(await findings("lab")).toEqual([]);
    await site.getByTestId("text").click();
    expect(await findings("text view")).toEqual([]);
    await skipHint(site);
    await site.setViewportSize({ width: 390, height: 844 });
    await visit(site, "figure-8");
    expect(await findings("phone")).toEqual([]);
  });
}
