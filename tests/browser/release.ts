import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";

/** The release, as `cargo xtask dist --single` and `cargo xtask test browser` write it. */
export const folder = resolve(process.env.NETSPLIT_FOLDER ?? "dist");

const kinds: Record<string, string> = {
  ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".png": "image/png",
  ".svg": "image/svg+xml", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json",
};

/** A static host that has the release under some path, and nothing else. `edit` can make another version of a file. */
export class Host {
  address = "";
  missing: string[] = [];
  edit = (_file: string, text: string): string => text;
  private server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    try {
      if (!pathname.startsWith(this.path)) throw new Error("outside of the folder");
      let file = join(folder, pathname.slice(this.path.length));
      if ((await stat(file)).isDirectory()) file = join(file, "index.html");
      const bytes = await readFile(file);
      const kind = kinds[extname(file)] ?? "application/octet-stream";
      const is_text = /html|javascript/.test(kind);
      response.writeHead(200, { "content-type": kind }).end(is_text ? this.edit(file, bytes.toString()) : bytes);
    } catch {
      this.missing.push(pathname);
      response.writeHead(404).end();
    }
  });

  constructor(private path: string) {}

  async start() {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.path}`;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
