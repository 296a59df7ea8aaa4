// A form is asked about before it is sent, and sent once.
// As all of fund.js: every page works without it; texts come from the server, already translated.
"use strict";

(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // ---- Ask before sending: data-confirm on a form or on the pressed button; {name} stands for what was typed ----
  const dialog = document.getElementById("confirm-dialog");
  const agreed = new WeakSet();

  function withTyped(text, form) {
    return text.replace(/\{([\w-]+)\}/g, (whole, name) => (form.elements[name] ? form.elements[name].value : whole));
  }

  function ask(form, submitter, text) {
    dialog.querySelector("#confirm-text").textContent = withTyped(text, form);
    dialog.returnValue = "no";
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "yes") return;
        agreed.add(form);
        form.requestSubmit(submitter);
      },
      { once: true },
    );
    dialog.showModal();
  }

  function confirmFirst(event) {
    const form = event.target;
    const button = event.submitter;
    const text = (button && button.dataset.confirm) || form.dataset.confirm;
    if (event.defaultPrevented || !text || !dialog || !dialog.showModal) return;
    if (agreed.delete(form)) return;
    event.preventDefault();
    ask(form, button, text);
  }

  // ---- A form is sent once. data-repeat marks forms that answer with a download and leave the page standing ----
  const sent = new Set();

  function sendOnce(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "repeat" in form.dataset) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    // Marked, not disabled: a disabled button would fall out of what is being sent.
    all("button:not([type=button])", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  }

  function openAgain() {
    sent.forEach((form) => all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled")));
    sent.clear();
  }

  document.addEventListener("submit", confirmFirst);
  window.addEventListener("submit", sendOnce); // on the window: after everyone who may still stop it
  window.addEventListener("pageshow", openAgain);
})();
