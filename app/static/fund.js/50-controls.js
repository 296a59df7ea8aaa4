// What single controls do: menus, the summary of errors, passwords, boxes to tick.
"use strict";

(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

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

  // ---- Errors: go to the summary first ----
  function showErrors() {
    const summary = document.querySelector(".error-summary");
    if (summary) summary.focus();
  }

  // ---- What the chosen programme lends stands beside the fields, of the others nothing ----
  function limitsOf(select) {
    const show = () =>
      all("[data-programme]", select.form).forEach((part) => {
        part.hidden = part.dataset.programme !== select.value && (select.value !== "" || !part.matches("div"));
      });
    select.addEventListener("change", show);
    show();
  }

  // ---- An answer that was asked for by its place in the address is gone to, by the keyboard, too ----
  function showAnswer() {
    const answer = document.getElementById(window.location.hash.slice(1));
    if (answer?.matches("[data-answer]")) answer.focus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    all("select[data-limits]").forEach(limitsOf);
    showAnswer();
    all("[data-show-password]").forEach(passwordButton);
    all("[data-check-all]").forEach(checkAll);
    showErrors();
  });
})();
