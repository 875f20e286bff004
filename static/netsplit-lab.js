// <netsplit-lab lab="raft" scenario="split-vote" controls="step">A picture or a link</netsplit-lab>
// A live figure of Netsplit on any page. docs/embed.md describes attributes, methods and events.
"use strict";
(() => {
  const home = new URL("..", document.currentScript?.src ?? document.baseURI);
  const EVENTS = ["ready", "step", "action", "branch", "check", "complete", "resize", "error"];
  // What a slide deck turns its pages with, and nothing else, comes through from the figure.
  const DECK = /^(Page(Up|Down)|Home|End|Escape|Arrow(Left|Right|Up|Down)| |n|p)$/;

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

  class NetsplitLab extends HTMLElement {
    static observedAttributes = ["lab", "scenario", "state", "step", "controls", "theme", "lang", "motion", "height", "src"];
    #root = this.attachShadow({ mode: "open" });
    #frame = null;
    #origin = "";
    #port = null;
    #asked = new Map();
    #count = 0;
    #ready = null;
    #hear = (event) => this.#meet(event);

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [style];
      this.#root.append(document.createElement("slot"));
      this.#wait();
    }

    connectedCallback() {
      this.#size();
      near.observe(this);
    }

    disconnectedCallback() {
      near.unobserve(this);
      this.#end();
    }

    attributeChangedCallback(name, before, now) {
      if (before === now) return;
      if (name === "height") this.#size();
      else if (!this.#frame) return;
      else if (name === "step") {
        if (now !== null) this.seek(now).catch(() => {});
      } else {
        this.#end();
        near.observe(this);
      }
    }

    /** Goes on by itself. */
    play() { return this.#ask("play"); }
    pause() { return this.#ask("pause"); }
    /** So many events on, or back. */
    step(by = 1) { return this.#ask("step", { by: Number(by) }); }
    /** To the moment after this many events. */
    seek(event) { return this.#ask("seek", { event: Number(event) }); }
    /** What somebody can do, as in a .netsplit file: act({ crash: 0 }, "heal_all"). */
    act(...inputs) { return this.#ask("act", { inputs: inputs.flat() }); }
    getState() { return this.#ask("getState"); }
    /** What getState() or share() gave, or the content of a file. */
    setState(state) { return this.#ask("setState", { state: state.state ?? state }); }
    /** How all checks stand, or one. */
    async check(name) { return (await this.#ask("check", { name })).checks; }
    /** The address of this moment. */
    share() { return this.#ask("share"); }
    /** The stage as an SVG. */
    async snapshot() { return (await this.#ask("snapshot")).svg; }

    /** Makes the frame now, without waiting until somebody is about to see it. */
    load() {
      if (this.#frame || !this.isConnected) return;
      const get = (name) => this.getAttribute(name);
      const address = new URL(get("src") ?? home, document.baseURI);
      address.searchParams.set("view", "embed");
      for (const name of ["controls", "theme", "lang", "motion"]) {
        if (get(name)) address.searchParams.set(name, get(name));
      }
      if (location.origin !== "null") address.searchParams.set("origin", location.origin);
      const path = ["", "lab", get("lab") ?? "", ...(get("scenario") ? [get("scenario")] : [])];
      address.hash = get("state") ?? path.map(encodeURIComponent).join("/");
      this.#origin = address.origin;
      const frame = this.#frame = document.createElement("iframe");
      // In print, a picture that stands inside takes the place of the figure.
      frame.classList.toggle("pictured", this.querySelector("img, svg") !== null);
      frame.title = get("title") ?? `Netsplit: ${get("lab") ?? "a figure"}`;
      frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";
      frame.src = address;
      addEventListener("message", this.#hear);
      this.#root.prepend(frame);
    }

    #wait() {
      const ready = this.#ready = {};
      ready.come = new Promise((resolve, reject) => Object.assign(ready, { resolve, reject }));
      ready.come.catch(() => {});
    }

    #end() {
      removeEventListener("message", this.#hear);
      this.#frame?.remove();
      this.#port?.close();
      const gone = new Error("the figure has been taken away or made anew");
      this.#ready.reject(gone);
      for (const { reject } of this.#asked.values()) reject(gone);
      this.#asked.clear();
      this.#frame = this.#port = null;
      this.#wait();
    }

    #meet({ source, origin, data }) {
      if (source !== this.#frame?.contentWindow || origin !== this.#origin) return;
      if (data?.netsplit !== 1 || data.type !== "hello") return;
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
      if (type === "key" && DECK.test(payload.key)) {
        this.dispatchEvent(new KeyboardEvent("keydown", { ...payload, bubbles: true, composed: true, cancelable: true }));
      }
      if (!EVENTS.includes(type)) return;
      if (type === "resize") this.#size(payload.height);
      if (type === "ready" && this.hasAttribute("step")) {
        payload = await this.#post("seek", { event: Number(this.getAttribute("step")) }).catch(() => payload);
        if (port !== this.#port) return;
      }
      if (type === "ready" || type === "error") this.#frame?.classList.add("shown");
      if (type === "ready") this.#ready.resolve();
      if (type === "error") this.#ready.reject(new Error(payload.message));
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

    /** The height that the page asks for, or the one that suits the width. */
    #size(suits = 440) {
      const asked = Number.parseFloat(this.getAttribute("height"));
      this.style.blockSize = `${Math.min(Math.max(asked || suits, 100), 4000)}px`;
    }
  }

  if (!customElements.get("netsplit-lab")) customElements.define("netsplit-lab", NetsplitLab);
})();
