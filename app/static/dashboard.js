// The page brings its charts drawn. Who points at one has it drawn anew, with its figures beside the pointer; a chart
// that the page does not bring is drawn at once. The tables hold the same figures, so nothing is lost when this fails.
"use strict";

(() => {
  const place = document.querySelector("[data-charts]");
  if (!place) return;

  // The bundle reads specifications without building functions, so the page's policy allows no eval.
  const options = {
    ast: true,
    actions: false,
    defaultStyle: false,
    renderer: "svg",
    tooltip: { disableDefaultStyle: true },
  };
  const empty = [...place.querySelectorAll(".chart")].some((box) => !box.firstElementChild);

  function openOnClick(view) {
    view.addEventListener("click", (_event, item) => {
      const datum = item && item.datum;
      // A point that counts no application has no list to open.
      if (datum && datum.url && datum.contracts !== 0) window.location.assign(datum.url);
    });
  }

  async function draw(id, spec) {
    const box = document.getElementById(id);
    const drawn = document.createElement("div");
    drawn.className = "chart-coming";
    box.append(drawn);
    try {
      const result = await window.vegaEmbed(drawn, spec, options);
      openOnClick(result.view);
    } catch (error) {
      drawn.remove();
      throw error;
    }
    // Nothing below moves when the script's drawing is a little lower than the page's.
    box.style.minHeight = `${box.offsetHeight}px`;
    box.replaceChildren(drawn);
    drawn.classList.remove("chart-coming");
  }

  function load(source) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = source;
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => reject(new Error("bundle")));
      document.head.append(script);
    });
  }

  async function start() {
    const [answer] = await Promise.all([
      fetch(place.dataset.charts, { credentials: "same-origin" }),
      load(place.dataset.bundle),
      document.fonts.ready,
    ]);
    if (!answer.ok) throw new Error(String(answer.status));
    const specs = await answer.json();
    await Promise.all(Object.entries(specs).map(([key, spec]) => draw(`chart-${key}`, spec)));
    place.dataset.drawn = "yes";
  }

  function begin() {
    start().catch(() => {
      const notice = document.querySelector("[data-charts-failed]");
      if (!empty) return;
      place.hidden = true;
      if (notice) notice.hidden = false;
    });
  }

  function beginAtPointer(event) {
    // A finger opens what it touches and points at nothing before.
    if (event.pointerType === "touch") return;
    place.removeEventListener("pointerover", beginAtPointer);
    begin();
  }

  place.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-url]");
    if (mark) window.location.assign(mark.dataset.url);
  });
  if (empty) begin();
  else place.addEventListener("pointerover", beginAtPointer);
  place.dataset.ready = "yes";
})();
