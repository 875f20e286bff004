import { defineConfig } from "@playwright/test";

// `cargo xtask test browser` builds the site, serves it, finds Chromium and sets these variables.
// By hand: run `cargo xtask serve` in one terminal and `CHROMIUM=/usr/bin/chromium npx playwright test` in another.
const address = process.env.NETSPLIT_URL ?? "http://127.0.0.1:8080/";
const results = process.env.NETSPLIT_RESULTS ?? "test-results/results.json";

export default defineConfig({
  testDir: "tests/browser",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  // One lost key in five hundred tests stops no release; it is counted, and what the page showed is printed.
  retries: process.env.CI ? 1 : 0,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: results }]],
  use: {
    baseURL: address,
    headless: true,
    // offline.spec.ts is about them; the others see what a first visitor sees.
    serviceWorkers: "block",
    screenshot: "only-on-failure",
    // Writing one takes an eighth of the time, and nobody can open one that stays on the machine of CI.
    trace: process.env.CI ? "off" : "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
