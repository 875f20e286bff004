import type { Page } from "@playwright/test";

import { barriers } from "./axe";
import { counter, expect, test } from "./lab";

/** What the page keeps of lessons: one at its second step, and one that is done. */
const begin = (page: Page) =>
  page.addInitScript(() => {
    const line = (id: string, step: number, over: number, title: string) => [id, step, 6, over, Date.now(), title].join("\t");
    const lines = [
      line("heartbeats-dead-or-slow", 2, 0, "Dead, or just slow?"),
      line("balancing-slow-server", 6, 1, "One slow server"),
    ];
    localStorage.setItem("netsplit.lessons", lines.join("\n"));
  });

const course = (page: Page, id: string) => page.getByTestId(`course-${id}`);

test("a course says what is in it, what is coming, and leads to a lesson by keyboard", async ({ site }) => {
  await site.goto("./#/");
  await course(site, "internet").getByRole("link", { name: "How internet systems work" }).focus();
  await site.keyboard.press("Enter");
  await expect(site).toHaveURL(/#\/courses\/internet$/);
  await expect(site.getByRole("heading", { level: 1 })).toHaveText("How internet systems work");
  await expect(site).toHaveTitle("Courses · Netsplit");
  await expect(course(site, "internet").locator("h3")).toHaveText([
    "One machine is not enough",
    "The network",
    "Sharing work",
    "Dead or slow",
    "Copies",
    "Splitting data",
    "Passing on",
    "One winner",
    "When it breaks",
  ]);
  const tcp = course(site, "internet").locator("li.coming", { hasText: "Message queue" });
  await expect(tcp).toContainText("coming");
  await expect(tcp.getByRole("link")).toHaveCount(0);
  const first = course(site, "internet").locator(".button.primary");
  await expect(first).toHaveAccessibleName("Start: What a ping really tells");
  await first.focus();
  await site.keyboard.press("Enter");
  await expect(site).toHaveURL(/#\/lesson\/ping-before-it-was-sent/);
  await expect(counter(site)).toBeVisible();
});

test("all three courses stand on one page, and each by itself", async ({ site }) => {
  await site.goto("./#/courses");
  await expect(site.locator(".course")).toHaveCount(3);
  await site.getByRole("navigation").getByRole("link", { name: "The protocols, one by one" }).click();
  await expect(site.locator(".course")).toHaveCount(1);
  await expect(site.getByRole("navigation").locator("[aria-current]")).toHaveText("The protocols, one by one");
  await site.goto("./#/courses/nonsense");
  await expect(site.locator(".course")).toHaveCount(3);
});

test("the start page and the courses know what is begun and what is done", async ({ site }) => {
  await begin(site);
  await site.goto("./#/");
  await expect(site.getByTestId("go-on")).toContainText("Lesson, step 2 of 6");
  await expect(course(site, "internet").locator(".course-next")).toContainText("step 2 of 6");
  await expect(course(site, "internet").locator(".button.primary")).toHaveAccessibleName("Continue: Dead, or just slow?");
  await expect(course(site, "internet").locator(".course-path .done")).toHaveCount(1);
  await site.goto("./#/courses/internet");
  const row = course(site, "internet").locator("li", { has: site.getByTestId("lesson-balancing-slow-server") }).last();
  await expect(row).toContainText("done");
});

test("the search finds lessons and courses", async ({ site }) => {
  await site.goto("./#/");
  await expect(site.locator(".hero-caption b")).toBeVisible();
  await site.keyboard.press("/");
  await expect(site.getByTestId("search")).toBeFocused();
  await site.keyboard.type("two leaders");
  const found = site.getByTestId("found");
  await expect(found.getByRole("link", { name: /Two leaders at once lesson of Raft, 20 min/ })).toHaveAttribute(
    "href",
    "#/lesson/raft-two-leaders",
  );
  await site.getByTestId("search").fill("deep dive");
  await expect(found.getByRole("link", { name: /a deep dive course/ })).toBeVisible();
});

for (const level of ["all", "learn"]) {
  test(`a lab names its lessons on the level ${level}`, async ({ site }) => {
    await site.addInitScript((level) => localStorage.setItem("netsplit.level", level), level);
    await site.setViewportSize({ width: 1440, height: 900 });
    await site.goto("./#/lab/raft");
    const lessons = site.getByTestId("lab-lessons").locator("visible=true");
    await expect(lessons.getByRole("link", { name: "Two leaders at once" })).toHaveAttribute("href", "#/lesson/raft-two-leaders");
    await expect(lessons).toContainText("20 min");
  });
}

test("on a phone nothing is cut off, and the lab has its lessons", async ({ site }) => {
  await site.setViewportSize({ width: 390, height: 844 });
  for (const hash of ["./#/", "./#/courses", "./#/courses/engineer"]) {
    await site.goto(hash);
    await expect(site.getByTestId("course-engineer")).toBeVisible();
    const width = await site.evaluate(() => document.documentElement.scrollWidth);
    expect(width, hash).toBeLessThanOrEqual(390);
  }
  await site.goto("./#/lab/swim");
  await site.getByTestId("pane-lab").click();
  await expect(site.getByTestId("lab-lessons").locator("visible=true").getByRole("link")).toHaveAttribute("href", "#/lesson/swim-who-is-here");
});

test("the pages of courses have no barriers", async ({ site }) => {
  await begin(site);
  await site.goto("./#/courses");
  await expect(site.locator(".course")).toHaveCount(3);
  expect(await barriers(site, "courses")).toEqual([]);
  await site.goto("./#/");
  await expect(course(site, "internet").locator(".button.primary")).toBeVisible();
  expect(await barriers(site, "start page")).toEqual([]);
});

test("the courses stand from right to left in Persian", async ({ site }) => {
  await site.goto("./?lang=fa#/courses/internet");
  await expect(course(site, "internet")).toBeVisible();
  const list = (await course(site, "internet").locator(".course-list h3").first().boundingBox())!;
  const entry = (await course(site, "internet").locator(".course-list ul").first().boundingBox())!;
  expect(list.x).toBeGreaterThan(entry.x);
});
