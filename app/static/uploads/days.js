// The day on a document is kept beside its file, and the page stays; without script the same form is sent.
"use strict";

(() => {
  if (!window.uploads) return;
  const { all, list, paperOf, showAnew, tell } = window.uploads;
  const boxes = (form) => all("input:not([type=hidden]), select", form);

  async function keep(form) {
    const paper = paperOf(form);
    const body = new FormData(form);
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "text/html" } });
    const html = await answer.text();
    form.remove(); // what the answer shows stands in its place, also what was typed wrong
    if (!showAnew(paper, html)) location.reload(); // signed out, or sent meanwhile
    tell();
  }

  list.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-day]")) return;
    event.preventDefault();
    keep(form).catch(() => {
      form.querySelector("[data-day-lost]").hidden = false;
    });
  });

  // What was typed stays typed; a day that was typed while its file was on the way goes to the file's own boxes.
  list.addEventListener("uploads:replaced", (event) => {
    const made = event.target;
    const homeless = [];
    for (const [id, value, typed] of event.detail.typed) {
      const place = document.getElementById(id);
      if (place && typed) place.value = value;
      if (!place && value) homeless.push([id, value]);
    }
    const empty = all("form[data-day]", made).find((form) => boxes(form).every((box) => !box.value));
    if (!empty) return tell();
    for (const [id, value] of homeless) {
      const part = (/-(month|year)$/.exec(id) || [""])[0];
      const box = boxes(empty).find((one) => one.id.endsWith(part) && (part || !/-(month|year)$/.test(one.id)));
      if (box) box.value = value;
    }
    tell();
  });
})();
