// A form is asked about before it is sent, and sent once.
"use strict";

(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const SENDING = "button:not([type=button])";

  // ---- Ask before sending: data-confirm on a form or on the pressed button. {name} stands for what was typed in that
  // control, as the server reads it; {ticked} for how many rows are ticked. One button names the act, one its opposite.
  const dialog = document.getElementById("confirm-dialog");
  const canAsk = dialog && dialog.showModal;
  const agreed = new WeakSet();
  const NAMED = /\{([\w-]+)\}/g;

  function filledIn(text, form, values) {
    const ticked = () => all("input[type=checkbox][name=rowid]:checked", form).length;
    return text.replace(NAMED, (whole, name) => {
      if (name === "ticked") return ticked();
      const control = form.elements[name];
      return control ? (values.get(name) ?? control.value) : whole;
    });
  }

  // What the server understands of each control that the question names; null when it would refuse one of them.
  async function understood(text, form) {
    const values = new Map();
    const address = document.getElementById("main").dataset.understoodAt;
    for (const [, name] of text.matchAll(NAMED)) {
      const control = form.elements[name];
      if (!control || !control.dataset.understood) continue;
      const { understood: kind, unit = "", most = "" } = control.dataset;
      const query = new URLSearchParams({ kind, unit, most, typed: control.value });
      const reply = await fetch(`${address}?${query}`, { headers: { Accept: "application/json" } });
      if (!reply.ok) continue;
      const { spoken } = await reply.json();
      if (!spoken) return null;
      values.set(name, spoken);
    }
    return values;
  }

  function send(form, submitter) {
    agreed.add(form);
    form.requestSubmit(submitter);
  }

  async function ask(form, submitter, text, decline) {
    // Without a network the question is asked all the same.
    const values = await understood(text, form).catch(() => new Map());
    if (!values) return send(form, submitter); // the page that comes back says what is wrong with it
    const act = submitter || form.querySelector(SENDING);
    const [yes, no] = all("button", dialog);
    if (act) {
      dialog.querySelector("#confirm-title").textContent = act.textContent.trim();
      yes.textContent = act.firstChild.textContent.trim();
      yes.classList.toggle("button-danger", act.matches(".button-danger"));
    }
    if (decline) no.textContent = decline;
    dialog.querySelector("#confirm-text").textContent = filledIn(text, form, values);
    dialog.returnValue = "no";
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue === "yes") send(form, submitter);
      },
      { once: true },
    );
    dialog.showModal();
  }

  function confirmFirst(event) {
    const form = event.target;
    const button = event.submitter;
    const from = button && button.dataset.confirm ? button : form;
    const text = from.dataset.confirm;
    if (event.defaultPrevented || !text) return;
    if (agreed.delete(form)) return;
    if (canAsk) event.preventDefault();
    if (canAsk) ask(form, button, text, from.dataset.decline);
    else if (!window.confirm(filledIn(text, form, new Map()))) event.preventDefault();
  }

  // ---- A form is sent once. data-repeat marks forms that answer with a download and leave the page standing ----
  const sent = new Set();

  function sendOnce(event) {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post" || "repeat" in form.dataset) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    // Marked, not disabled: a disabled button would fall out of what is being sent.
    all(SENDING, form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  }

  function openAgain() {
    sent.forEach((form) => all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled")));
    sent.clear();
  }

  document.addEventListener("submit", confirmFirst);
  window.addEventListener("submit", sendOnce); // on the window: after everyone who may still stop it
  window.addEventListener("pageshow", openAgain);
})();
