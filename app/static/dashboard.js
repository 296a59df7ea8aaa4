// Draws the dashboard's charts. The tables on the page hold the same figures, so nothing is lost when this fails.
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

  function openOnClick(view) {
    view.addEventListener("click", (_event, item) => {
      const datum = item && item.datum;
      // A point that counts no application has no list to open.
      if (datum && datum.url && datum.contracts !== 0) window.location.assign(datum.url);
    });
  }

  async function draw(id, spec) {
    const result = await window.vegaEmbed(`#${id}`, spec, options);
    openOnClick(result.view);
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

  start().catch(() => {
    place.hidden = true;
    const notice = document.querySelector("[data-charts-failed]");
    if (notice) notice.hidden = false;
  });
})();
