import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";
import type { FrameLocator, Page } from "@playwright/test";
import { test as base } from "./lab";

const KINDS: Record<string, string> = {
  ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".svg": "image/svg+xml",
};

/** Where first parts of a path lead that do not stand in tests/embed: an npm package, and the book that mdBook has built. */
const BESIDE: Record<string, string> = { "reveal.js": "node_modules/reveal.js", book: process.env.NETSPLIT_BOOK ?? "target/tmp/book" };

/** Where the release is, as the pages say it. */
const RELEASE = /%APP%|https:\/\/example\.org\/netsplit\//g;

/** Serves the pages of tests/embed, and what stands beside them, from an origin that is not the app's. */
async function serve(app: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://host").pathname);
    const [, first, ...rest] = path.split(sep);
    try {
      const content = await readFile(first in BESIDE ? join(BESIDE[first], ...rest) : join("tests/embed", path));
      const kind = KINDS[extname(path)] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": kind });
      response.end(kind.startsWith("text/html") ? content.toString().replace(RELEASE, app) : content);
    } catch {
      // Browsers ask every origin for its icon.
      response.writeHead(path === `${sep}favicon.ico` ? 204 : 404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** `host` opens a page of tests/embed, `app` is the address of the app. */
export const test = base.extend<{ host: (name: string) => Promise<Page>; app: string }, { address: string }>({
  address: [
    async ({}, use, worker) => {
      const server = await serve(worker.project.use.baseURL!);
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      server.close();
      server.closeAllConnections();
    },
    { scope: "worker" },
  ],
  app: async ({ baseURL }, use) => use(baseURL!),
  host: async ({ site, address }, use) => {
    await use(async (name) => {
      await site.goto(address + name);
      return site;
    });
  },
});

export { expect } from "./lab";

/** The figure inside an element of the page; the first if none is named. */
export const figure = (page: Page, place = 0): FrameLocator => page.locator("netsplit-lab").nth(place).frameLocator("iframe");

/** Calls a method of the first figure. */
export const call = (page: Page, method: string, ...values: unknown[]): Promise<any> =>
  page.evaluate(
    ([method, values]) => (document.querySelector("netsplit-lab") as any)[method as string](...(values as unknown[])),
    [method, values] as const,
  );

/** Writes down what a figure tells from now on. */
export const listen = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const heard: [string, any][] = ((window as any).heard = []);
    const element = document.querySelector("netsplit-lab")!;
    for (const kind of ["ready", "step", "action", "branch", "predict", "check", "complete", "resize", "error"]) {
      element.addEventListener(kind, (event) => heard.push([kind, (event as CustomEvent).detail]));
    }
  });

/** What it has told of a kind. */
export const heard = (page: Page, kind: string): Promise<any[]> =>
  page.evaluate(
    (kind) => (window as any).heard.filter(([name]: [string]) => name === kind).map(([, detail]: [string, any]) => detail),
    kind,
  );
