// What is left of a text's limit, or by how much it is too long: data-longest on a textarea. Nothing is cut.
"use strict";

(() => {
  const TELL_FROM = 0.8; // of the limit

  function counter(area) {
    const limit = Number(area.dataset.longest);
    const place = document.createElement("p");
    place.className = "hint counter";
    place.setAttribute("role", "status");
    area.after(place);
    function count() {
      const left = limit - Array.from(area.value).length;
      const text = left < 0 ? area.dataset.over : area.dataset.left;
      place.hidden = left > limit * (1 - TELL_FROM);
      place.textContent = place.hidden ? "" : text.replace("{count}", Math.abs(left).toLocaleString("en"));
      place.classList.toggle("too-long", left < 0);
    }
    area.addEventListener("input", count);
    count();
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const area of document.querySelectorAll("textarea[data-longest]")) counter(area);
  });
})();
