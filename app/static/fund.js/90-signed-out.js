// What a person saw is not shown again from a browser's memory of pages, whoever sits there by then.
"use strict";

(() => {
  // Safari keeps pages whole that no other browser keeps, also those that were sent with "no-store".
  const personal = () => document.querySelector("[data-user]");

  window.addEventListener("pagehide", (event) => {
    if (event.persisted && personal()) document.documentElement.hidden = true; // nothing flashes up
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && personal()) location.reload();
  });
})();
