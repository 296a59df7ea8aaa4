// A save that does not reach the server leaves the page, and what was typed, as they are: data-stay on a form.
"use strict";

(() => {
  const passing = new WeakSet(); // goes on as the browser sends it: its answer is a page to show
  const sending = new WeakSet();

  function lost(form) {
    if (!form.querySelector("[data-save-lost]")) {
      const told = document.getElementById("save-lost").content.firstElementChild.cloneNode(true);
      const buttons = form.querySelectorAll(".buttons");
      (buttons[buttons.length - 1] || form.lastElementChild).before(told);
    }
    form.dispatchEvent(new CustomEvent("save:lost", { bubbles: true }));
  }

  async function send(form, submitter) {
    const body = new FormData(form);
    if (submitter && submitter.name) body.append(submitter.name, submitter.value);
    const reply = await fetch(form.getAttribute("action") || window.location.href, {
      method: "POST",
      body,
      headers: { Accept: "text/html", "X-Stay": "y" },
    });
    if (reply.status >= 500) return lost(form);
    const to = reply.headers.get("X-Location");
    if (!to) {
      passing.add(form);
      return form.requestSubmit(submitter);
    }
    delete form.dataset.warnUnsaved;
    form.dispatchEvent(new CustomEvent("save:taken", { bubbles: true }));
    location.assign(to);
  }

  function stay(event) {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-stay]") || passing.delete(form)) return;
    event.preventDefault();
    if (sending.has(form)) return;
    sending.add(form);
    send(form, event.submitter)
      .catch(() => lost(form))
      .finally(() => sending.delete(form));
  }

  // After everyone who waits for something before sending, such as a question or a draft on its way.
  document.addEventListener("DOMContentLoaded", () => document.addEventListener("submit", stay));
})();
