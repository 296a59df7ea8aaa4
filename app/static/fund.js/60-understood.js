// Numbers and days are said back as the form will read them: data-understood="<kind>" on a box or on a date's boxes.
// One reader, the server's. What was probably meant is taken by one press: data-take="<id>" data-value="<text>".
"use strict";

(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const TYPING_MS = 400;
  const address = document.getElementById("main").dataset.understoodAt;

  // A day goes into its three boxes.
  function take(id, text) {
    const first = document.getElementById(id);
    const boxes = [first, document.getElementById(`${id}-month`), document.getElementById(`${id}-year`)];
    const parts = boxes[1] ? text.split("/") : [text];
    parts.forEach((part, place) => {
      boxes[place].value = part;
    });
    first.dispatchEvent(new Event("input", { bubbles: true }));
    first.focus();
  }

  function offerButton(id, answer) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button button-secondary", textContent: answer.take });
    button.addEventListener("click", () => take(id, answer.offer));
    return button;
  }

  function question(boxes) {
    const controls = boxes.matches(".date-boxes") ? all("input, select", boxes) : [boxes];
    const query = new URLSearchParams({ kind: boxes.dataset.understood, unit: boxes.dataset.unit || "" });
    const names = ["typed-day", "typed-month", "typed-year"];
    controls.forEach((control, place) => {
      query.set(controls.length > 1 ? names[place] : "typed", control.value);
    });
    const whole = controls.every((control) => control.value) || /[^0-9๐-๙\s]/.test(controls[0].value);
    return { id: controls[0].id, query: whole ? query : null };
  }

  function listen(boxes) {
    const { id } = question(boxes);
    const place = document.getElementById(`${id}-echo`);
    let timer = 0;
    let asked = 0;
    async function say() {
      const turn = ++asked;
      const { query } = question(boxes);
      const reply = query && (await fetch(`${address}?${query}`, { headers: { Accept: "application/json" } }));
      if (turn !== asked || (reply && !reply.ok)) return;
      const answer = reply ? await reply.json() : { echo: "", problem: "" };
      place.replaceChildren(answer.echo || answer.problem);
      if (answer.offer) place.append(" ", offerButton(id, answer));
      place.hidden = !place.textContent;
    }
    boxes.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => say().catch(() => {}), TYPING_MS); // without an answer the form itself still tells
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    all("[data-understood]").forEach((boxes) => {
      if (document.getElementById(`${question(boxes).id}-echo`)) listen(boxes);
    });
    all("[data-take]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => take(button.dataset.take, button.dataset.value));
    });
  });
})();
