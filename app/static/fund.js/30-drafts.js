// Drafts save by themselves: data-autosave="<url>" on the form.
"use strict";

(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  const IDLE_MS = 1500;
  const RETRY_MS = 20000;

  function bangkokTime() {
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" }).format(
      new Date(),
    );
  }

  function withoutFiles(form) {
    const data = new FormData(form);
    all("input[type=file]", form).forEach((input) => data.delete(input.name));
    return data;
  }

  function autosave(form) {
    const status = form.querySelector("[data-autosave-status]");
    const alert = form.querySelector("[data-autosave-error]");
    let timer = 0;
    let unsaved = false;
    let failed = false;
    let leaving = false;
    let running = false;
    let waiting = null; // the pressed button, when the person sends while a draft is being saved

    const later = (delay) => {
      clearTimeout(timer);
      timer = setTimeout(save, delay);
    };

    function succeeded(answer) {
      failed = false;
      if (alert) alert.hidden = true;
      const version = form.elements.namedItem("version");
      if (version && answer.version !== undefined) version.value = answer.version;
      const opened = form.elements.namedItem("opened");
      if (opened && answer.opened !== undefined) opened.value = answer.opened;
      if (answer.edit) become(answer);
      if (status) status.textContent = status.dataset.text.replace("{time}", answer.saved_at || bangkokTime());
    }

    // A new form whose first draft is stored is that draft's form from now on.
    function become(answer) {
      form.setAttribute("action", answer.edit);
      form.dataset.autosave = answer.autosave;
      delete form.dataset.autosaveNew;
      delete form.dataset.warnUnsaved;
      history.replaceState(null, "", answer.edit);
    }

    function refused(message) {
      failed = true;
      unsaved = true;
      if (status) status.textContent = "";
      if (!alert) return;
      alert.textContent = message || alert.dataset.text;
      alert.hidden = false;
    }

    // A new form is not complete yet, which is no failure.
    function notYet() {
      if (status) status.textContent = "";
    }

    async function send() {
      // "manual": a redirect means that the person is no longer signed in, and must not look like success.
      const reply = await fetch(form.dataset.autosave, {
        method: "POST",
        body: withoutFiles(form),
        redirect: "manual",
        credentials: "same-origin",
        headers: { Accept: "application/json", "X-Requested-With": "fetch" },
      });
      const isJson = (reply.headers.get("Content-Type") || "").includes("json");
      return { ok: reply.ok, code: reply.status, answer: isJson ? await reply.json() : {} };
    }

    function take({ ok, code, answer }) {
      if (ok) succeeded(answer);
      else if (code === 422 && "autosaveNew" in form.dataset) notYet();
      else refused(answer.message);
    }

    async function save() {
      if (leaving) return;
      if (running) return later(IDLE_MS);
      running = true;
      unsaved = false;
      if (status && !failed) status.textContent = status.dataset.saving;
      try {
        take(await send());
      } catch {
        if (!leaving) refused("");
      }
      running = false;
      if (waiting) return form.requestSubmit(waiting.submitter);
      if (failed) later(RETRY_MS);
    }

    form.addEventListener("input", () => {
      unsaved = true;
      later(IDLE_MS);
    });
    // Sending waits for a draft on its way: its answer carries the version the server expects next.
    document.addEventListener("submit", (event) => {
      if (event.target !== form || event.defaultPrevented) return;
      clearTimeout(timer);
      if (running) {
        event.preventDefault();
        waiting = { submitter: event.submitter };
        return;
      }
      waiting = null;
      leaving = true;
    });
    window.addEventListener("pageshow", () => {
      leaving = false;
    });
    form.addEventListener("save:lost", () => {
      leaving = false;
      later(RETRY_MS);
    });
    window.addEventListener("online", () => {
      if (failed) later(0);
    });
    window.addEventListener("beforeunload", (event) => {
      if (unsaved && failed && !leaving) event.preventDefault();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    all("form[data-autosave]").forEach(autosave);
  });
})();
