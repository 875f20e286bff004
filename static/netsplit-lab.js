// <netsplit-lab lab="raft" scenario="split-vote" controls="step">A picture or a link</netsplit-lab>
// A live figure of Netsplit on any page. docs/embed.md describes attributes, methods and events.
"use strict";
(() => {
  // As a module or in a bundle this script does not know where the release is.
  const script = document.currentScript?.src ?? "";
  const home = /\/static\/netsplit-lab\.js([?#]|$)/.test(script) ? new URL("..", script).href : "";
  const EVENTS = "ready step action branch predict check complete resize error".split(" ");
  // What a slide deck turns its pages with, and nothing else, comes through from the figure.
  const DECK = /^(Page(Up|Down)|Home|End|Escape|Arrow(Left|Right|Up|Down)| |n|p)$/;
  // How long an address may keep silent, in all and once it has been loaded. A release tells at once that it is there.
  const SILENCE_MS = 8000;
  const LOADED_MS = 2000;

  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      target.load();
    }
  }, { rootMargin: "300px" });

  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { display: block; position: relative; min-inline-size: 0; }
    :host([hidden]) { display: none; }
    iframe { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0; opacity: 0; pointer-events: none; }
    .shown { opacity: 1; pointer-events: auto; }
    .shown + slot { display: none; }
    @media print { .pictured { display: none; } .pictured + slot { display: block; } }
  `);

  const LOOKS = ["controls", "theme", "lang", "motion", "from", "to", "caption"];

  class NetsplitLab extends HTMLElement {
    static observedAttributes = ["lab", "lesson", "scenario", "state", "step", "height", "src", ...LOOKS];
    #root = this.attachShadow({ mode: "open" });
    #frame = null;
    #origin = "";
    #port = null;
    #asked = new Map();
    #count = 0;
    #ready = null;
    #failed = false;
    #silence = 0;
    #height = 0;
    #suits = 440;
    #hear = (event) => this.#meet(event);

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [style];
      this.#root.append(document.createElement("slot"));
      this.#wait();
    }

    connectedCallback() {
      if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => this.#settle());
      else this.#settle();
      this.#size();
      near.observe(this);
    }

    disconnectedCallback() {
      near.unobserve(this);
      this.#end();
    }

    attributeChangedCallback(name, before, now) {
      if (before === now) return;
      if (name === "height") {
        const pixels = /^[\d.]+(px)?$/.test(now?.trim()) ? Number.parseFloat(now) : 0;
        this.#height = pixels >= 100 && pixels <= 4000 ? pixels : 0;
        if (now && !this.#height) this.#warn(`height="${now}" is no number of pixels from 100 to 4000 and is left out`);
        this.#size();
      } else if (!this.#frame && !this.#failed) return;
      else if (name === "step" && !this.hasAttribute("lesson")) {
        if (now !== null) this.#ready.come.then(() => this.#follow(), () => {});
      } else {
        this.#end();
        near.observe(this);
      }
    }

    play() { return this.#ask("play"); }
    pause() { return this.#ask("pause"); }
    step(by = 1) { return this.#ask("step", { by: Number(by) }); }
    /** To the moment after this many events. */
    seek(event) { return this.#ask("seek", { event: Number(event) }); }
    /** What somebody can do, as in a .netsplit file: act({ crash: 0 }, "heal_all"). */
    act(...inputs) { return this.#ask("act", { inputs: inputs.flat() }); }
    getState() { return this.#ask("getState"); }
    /** What getState() or share() gave, or the content of a file. */
    setState(state) { return this.#ask("setState", { state: state.state ?? state }); }
    async check(name) { return (await this.#ask("check", { name })).checks; }
    share() { return this.#ask("share"); }
    async snapshot() { return (await this.#ask("snapshot")).svg; }

    /** Makes the frame now, without waiting until somebody is about to see it. */
    load() {
      if (this.#frame || this.#failed || !this.isConnected) return;
      const get = (name) => this.getAttribute(name);
      const address = this.#address(get("src") || home);
      if (!address) return;
      address.searchParams.set("view", "embed");
      for (const name of LOOKS) {
        if (get(name)) address.searchParams.set(name, get(name));
      }
      if (self.origin !== "null") address.searchParams.set("origin", self.origin);
      const lesson = get("lesson");
      const path = lesson ? ["", "lesson", lesson, get("step")] : ["", "lab", get("lab"), get("scenario")];
      address.hash = get("state")?.split("#").pop() ?? path.map((name) => encodeURIComponent(name ?? "")).join("/");
      this.#origin = address.origin;
      const frame = this.#frame = document.createElement("iframe");
      // In print, a picture that stands inside takes the place of the figure.
      frame.classList.toggle("pictured", this.querySelector("img, svg") !== null);
      frame.title = get("title") ?? `Netsplit: ${lesson ?? get("lab") ?? "a figure"}`;
      frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";
      frame.inert = true;
      frame.src = address;
      this.#expect(SILENCE_MS);
      frame.onload = () => this.#expect(LOADED_MS);
      addEventListener("message", this.#hear);
      this.#root.prepend(frame);
    }

    /** Where the release is, if the page says so. */
    #address(src) {
      try {
        const address = src && new URL(src, document.baseURI);
        const isHere = address.origin === location.origin && address.pathname === location.pathname;
        if (/^(https?|file):$/.test(address.protocol) && !isHere) return address;
      } catch {}
      this.#fail(`src="${src.slice(0, 99)}": the attribute src has to say where Netsplit is, such as https://example.org/netsplit/`);
    }

    /** Within this time something has to be heard. */
    #expect(ms) {
      clearTimeout(this.#silence);
      const address = this.#frame.src.split("?")[0];
      this.#silence = setTimeout(() => this.#fail(`nothing answers at ${address}: is Netsplit there, and may this page frame it?`), ms);
    }

    #hush() {
      clearTimeout(this.#silence);
      if (this.#frame) this.#frame.onload = null;
    }

    #wait() {
      const ready = this.#ready = {};
      this.#failed = false;
      ready.come = new Promise((resolve, reject) => Object.assign(ready, { resolve, reject }));
      ready.come.catch(() => {});
    }

    #end() {
      removeEventListener("message", this.#hear);
      this.#hush();
      this.#frame?.remove();
      this.#port?.close();
      this.#reject("the figure has been taken away or made anew");
      this.#frame = this.#port = null;
      this.#wait();
    }

    #reject(message) {
      const reason = new Error(message);
      this.#ready.reject(reason);
      for (const { reject } of this.#asked.values()) reject(reason);
      this.#asked.clear();
    }

    /** Tells whoever has written the page; readers see the fallback. A figure that comes late is shown all the same. */
    #fail(message) {
      if (this.#failed) return;
      this.#hush();
      this.#reject(message);
      this.#wait();
      this.#reject(message);
      this.#failed = true;
      this.#warn(message);
      this.dispatchEvent(new CustomEvent("error", { detail: { message } }));
    }

    #warn(message) {
      console.warn(`<netsplit-lab>: ${message}`, this);
    }

    #meet({ source, origin, data }) {
      if (source !== this.#frame?.contentWindow || data?.netsplit !== 1) return;
      this.#hush();
      if (origin !== this.#origin) {
        return this.#fail(origin === "null"
          ? "in a sandbox without allow-same-origin an element cannot reach its figure: a plain <iframe> works there"
          : `the figure comes from ${origin}: let src say so`);
      }
      if (data.type === "error") return this.#fail(data.payload.message);
      if (data.type !== "hello") return;
      const { port1, port2 } = new MessageChannel();
      this.#port?.close();
      this.#port = port1;
      port1.onmessage = ({ data }) => this.#take(data);
      source.postMessage({ netsplit: 1, id: 0, type: "init" }, origin === "null" ? "*" : origin, [port2]);
    }

    async #take({ id, type, payload }) {
      const port = this.#port;
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (asked) return type === "reply" ? asked.resolve(payload) : asked.reject(new Error(payload.message));
      if (type === "error") return this.#fail(payload.message);
      if (type === "key" && DECK.test(payload.key)) {
        this.dispatchEvent(new KeyboardEvent("keydown", { ...payload, bubbles: true, composed: true, cancelable: true }));
      }
      if (!EVENTS.includes(type)) return;
      if (type === "resize") this.#size(payload.height);
      if (type === "ready") {
        payload = (await this.#follow()) ?? payload;
        if (port !== this.#port) return;
        this.#frame.inert = false;
        this.#frame.classList.add("shown");
        if (this.#failed) this.#wait();
        this.#ready.resolve();
      }
      this.dispatchEvent(new CustomEvent(type, { detail: payload }));
    }

    async #ask(type, payload) {
      await this.#ready.come;
      return this.#post(type, payload);
    }

    #post(type, payload) {
      return new Promise((resolve, reject) => {
        this.#asked.set(++this.#count, { resolve, reject });
        this.#port.postMessage({ netsplit: 1, id: this.#count, type, payload });
      });
    }

    /** Goes where the attribute step says. */
    async #follow() {
      const step = this.getAttribute("step");
      if (step === null || this.hasAttribute("lesson")) return;
      return this.#post("seek", { event: Number(step) }).catch(({ message }) => this.#warn(`step="${step}": ${message}`));
    }

    /** HTML knows no <netsplit-lab … />: all that follows on the page becomes its content. It is put back behind the figure. */
    #settle() {
      const { childElementCount, firstChild, nextSibling, previousSibling } = this;
      const goesOn = childElementCount > 1 || (previousSibling?.nodeType === Node.TEXT_NODE && /^\s/.test(firstChild?.data));
      if (nextSibling || !goesOn) return;
      this.after(...this.childNodes);
      this.#warn("</netsplit-lab> is missing, or the fallback is more than one element: it now stands behind the figure");
    }

    /** The height that the page asks for, or the one that suits the width. */
    #size(suits = this.#suits) {
      this.#suits = suits;
      this.style.blockSize = `${this.#height || suits}px`;
    }
  }

  if (!customElements.get("netsplit-lab")) customElements.define("netsplit-lab", NetsplitLab);
})();
