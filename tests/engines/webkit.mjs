// WebKit as GTK has it, by WebDriver, on a screen that nobody sees.
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";

export async function open() {
  const screen = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
  const display = await new Promise((resolve, reject) => {
    screen.stdout.once("data", (number) => resolve(String(number).trim()));
    screen.on("error", reject);
  });
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], { stdio: "ignore", env: { ...process.env, DISPLAY: `:${display}` } });

  const ask = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(value.message);
    return value;
  };
  // It listens when it can be reached.
  for (let tries = 100; ; tries--) {
    try {
      await ask("GET", "/status");
      break;
    } catch (problem) {
      if (tries === 0) throw problem;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const { sessionId } = await ask("POST", "/session", { capabilities: {} });
  const session = `/session/${sessionId}`;
  await ask("POST", `${session}/window/rect`, { x: 0, y: 0, width: 1280, height: 800 });
  return {
    visit: (url) => ask("POST", `${session}/url`, { url }),
    async run(code) {
      const script = `
        const tell = arguments[0];
        (async () => (await ${code}) ?? null)().then((value) => tell(JSON.stringify({ value })), (error) => tell(JSON.stringify({ problem: String(error) })));`;
      const { value, problem } = JSON.parse(await ask("POST", `${session}/execute/async`, { script, args: [] }));
      if (problem) throw new Error(problem);
      return value;
    },
    picture: async (file) => writeFile(file, await ask("GET", `${session}/screenshot`), "base64"),
    async close() {
      await ask("DELETE", session);
      driver.kill();
      screen.kill();
    },
  };
}

function freePort() {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    }),
  );
}
