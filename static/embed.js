// The live examples of embed.html.
"use strict";
(() => {
  const lab = document.getElementById("lab");
  const answer = document.getElementById("answer");
  const events = document.getElementById("events");
  const picture = document.getElementById("picture");
  let kept = null;

  // What stands on a button is what it does; written out here, since no text is run as code.
  const DOES = {
    "lab.play()": () => lab.play(),
    "lab.pause()": () => lab.pause(),
    "lab.step()": () => lab.step(),
    "lab.step(-1)": () => lab.step(-1),
    "lab.seek(10)": () => lab.seek(10),
    "lab.act({ crash: 0 })": () => lab.act({ crash: 0 }),
    "lab.act({ restart: 0 }, { pause: 1 })": () => lab.act({ restart: 0 }, { pause: 1 }),
    "lab.getState()": async () => (kept = await lab.getState()),
    "lab.setState(kept)": async () => lab.setState(kept ?? (await lab.getState())),
    "lab.check()": () => lab.check(),
    "lab.share()": () => lab.share(),
    "lab.snapshot()": () => lab.snapshot(),
  };

  for (const button of document.querySelectorAll("#methods button")) {
    const { code } = button.dataset;
    button.textContent = code;
    button.addEventListener("click", async () => {
      picture.replaceChildren();
      try {
        const value = await DOES[code]();
        answer.textContent = typeof value === "string" ? `${value.slice(0, 400)}…` : JSON.stringify(value, null, 1);
        if (typeof value === "string") {
          const image = new Image();
          image.alt = "The stage at this moment";
          image.src = `data:image/svg+xml,${encodeURIComponent(value)}`;
          picture.append(image);
        }
      } catch (problem) {
        answer.textContent = problem.message;
      }
    });
  }

  for (const field of document.querySelectorAll("#attributes [name]")) {
    field.addEventListener("change", () => {
      if (field.name === "lab") lab.removeAttribute("scenario");
      if (field.value === "") lab.removeAttribute(field.name);
      else lab.setAttribute(field.name, field.value);
    });
  }

  for (const kind of ["ready", "step", "action", "branch", "check", "complete", "resize", "error"]) {
    lab.addEventListener(kind, ({ detail }) => {
      events.textContent = `${kind} ${JSON.stringify(detail)}\n${events.textContent}`.slice(0, 6000);
    });
  }
})();
