// The browser's own button for files speaks the browser's language: ours stands in its place and presses it.
"use strict";

(() => {
  function dress(input, word) {
    const button = document.createElement("span");
    const names = document.createElement("span");
    button.className = "button button-secondary";
    button.setAttribute("aria-hidden", "true");
    button.textContent = word;
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
