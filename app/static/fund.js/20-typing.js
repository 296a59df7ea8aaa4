// What is answered while one types, and asked before it is left.
"use strict";

(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // ---- A form with data-live="id" shows an answer while one types: a page is asked, one part of it is taken ----
  // data-live-from is the page that is asked, data-live-names the only fields it is told,
  // data-live-also those that may be empty, data-live-more what else.
  function liveQuery(form) {
    const typed = new FormData(form);
    if (!form.dataset.liveNames) return new URLSearchParams(typed);
    const names = form.dataset.liveNames.split(" ");
    if (!names.every((name) => typed.get(name))) return null;
    const query = new URLSearchParams(form.dataset.liveMore || "");
    const also = (form.dataset.liveAlso || "").split(" ").filter((name) => typed.get(name));
    [...names, ...also].forEach((name) => query.set(name, typed.get(name)));
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
      const answer = await fetch(`${form.dataset.liveFrom}?${query}`, {
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
      if (typed && "warnUnsaved" in form.dataset) event.preventDefault();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    all("form[data-warn-unsaved]").forEach(warnUnsaved);
  });
})();
