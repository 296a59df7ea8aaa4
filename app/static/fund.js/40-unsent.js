// What was typed into a form outlives a sign-in that ended: kept in this tab until the form was taken.
"use strict";

(() => {
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
    if (form.getAttribute("action")?.endsWith("/logout/")) sessionStorage.removeItem(UNSENT);
    const posts = form.matches("form.form") && form.getAttribute("method") === "post";
    if (event.defaultPrevented || !posts || !currentUser()) return;
    keep(form, false);
  }

  function keep(form, late) {
    const values = typedControls(form).map((one) => [one.name, one.value, Boolean(one.checked)]);
    sessionStorage.setItem(UNSENT, JSON.stringify({ path: location.pathname, user: currentUser(), values, late }));
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
  document.addEventListener("save:lost", (event) => keep(event.target, true)); // should the page be left all the same
  document.addEventListener("save:taken", () => sessionStorage.removeItem(UNSENT));

  document.addEventListener("DOMContentLoaded", () => {
    lookForTyped();
  });
})();
