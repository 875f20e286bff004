// The buttons of cap.html, which act on both figures.
"use strict";
(() => {
  const read = (node, from) => ({ operate: { node, action: "get", values: ["x", from] } });
  // The clients have other numbers, since one of the systems has an observer too; each asks on its own side of the cut.
  const FIGURES = [
    { lab: document.getElementById("consistent"), reads: [read(6, "S1"), read(7, "S4")] },
    { lab: document.getElementById("available"), reads: [read(5, "S2"), read(6, "S5")] },
  ];
  const DEEDS = {
    back: ({ lab }) => lab.step(-1),
    step: ({ lab }) => lab.step(),
    play: ({ lab }) => lab.play(),
    pause: ({ lab }) => lab.pause(),
    read: ({ lab, reads }) => Promise.all(reads.map((input) => lab.act(input))),
    heal: ({ lab }) => lab.act("heal_all"),
  };
  const problem = document.getElementById("problem");

  for (const button of document.querySelectorAll("#deeds button")) {
    button.addEventListener("click", async () => {
      const outcomes = await Promise.allSettled(FIGURES.map(DEEDS[button.dataset.deed]));
      problem.textContent = outcomes.map(({ reason }) => reason?.message ?? "").filter(Boolean).join(" ");
    });
  }
})();
