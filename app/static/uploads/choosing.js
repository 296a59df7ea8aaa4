// Files are sent one by one as soon as they are chosen or dropped; without script the same forms send them together.
"use strict";

(() => {
  if (!window.uploads) return;
  const { add, all, isPicture, list, next, offer, pagesOf, paperOf, refuse, words } = window.uploads;

  // ---- Choosing ----
  function begin(form) {
    const paper = paperOf(form);
    const input = form.elements.files;
    let files = Array.from(input.files);
    const pictures = form.elements.join.checked ? pagesOf(form) : [];
    if (pictures.length > 1) {
      add(paper, form, pictures);
      files = files.filter((file) => !pictures.includes(file));
    }
    for (const file of files) add(paper, form, [file]);
    input.value = "";
    form.elements.join.checked = false;
    offer(form, []);
    next();
  }

  function chosen(form) {
    const files = Array.from(form.elements.files.files);
    const pictures = files.filter(isPicture);
    if (pictures.length > 1 && form.elements.files.accept.includes(".pdf")) {
      offer(form, pictures);
      form.elements.join.focus();
    } else if (files.length) begin(form);
  }

  function bind(form) {
    form.querySelector("[data-plain]").hidden = true;
    form.querySelector("[data-drop-hint]").hidden = false;
    offer(form, []);
    form.elements.files.addEventListener("change", () => chosen(form));
    form.addEventListener("submit", (event) => {
      if (!form.elements.files.files.length) return;
      event.preventDefault();
      begin(form);
    });
  }

  list.addEventListener("uploads:replaced", (event) => all("form[data-upload]", event.target).forEach(bind));

  // ---- Dropping: anywhere on a paper ----
  const carriesFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");

  function placeFor(event) {
    const place = event.target instanceof Element ? event.target : event.target.parentElement;
    const paper = place && paperOf(place);
    return paper && (place.closest("form[data-upload]") || paper.querySelector("form[data-upload]"));
  }

  function mark(form) {
    for (const old of all(".drop-here", list)) old.classList.remove("drop-here");
    if (form) form.classList.add("drop-here");
  }

  function isFolder(item) {
    const entry = item.webkitGetAsEntry && item.webkitGetAsEntry();
    return Boolean(entry && entry.isDirectory);
  }

  function dropped(form, transfer) {
    const kept = new DataTransfer();
    for (const item of Array.from(transfer.items).filter((one) => one.kind === "file")) {
      const file = item.getAsFile();
      if (isFolder(item)) refuse(paperOf(form), file.name, words.folder);
      else kept.items.add(file);
    }
    form.elements.files.files = kept.files;
    chosen(form);
  }

  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // also beside a paper: the browser would leave the page for the file
    const form = placeFor(event);
    event.dataTransfer.dropEffect = form ? "copy" : "none";
    mark(form);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) mark(null);
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(null);
    const form = placeFor(event);
    if (form) dropped(form, event.dataTransfer);
  });

  // A file may have been chosen before this script came, on a slow line, or be put back by the browser:
  // it is sent, too.
  for (const form of all("form[data-upload]", list)) {
    bind(form);
    chosen(form);
  }
})();
