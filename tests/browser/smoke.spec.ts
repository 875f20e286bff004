import { expect, test } from "@playwright/test";

test("the app starts and replaces the loading text", async ({ page }) => {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));

  await page.goto("./");

  await expect(page).toHaveTitle(/Netsplit/);
  await expect(page.getByRole("main")).toBeVisible();
  await expect(page.locator("#boot")).toHaveCount(0);
  expect(problems).toEqual([]);
});

test("a page that cannot load the app says so", async ({ page }) => {
  await page.route("**/*.wasm", (route) => route.abort());

  await page.goto("./");

  await expect(page.getByRole("alert")).toContainText("Netsplit could not start");
});

test("a browser without WebAssembly is told so", async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));

  await page.goto("./");

  await expect(page.getByRole("alert")).toContainText("does not run WebAssembly");
});
