// Loads the parts of the app's module when they are asked for. Stands in front of the app's glue, in the page and in its
// workers (xtask/src/split.rs puts it there), and gives the module what it imports to ask for them.
"use strict";
globalThis.netsplitParts = (() => {
  // The files of each part. A worker has no page: it is sent the parts that it needs, compiled.
  const files = JSON.parse(globalThis.document?.querySelector('meta[name="netsplit-parts"]')?.content ?? "{}");
  const [compiled, joined, worn] = [new Map(), new Map(), new Map()];

  /** What is made once; where that fails, the next who asks tries again. */
  function once(made, name, make) {
    if (!made.has(name)) made.set(name, make(name));
    made.get(name).catch(() => made.delete(name));
    return made.get(name);
  }

  // Not as a stream: for that a host has to know the type of such a file.
  const compile = (file) => once(compiled, file, async () => WebAssembly.compile(await netsplitPart(file)));
  const join = (file) =>
    once(joined, file, async () => {
      const lender = wasm_bindgen.initSync();
      return WebAssembly.instantiate(await compile(file), { __wasm_split: lender, lender });
    });

  // A stylesheet has its place among the others, and is fetched when it is enabled. In the single file all of them stand in the page.
  const wear = (file) =>
    once(worn, file, () => new Promise((resolve, reject) => {
      const link = document.querySelector(`link[rel="stylesheet"][href="./${file}"]`);
      if (!link) return resolve();
      link.onload = resolve;
      link.onerror = () => {
        link.disabled = true;
        reject(new Error(`${file} did not come`));
      };
      link.disabled = false;
    }));

  const isStyle = (file) => file.endsWith(".css");
  const modules = (name) => files[name].filter((file) => !isStyle(file));

  async function load(name) {
    // All of them before the first one joins: a part with half of its files would be worse than none.
    await Promise.all([...modules(name).map(compile), ...files[name].filter(isStyle).map(wear)]);
    await Promise.all(modules(name).map(join));
  }

  return {
    /** The module calls `__wasm_split_load_NAME`, and is told through its own table whether the part is there. */
    imports: new Proxy({}, {
      get: (_, called) => (callback, data) => {
        const tell = (is_there) => wasm_bindgen.initSync().__indirect_function_table.get(callback)(data, is_there);
        load(called.slice("__wasm_split_load_".length)).then(() => tell(1), (problem) => (console.warn(problem), tell(0)));
      },
    }),
    /** Parts, compiled, to be sent to a worker. */
    pack: (names) =>
      Promise.all(names.flatMap((name) => modules(name).map(async (file) => ({ name, file, module: await compile(file) })))),
    /** In a worker: what the page has packed. */
    unpack(parts) {
      for (const { name, file, module } of parts) {
        (files[name] ??= []).push(file);
        compiled.set(file, Promise.resolve(module));
      }
    },
    /** Whether the host has another release now than the one on this page. */
    async isOld() {
      const answer = await fetch(location.pathname, { cache: "no-store" });
      const app = document.querySelector('meta[name="netsplit-module"]').content;
      return answer.ok && !(await answer.text()).includes(app);
    },
  };
})();
