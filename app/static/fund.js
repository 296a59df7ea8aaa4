// What the pages do better with script. Every page works without it; texts come from the server, already translated.
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

  // ---- A form with data-live="id" shows an answer while one types: a page is asked, one part of it is taken ----
  // data-live-from is another page than the form's own, data-live-names the only fields it is told,
  // data-live-more what else.
  function liveQuery(form) {
    const typed = new FormData(form);
    if (!form.dataset.liveNames) return new URLSearchParams(typed);
    const names = form.dataset.liveNames.split(" ");
    if (!names.every((name) => typed.get(name))) return null;
    const query = new URLSearchParams(form.dataset.liveMore || "");
    names.forEach((name) => query.set(name, typed.get(name)));
    return query;
  }

  // Something typed before this script came, on a slow line, or put back by the browser.
  function differs(control) {
    if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
    if (control.options) {
      const first = all("option", control).find((one) => one.defaultSelected) || control.options[0] || control;
      return control.value !== first.value;
    }
    return control.type !== "hidden" && "defaultValue" in control && control.value !== control.defaultValue;
  }
  const typedAlready = (form) => Array.from(form.elements).some(differs);

  function liveForm(form) {
    let timer = 0;
    let asked = 0;
    async function refresh() {
      const turn = ++asked;
      const query = liveQuery(form);
      if (!query) return;
      const answer = await fetch(`${form.dataset.liveFrom || form.action}?${query}`, {
        headers: { Accept: "text/html" },
      });
      if (!answer.ok || turn !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(form.dataset.live);
      const old = document.getElementById(form.dataset.live);
      if (fresh && old) old.replaceChildren(...fresh.childNodes);
    }
    function soon() {
      clearTimeout(timer);
      timer = setTimeout(() => refresh().catch(() => {}), 400); // without an answer the button still works
    }
    form.addEventListener("input", soon);
    all("[data-calculate]", form).forEach((button) => button.remove()); // the answer comes by itself
    if (typedAlready(form)) soon();
  }
  all("form[data-live]").forEach(liveForm);

  // ---- Errors: go to the summary first ----
  function showErrors() {
    const summary = document.querySelector(".error-summary");
    if (summary) summary.focus();
  }

  // ---- Menus close by Escape and by pressing elsewhere ----
  function closeMenus(except) {
    all("details.dropdown[open]").forEach((menu) => {
      if (!except || !menu.contains(except)) menu.open = false;
    });
  }

  function escape(event) {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.dropdown[open], details.menu-switch[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  }

  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", escape);

  // ---- Show the password ----
  function passwordButton(button) {
    const input = document.getElementById(button.dataset.showPassword);
    button.hidden = false;
    button.addEventListener("click", () => {
      const show = input.type === "password";
      input.type = show ? "text" : "password";
      button.textContent = show ? button.dataset.hideText : button.dataset.showText;
    });
    // Sent as a password, so that the browser does not remember it as text.
    input.form.addEventListener("submit", () => {
      input.type = "password";
    });
  }

  // ---- One box ticks every row ----
  function checkAll(box) {
    const rows = all("input[name=rowid]", box.closest("form"));
    box.hidden = false;
    box.addEventListener("change", () =>
      rows.forEach((row) => {
        row.checked = box.checked;
      }),
    );
  }

  // ---- Amounts are said back with separators. Text only: no floating point ----
  function grouped(text) {
    const digits = text.replace(/[๐-๙]/g, (d) => String(d.charCodeAt(0) - 0x0e50)).replace(/[\s,]/g, "");
    const parts = /^0*(\d+?)(?:\.(\d{1,2}))?$/.exec(digits);
    if (!parts) return "";
    return parts[1].replace(/\B(?=(\d{3})+$)/g, ",") + (parts[2] ? "." + parts[2].padEnd(2, "0") : "");
  }

  function echo(input) {
    const place = document.getElementById(input.dataset.echo);
    if (!place) return;
    const write = () => {
      const amount = grouped(input.value);
      place.hidden = !amount;
      place.textContent = amount ? `${amount} ${place.dataset.unit || ""}` : "";
    };
    input.addEventListener("input", write);
    write();
  }

  // ---- Drafts save by themselves: data-autosave="<url>" on the form ----
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
      if (status) status.textContent = status.dataset.text.replace("{time}", answer.saved_at || bangkokTime());
    }

    function refused(message) {
      failed = true;
      unsaved = true;
      if (status) status.textContent = "";
      if (!alert) return;
      alert.textContent = message || alert.dataset.text;
      alert.hidden = false;
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
      return { ok: reply.ok, answer: isJson ? await reply.json() : {} };
    }

    async function save() {
      if (leaving) return;
      if (running) return later(IDLE_MS);
      running = true;
      unsaved = false;
      if (status && !failed) status.textContent = status.dataset.saving;
      try {
        const { ok, answer } = await send();
        if (ok) succeeded(answer);
        else refused(answer.message);
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
    window.addEventListener("online", () => {
      if (failed) later(0);
    });
    window.addEventListener("beforeunload", (event) => {
      if (unsaved && failed && !leaving) event.preventDefault();
    });
  }

  // ---- What was typed into a form outlives a sign-in that ended: kept in this tab until the form was taken ----
  const UNSENT = "unsent";

  function currentUser() {
    const who = document.querySelector("[data-user]");
    return who ? who.dataset.user : "";
  }

  // Never passwords, files or what the page itself put in, such as its token and version.
  function typedControls(form) {
    const left = ["password", "hidden", "file", "submit", "button"];
    return Array.from(form.elements).filter((one) => one.name && !left.includes(one.type));
  }

  function keepTyped(event) {
    const form = event.target;
    if (form.action.endsWith("/logout/")) sessionStorage.removeItem(UNSENT);
    if (event.defaultPrevented || !form.matches("form.form") || form.method !== "post" || !currentUser()) return;
    const values = typedControls(form).map((one) => [one.name, one.value, Boolean(one.checked)]);
    sessionStorage.setItem(UNSENT, JSON.stringify({ path: location.pathname, user: currentUser(), values }));
  }

  function putBack(form, values) {
    const controls = typedControls(form);
    if (controls.length !== values.length) return;
    controls.forEach((one, place) => {
      const [name, value, checked] = values[place];
      if (one.name !== name) return;
      if (one.type === "checkbox" || one.type === "radio") one.checked = checked;
      else one.value = value;
      one.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function offerTyped(form, values) {
    const offer = document.getElementById("unsent-offer").content.firstElementChild.cloneNode(true);
    offer.addEventListener("click", (event) => {
      const choice = event.target.dataset.unsent;
      if (!choice) return;
      if (choice === "put-back") putBack(form, values);
      sessionStorage.removeItem(UNSENT);
      offer.remove();
    });
    form.before(offer);
  }

  function lookForTyped() {
    const kept = JSON.parse(sessionStorage.getItem(UNSENT) || "null");
    if (!kept) return;
    if (document.querySelector("[data-session-ended]")) {
      sessionStorage.setItem(UNSENT, JSON.stringify({ ...kept, late: true }));
      return;
    }
    if (!currentUser()) return;
    const form = document.querySelector("form.form");
    // Not late: the form was taken, or came back with its values and the reason.
    if (!kept.late || kept.user !== currentUser()) sessionStorage.removeItem(UNSENT);
    else if (form && kept.path === location.pathname) offerTyped(form, kept.values);
  }

  window.addEventListener("submit", keepTyped);

  // ---- A new form asks before it is left with something typed: data-warn-unsaved ----
  function warnUnsaved(form) {
    let typed = typedAlready(form);
    form.addEventListener("input", () => {
      typed = true;
    });
    window.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) typed = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (typed) event.preventDefault();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    all("[data-show-password]").forEach(passwordButton);
    all("[data-check-all]").forEach(checkAll);
    all("[data-echo]").forEach(echo);
    all("form[data-autosave]").forEach(autosave);
    all("form[data-warn-unsaved]").forEach(warnUnsaved);
    lookForTyped();
    showErrors();
  });
})();
