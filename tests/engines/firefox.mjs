// Firefox without a window, by WebDriver BiDi: it speaks that itself, over a web socket.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function open() {
  const profile = await mkdtemp(join(tmpdir(), "netsplit-firefox-"));
  const program = spawn("firefox-esr", ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    program.stderr.on("data", (text) => {
      said += text;
      const found = /BiDi listening on (ws:\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
    program.on("error", reject);
    program.on("exit", () => reject(new Error(`Firefox ended: ${said}`)));
  });

  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
  const asked = new Map();
  socket.onmessage = ({ data }) => {
    const { id, type, result, message } = JSON.parse(data);
    if (type === "success") asked.get(id)?.resolve(result);
    else asked.get(id)?.reject(new Error(message));
  };
  let count = 0;
  const ask = (method, params = {}) =>
    new Promise((resolve, reject) => {
      asked.set(++count, { resolve, reject });
      socket.send(JSON.stringify({ id: count, method, params }));
    });

  await ask("session.new", { capabilities: {} });
  const { contexts } = await ask("browsingContext.getTree");
  const { context } = contexts[0];
  await ask("browsingContext.setViewport", { context, viewport: { width: 1280, height: 800 } });
  return {
    visit: (url) => ask("browsingContext.navigate", { context, url, wait: "complete" }),
    async run(code) {
      const { type, result, exceptionDetails } = await ask("script.evaluate", {
        expression: `(async () => JSON.stringify((await ${code}) ?? null))()`,
        target: { context },
        awaitPromise: true,
      });
      if (type === "exception") throw new Error(exceptionDetails.text);
      return JSON.parse(result.value);
    },
    async picture(file) {
      const { data } = await ask("browsingContext.captureScreenshot", { context });
      await writeFile(file, data, "base64");
    },
    async close() {
      const ended = new Promise((resolve) => program.on("exit", resolve));
      program.kill();
      await ended;
      await rm(profile, { recursive: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
