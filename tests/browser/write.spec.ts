import type { Page } from "@playwright/test";

import { barriers } from "./axe";
import { expect, skipHint, test } from "./lab";

const text = (page: Page) => page.getByTestId("write-text");
const stand = (page: Page) => page.getByTestId("write-stand");
const lesson = (page: Page) => page.getByTestId("lesson");

/** Opens the page with a new draft, and waits until it is proved. */
async function write(page: Page) {
  await skipHint(page);
  await page.goto("./#/write");
  await expect(stand(page)).toHaveAttribute("data-stand", "proved");
}

/** Replaces something in the text. */
async function replace(page: Page, from: string, to: string) {
  const before = await text(page).inputValue();
  expect(before).toContain(from);
  await text(page).fill(before.replace(from, to));
}

/** Puts the cursor behind something. */
const cursorBehind = (page: Page, what: string) =>
  text(page).evaluate((area: HTMLTextAreaElement, what) => {
    const at = area.value.indexOf(what) + what.length;
    area.focus();
    area.setSelectionRange(at, at);
  }, what);

test("a draft is written, broken, mended and opened as a lesson", async ({ site }) => {
  await write(site);
  await expect(lesson(site)).toContainText("What does B think of A");

  await replace(site, "run 100 ms", "run 100 apples");
  await expect(stand(site)).toHaveAttribute("data-stand", "broken");
  const mistake = site.getByTestId("write-findings").getByRole("listitem").first();
  await expect(mistake).toContainText("“100 apples” is no time");
  await mistake.getByRole("button").click();
  await expect(text(site)).toBeFocused();
  const selected = await text(site).evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  );
  expect(selected).toBe("run 100 apples");

  // A key that is wrong is found by the proof, at its line.
  await replace(site, "run 100 apples", "run 2 s");
  await expect(site.getByTestId("write-findings")).toContainText("this choice is right");
  await expect(stand(site)).toHaveAttribute("data-stand", "broken");
  await replace(site, "run 2 s", "run 100 ms");
  await expect(stand(site)).toHaveAttribute("data-stand", "proved");

  // What could be better is a remark, and no mistake.
  await replace(site, "Say here in two", `${"word ".repeat(30)}Say here in two`);
  await expect(site.getByTestId("write-findings")).toContainText("this sentence has");
  await expect(stand(site)).toHaveAttribute("data-stand", "proved");

  await replace(site, "# My lesson", "# All about silence");
  await expect(lesson(site)).toContainText("All about silence");
  await site.getByTestId("write-play").click();
  await expect(site).toHaveURL(/#\/lesson\/my-lesson/);
  await expect(lesson(site)).toContainText("All about silence");
  await expect(site.getByTestId("write")).toHaveCount(0);
});

test("drafts are kept beside each other", async ({ site }) => {
  await write(site);
  await replace(site, "lesson: my-lesson", "lesson: my-second");
  await expect(stand(site)).toHaveAttribute("data-stand", "proved");
  await site.reload();
  await expect(text(site)).toHaveValue(/lesson: my-second/);
  await site.getByTestId("write-new").click();
  await expect(text(site)).toHaveValue(/lesson: my-lesson/);
  await site.getByTestId("write-drafts").selectOption({ label: "my-second" });
  await expect(text(site)).toHaveValue(/lesson: my-second/);
});

test("a draft of another lab has the stage of that lab", async ({ site }) => {
  await write(site);
  await replace(site, "lab: heartbeats", "lab: raft");
  await expect(site.locator('[data-node="S1"]')).toBeVisible();
  await expect(text(site)).toHaveValue(/lab: raft/);
});

test("acts become lines, and things become expressions", async ({ site }) => {
  await write(site);
  await cursorBehind(site, "scenario crash\n");
  await site.getByTestId("write-record").click();
  await site.locator('[data-node="B"]').click({ button: "right" });
  await site.getByTestId("node-crash").click();
  await site.getByTestId("write-record").click();
  await expect(text(site)).toHaveValue(/scenario crash\ncrash B\n/);
  await expect(stand(site)).not.toHaveAttribute("data-stand", "waiting");

  await cursorBehind(site, "crash B\n");
  await site.getByTestId("write-pick").click();
  await site.locator('[data-node="C"]').click();
  const picks = site.getByTestId("write-picks");
  await expect(picks).toContainText("up(C) = true");
  await picks.getByRole("button", { name: "role(C)" }).click();
  await expect(text(site)).toHaveValue(/crash B\nrole\(C\)/);
});

test("keys are tried out", async ({ site }) => {
  await write(site);
  await site.getByTestId("write-keys").click();
  const keys = site.getByTestId("write-key").getByRole("listitem");
  await expect(keys).toHaveText([/false: It suspects A/, /true: It trusts A/]);
});

test("all of it goes by keyboard, and nothing stands in anybody's way", async ({ site }) => {
  await write(site);
  expect(await barriers(site, "write", ".write")).toEqual([]);
  await text(site).focus();
  await site.keyboard.press("Shift+Tab");
  await expect(site.getByTestId("write-keys")).toBeFocused();
  await site.keyboard.press("Enter");
  await expect(site.getByTestId("write-key")).toBeVisible();
  await site.keyboard.press("Shift+Tab");
  await site.keyboard.press("Enter");
  await expect(site.getByTestId("write-picks")).toBeVisible();
  expect(await barriers(site, "write: picking", ".write")).toEqual([]);
});

test("a lesson that is dropped on a page opens, and of a broken one it is said what is wrong", async ({ site }) => {
  await write(site);
  const template = await text(site).inputValue();
  await site.goto("./#/");
  const drop = async (content: string) => {
    const dataTransfer = await site.evaluateHandle((content) => {
      const data = new DataTransfer();
      data.items.add(new File([content], "lesson.md", { type: "text/markdown" }));
      return data;
    }, content);
    await site.dispatchEvent("body", "drop", { dataTransfer });
  };
  await drop(template.replace("scenario crash", "scenaro crash"));
  await expect(site.getByTestId("drop-refusal")).toContainText(
    "there is no statement scenaro; did you mean scenario?",
  );
  await drop(template);
  await expect(site).toHaveURL(/#\/lesson\/my-lesson/);
  await expect(lesson(site)).toContainText("My lesson");
});
