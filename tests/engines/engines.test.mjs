// The page, a figure and the single file in Firefox and WebKit. `cargo xtask test engines` installs both and sets the variables.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import * as firefox from "./firefox.mjs";
import * as webkit from "./webkit.mjs";

const app = process.env.NETSPLIT_URL ?? "http://127.0.0.1:8080/";
const single = pathToFileURL(join(process.env.NETSPLIT_FOLDER ?? "dist", "netsplit.html")).href;
const pictures = process.env.NETSPLIT_PICTURES ?? "test-results/engines";
mkdirSync(pictures, { recursive: true });

/** Another origin, with a figure on its page. */
const host = createServer((_, response) =>
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(`<!doctype html>
    <script src="${app}static/netsplit-lab.js"></script>
    <netsplit-lab lab="raft" scenario="split-vote" controls="step"><a href="${app}">Raft</a></netsplit-lab>`),
);
before(() => new Promise((resolve) => host.listen(0, "127.0.0.1", resolve)));
after(() => {
  host.closeAllConnections();
  host.close();
});

const part = (id) => `document.querySelector('[data-testid="${id}"]')`;
const press = (id) => `${part(id)}.click()`;
const event = `Number(/event (\\d+) of/.exec(${part("event-counter")}?.textContent)?.[1])`;

for (const [name, { open }] of Object.entries({ firefox, webkit })) {
  describe(name, () => {
    let browser;
    before(async () => (browser = await open()));
    after(() => browser?.close());

    /** Waits until an expression holds, and gives back what it is then. */
    async function until(code) {
      for (const end = Date.now() + 30_000; Date.now() < end; ) {
        const value = await browser.run(code);
        if (value) return value;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await browser.picture(join(pictures, `${name}-failed.png`));
      assert.fail(`in 30 seconds it never held: ${code}`);
    }

    /** Steps, plays and stops, and the events go on. */
    async function goOn() {
      await until(`${event} >= 0`);
      const before = await browser.run(event);
      await browser.run(press("step"));
      await until(`${event} === ${before + 1}`);
      await browser.run(press("play"));
      await until(`${event} > ${before + 3}`);
      await browser.run(press("play"));
      const caption = await until(`${part("caption")}.textContent`);
      assert.ok(caption.length > 10, caption);
      assert.equal(await browser.run(`document.querySelectorAll("[data-node]").length`), 6);
    }

    test("a lab steps and plays", async () => {
      await browser.visit(`${app}#/lab/raft/first-election`);
      await goOn();
      await browser.picture(join(pictures, `${name}-lab.png`));
    });

    test("the start page shows all labs", async () => {
      await browser.visit("about:blank");
      await browser.visit(app);
      await until(`document.querySelectorAll(".gallery > li:has(svg .node)").length >= 9`);
      await browser.picture(join(pictures, `${name}-home.png`));
    });

    test("a figure on another page steps and acts", async () => {
      await browser.visit(`http://127.0.0.1:${host.address().port}/`);
      const lab = `document.querySelector("netsplit-lab")`;
      const first = await browser.run(`${lab}.getState()`);
      assert.equal(first.scenario, "split-vote");
      assert.equal((await browser.run(`${lab}.step()`)).event, first.event + 1);
      assert.equal((await browser.run(`${lab}.act({ crash: 0 })`)).headline, "S1 crashes");
      assert.match(await browser.run(`${lab}.snapshot()`), /^<svg/);
      await browser.picture(join(pictures, `${name}-figure.png`));
    });

    test("a figure that cannot come leaves its fallback", async () => {
      await browser.visit(`http://127.0.0.1:${host.address().port}/`);
      const refusal = await browser.run(`new Promise((resolve) => {
        const lab = document.querySelector("netsplit-lab");
        lab.addEventListener("error", ({ detail }) => resolve(detail.message));
        lab.setAttribute("src", "http://127.0.0.1:9/netsplit/");
      })`);
      assert.match(refusal, /^nothing answers at http:\/\/127\.0\.0\.1:9\/netsplit\/: /);
      assert.ok(await browser.run(`document.querySelector("netsplit-lab > a").checkVisibility()`));
    });

    test("the single file runs from a disk", async () => {
      await browser.visit(`${single}#/lab/raft/first-election`);
      await goOn();
      await browser.picture(join(pictures, `${name}-single.png`));
    });
  });
}
