// Lets a lesson of Netsplit report to a learning platform by SCORM 1.2: status, score, place, and the answers, so that it goes on
// where it was left. What the platform keeps is the lesson's answer file, without runs where they take too much room.
"use strict";
(() => {
  /** As far as the standard's sample looks up. */
  const MOST_LEVELS = 500;
  /** What a platform keeps for sure (CMIString4096). */
  const MOST_CHARACTERS = 4096;

  const began = Date.now();
  const frame = document.getElementById("app");
  const { lesson } = document.body.dataset;
  const say = (sentence) => (document.getElementById("say").textContent = sentence);

  /** The platform's run-time: in a window around this one, or in the one that opened it or around that. */
  const find = (from) => {
    let place = from;
    for (let level = 0; place && level <= MOST_LEVELS; level += 1) {
      try {
        if (place.API) return place.API;
      } catch {
        return null;
      }
      if (!place.parent || place.parent === place) return null;
      place = place.parent;
    }
    return null;
  };
  const api = find(window) ?? (window.top.opener ? find(window.top.opener) : null) ?? (window.opener ? find(window.opener) : null);
  const is_on = api !== null && String(api.LMSInitialize("")) === "true";
  let is_over = false;

  const get = (name) => (is_on ? String(api.LMSGetValue(name) ?? "") : "");
  const set = (name, value) => {
    if (!is_on || is_over) return;
    if (String(api.LMSSetValue(name, String(value))) !== "true") {
      console.warn(`netsplit: the platform refuses ${name}: ${api.LMSGetErrorString(api.LMSGetLastError())}`);
    }
  };
  const commit = () => is_on && !is_over && api.LMSCommit("");

  /** What fits of an answer file: the answers always, and runs from the first on while there is room. */
  const fitting = (text) => {
    if (text.length <= MOST_CHARACTERS) return text;
    const file = JSON.parse(text);
    const done = file.steps.flatMap((step) => step.do ?? []);
    let kept = text;
    for (const task of done.toReversed()) {
      delete task.scenario;
      delete task.at_us;
      kept = JSON.stringify(file);
      if (kept.length <= MOST_CHARACTERS) break;
    }
    say("Your runs take more room than this platform has. Save my answers, at the end of the lesson, keeps them in a file.");
    return kept.length <= MOST_CHARACTERS ? kept : "";
  };

  let best = Number.parseFloat(get("cmi.core.score.raw")) || 0;
  let status = get("cmi.core.lesson_status");

  /** Tells the platform how the lesson stands. What it once has is not taken back. */
  const report = ({ answers, step, right, of, over }) => {
    if (!is_on) return;
    best = Math.max(best, of === 0 ? 0 : Math.round((100 * right) / of));
    if (over && !["passed", "failed"].includes(status)) status = "completed";
    set("cmi.core.score.min", 0);
    set("cmi.core.score.max", 100);
    set("cmi.core.score.raw", best);
    set("cmi.core.lesson_location", step);
    set("cmi.core.lesson_status", status);
    set("cmi.suspend_data", fitting(answers));
    commit();
  };

  const two = (number) => String(number).padStart(2, "0");
  /** How long it was open, as HHHH:MM:SS.SS. */
  const session = () => {
    const hundredths = Math.min(Math.floor((Date.now() - began) / 10), 9999 * 360_000);
    const seconds = Math.floor(hundredths / 100);
    return `${String(Math.floor(seconds / 3600)).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${two(hundredths % 100)}`;
  };
  const finish = () => {
    if (!is_on || is_over) return;
    set("cmi.core.session_time", session());
    set("cmi.core.exit", "suspend");
    commit();
    is_over = true;
    api.LMSFinish("");
  };

  // The app, by the messages of docs/embed.md.
  let port = null;
  let count = 0;
  const asked = new Map();
  const ask = (type, payload = {}) =>
    new Promise((resolve, reject) => {
      count += 1;
      asked.set(count, { resolve, reject });
      port.postMessage({ netsplit: 1, id: count, type, payload });
    });
  const hear = ({ data: { id, type, payload } }) => {
    if (id > 0) {
      const { resolve, reject } = asked.get(id) ?? {};
      asked.delete(id);
      return type === "error" ? reject?.(new Error(payload.message)) : resolve?.(payload);
    }
    if (type === "ready") return void begin().catch((problem) => say(problem.message));
    if (["predict", "check", "complete"].includes(type)) return void ask("answers").then(report, (problem) => say(problem.message));
  };
  let has_begun = false;
  const begin = async () => {
    if (has_begun) return;
    has_begun = true;
    const kept = get("cmi.suspend_data");
    report(kept === "" ? await ask("answers") : await ask("setAnswers", { answers: kept }));
  };
  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || data?.netsplit !== 1) return;
    if (data.type === "error") return void say(data.payload?.message ?? "");
    if (data.type !== "hello") return;
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = hear;
    has_begun = false;
    frame.contentWindow.postMessage({ netsplit: 1, id: 0, type: "init", payload: {} }, "*", [channel.port2]);
  });
  addEventListener("pagehide", finish);
  addEventListener("beforeunload", finish);

  if (!is_on) say("No learning platform was found around this page: nothing is reported.");
  if (["", "not attempted", "browsed"].includes(status)) {
    status = "incomplete";
    set("cmi.core.lesson_status", status);
  }
  const step = Number.parseInt(get("cmi.core.lesson_location"), 10);
  frame.src = `netsplit.html?view=embed#/lesson/${lesson}${step > 0 ? `/${step}` : ""}`;
})();
