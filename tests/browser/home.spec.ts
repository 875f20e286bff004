import { barriers } from "./axe";
import { counter, expect, expectPictures, test } from "./lab";
import { cutOff } from "./places";

const search = "search";

test("the first view says what to begin with, and that is one press away", async ({ site }) => {
  await site.setViewportSize({ width: 1440, height: 900 });
  await site.goto("./#/");
  const start = site.getByTestId("start");
  await expect(start).toBeInViewport();
  await expect(site.locator(".button.primary")).toHaveCount(1);
  await expect(site.getByTestId("lab-raft")).toContainText("begin here");
  await expect(site.getByTestId("lab-ping")).toBeInViewport();
  // The picture shows the moment that it opens.
  const headline = await site.locator(".hero-caption b").textContent();
  await start.click();
  await expect(counter(site)).toBeVisible();
  await expect(site.getByTestId("caption").first()).toContainText(headline!.replace(/[.…]$/, ""));
  await expect(site.locator(".hull, .link .cut").first()).toBeVisible();
});

test("labs stand by chapter, and each has a picture and a summary", async ({ site }) => {
  await site.setViewportSize({ width: 1440, height: 900 });
  await site.goto("./#/");
  const chapters = site.locator(".chapter");
  await expect(chapters.locator("h3")).toHaveText(["Network", "Time", "Failure", "Agreement", "Replication", "Scale", "Bring your own"]);
  await expectPictures(site);
  const card = site.getByTestId("lab-swim");
  const summary = site.locator("#about-swim");
  await expect(summary).toBeHidden();
  await card.hover();
  await expect(summary).toBeVisible();
  await site.mouse.move(0, 0);
  await card.focus();
  await expect(summary).toBeVisible();
  const [box, words] = [(await card.boundingBox())!, (await summary.boundingBox())!];
  expect(words.y).toBeGreaterThanOrEqual(box.y + box.height);
  await site.keyboard.press("Enter");
  await expect(site).toHaveURL(/#\/lab\/swim$/);
});

test("the search finds labs, scenarios and systems by keyboard", async ({ site }) => {
  await site.goto("./#/");
  await expect(site.locator(".hero-caption b")).toBeVisible();
  await site.keyboard.press("/");
  await expect(site.getByTestId(search)).toBeFocused();
  await expect(site.getByTestId(search)).toHaveValue("");
  await site.keyboard.type("split vote");
  await expect(site.getByRole("status")).toHaveText(/1 lab, \d+ lessons?, 1 scenario, 0 systems$/);
  await expect(site.getByTestId("found").getByRole("link", { name: "A split vote" })).toHaveAttribute("href", "#/lab/raft/split-vote");
  await site.getByTestId(search).fill("zzz");
  await expect(site.getByRole("status")).toContainText("Nothing has these letters");
  await site.keyboard.press("Enter");
  await expect(site).toHaveURL(/#\/$/);
  // Emptied, the page is what it was.
  await site.getByTestId(search).fill("");
  await expect(site.getByTestId("start")).toBeVisible();
  await site.getByTestId(search).fill("swim");
  await site.keyboard.press("Enter");
  await expect(site).toHaveURL(/#\/lab\/swim$/);
});

test("each system that one knows finds a lab", async ({ site }) => {
  await site.goto("./#/");
  await expect(site.locator(".hero-caption b")).toBeVisible();
  const systems = site.locator(".system");
  expect(await systems.count()).toBeGreaterThan(7);
  for (const name of await systems.allTextContents()) {
    await site.getByRole("button", { name, exact: true }).click();
    await expect(site.getByRole("button", { name, exact: true })).toHaveAttribute("aria-pressed", "true");
    expect(await site.getByTestId("found").locator(".lab-card").count(), name).toBeGreaterThan(0);
    await expect(site.getByTestId("found").locator(".found-rows a").filter({ hasText: name }).first()).toBeVisible();
  }
});

for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
  test(`nothing is cut off and nothing scrolls sideways at ${width}`, async ({ site }) => {
    await site.setViewportSize({ width, height });
    await site.goto("./#/");
    await expect(site.locator(".lab-card:has(.miniature path)").first()).toBeVisible();
    expect(await cutOff(site)).toEqual([]);
    // Case: a bare scrollbar under the chips at 390.
    const scrolling = await site.locator("main *").evaluateAll((all) =>
      all.filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth).length,
    );
    expect(scrolling).toBe(0);
    await site.getByTestId(search).fill("a");
    await expect(site.getByTestId("found")).toBeVisible();
    expect(await cutOff(site)).toEqual([]);
  });
}

test("on a phone summaries are there without a pointer, and what one presses is large", async ({ site }) => {
  await site.setViewportSize({ width: 390, height: 844 });
  await site.goto("./#/");
  await expect(site.locator("#about-raft")).toBeVisible();
  const small = await site.locator("main :is(.system, .lab-card, .button)").evaluateAll((all) =>
    all.filter((element) => element.getBoundingClientRect().height < 44).map((element) => element.textContent),
  );
  expect(small).toEqual([]);
});

test("from right to left the page is mirrored", async ({ site }) => {
  await site.setViewportSize({ width: 1440, height: 900 });
  await site.goto("./?lang=fa#/");
  await expect(site.locator(".hero-caption b")).toBeVisible();
  const [title, cards] = [(await site.locator(".chapter h3").first().boundingBox())!, (await site.locator(".chapter .gallery").first().boundingBox())!];
  expect(title.x).toBeGreaterThan(cards.x + cards.width - 10);
  expect(await cutOff(site)).toEqual([]);
});

test("CAP: both systems do what each button says, and have their clients in the same places", async ({ site }) => {
  await site.setViewportSize({ width: 1440, height: 900 });
  await site.goto("./#/");
  await site.getByTestId("lab-cap").click();
  await expect(site).toHaveURL(/#\/cap$/);
  const side = (name: string) => site.getByTestId(name);
  const caption = (name: string) => side(name).getByTestId("caption");
  const [consistent, available] = ["cap-consistent", "cap-available"];
  await expect(caption(consistent)).toContainText("C2 reads x = 3");
  await expect(caption(available)).toContainText("C1 reads x: 2");
  const isLeft = (name: string, node: string) =>
    side(name).evaluate((side, node) => {
      const [stage, box] = [".stage", `[data-node="${node}"]`].map((part) => side.querySelector(part)!.getBoundingClientRect());
      return box.x + box.width / 2 < stage.x + stage.width / 2;
    }, node);
  for (const [node, left] of [["C1", true], ["C2", false]] as const) {
    expect(await isLeft(consistent, node), node).toBe(left);
    expect(await isLeft(available, node), node).toBe(left);
  }
  await site.getByTestId("cap-read").click();
  await expect(caption(consistent)).toContainText("C2 asks");
  await expect(caption(available)).toContainText("C2 gets x");
  await site.getByTestId("cap-heal").click();
  await expect(caption(consistent)).toContainText("All links are healed");
  await expect(caption(available)).toContainText("All links are healed");
  await site.getByTestId("cap-back").click();
  await expect(caption(available)).toContainText("C2 gets x");
  await site.getByTestId("cap-play").click();
  await expect(site.getByTestId("cap-play")).toHaveAttribute("aria-label", "Pause both");
  await site.getByTestId("cap-play").click();
  await expect(site.getByTestId("cap-play")).toHaveAttribute("aria-label", "Play both");
  await site.getByTestId("cap-again").click();
  await expect(caption(consistent)).toContainText("C2 reads x = 3");
  expect(await barriers(site, "cap")).toEqual([]);
  // On a phone one stands above the other.
  await site.setViewportSize({ width: 390, height: 844 });
  expect(await cutOff(site)).toEqual([]);
  const [first, second] = [(await side(consistent).boundingBox())!, (await side(available).boundingBox())!];
  expect(second.y).toBeGreaterThanOrEqual(first.y + first.height);
});

test("the old address of CAP leads to its page", async ({ site }) => {
  await site.goto("./static/cap.html");
  await expect(site).toHaveURL(/\/#\/cap$/);
  await expect(site.getByTestId("cap-step")).toBeVisible();
});
