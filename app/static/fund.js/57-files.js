// The browser's own button for files speaks the browser's language: ours stands in its place and presses it.
"use strict";

(() => {
  function dress(input, word) {
    const button = document.createElement("span");
    const names = document.createElement("span");
    // Where the label says what to press, the button says it for eyes.
    const label = input.closest(".drop-area") && input.labels[0];
    button.className = "button button-secondary";
    button.setAttribute("aria-hidden", "true");
    button.textContent = label ? label.firstChild.textContent.trim() : word;
    if (label) label.classList.add("visually-hidden");
    names.className = "muted";
    input.classList.add("file-dressed");
    input.after(button, names);
    const tell = () => {
      names.textContent = Array.from(input.files, (file) => file.name).join(", ");
    };
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", tell);
    tell();
  }

  function dressAll(root) {
    const word = document.getElementById("main")?.dataset.chooseFile;
    if (!word) return;
    for (const input of root.querySelectorAll("input[type=file]:not(.file-dressed)")) dress(input, word);
  }

  document.addEventListener("DOMContentLoaded", () => dressAll(document));
  document.addEventListener("uploads:replaced", (event) => dressAll(event.target));
})();
