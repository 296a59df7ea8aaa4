// Files are sent one by one as soon as they are chosen or dropped; without script the same forms send them together.
"use strict";

(() => {
  if (!window.uploads) return;
  const { add, all, differs, isPicture, list, next, offer, pagesOf, paperOf, refuse, words } = window.uploads;

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
    tell();
  }

  function chosen(form) {
    const files = Array.from(form.elements.files.files);
    const pictures = files.filter(isPicture);
    if (pictures.length > 1 && form.elements.files.accept.includes(".pdf")) {
      wait(form, pictures);
      form.elements.join.focus();
      const others = files.filter((file) => !pictures.includes(file));
      for (const file of others) add(paperOf(form), form, [file]);
      if (others.length) next();
    } else if (files.length) begin(form);
    tell();
  }

  // Several pictures wait for the answer whether they are one document; what else was chosen with them does not.
  function wait(form, pictures) {
    const kept = new DataTransfer();
    for (const file of pictures) kept.items.add(file);
    form.elements.files.files = kept.files;
    offer(form, pictures);
  }

  // A telephone opens its camera at once; other files are still chosen below.
  function openCamera(form, button) {
    const input = form.elements.files;
    const taken = input.accept;
    button.hidden = false;
    button.addEventListener("click", () => {
      input.accept = "image/*";
      input.setAttribute("capture", "environment");
      input.click();
      input.accept = taken;
      input.removeAttribute("capture");
    });
  }

  function bind(form) {
    form.querySelector("[data-plain]").hidden = true;
    form.querySelector("[data-drop-hint]").hidden = false;
    offer(form, []);
    form.elements.files.addEventListener("change", () => chosen(form));
    for (const button of all("[data-camera]", form)) openCamera(form, button);
    form.addEventListener("submit", (event) => {
      if (!form.elements.files.files.length) return;
      event.preventDefault();
      begin(form);
    });
  }

  list.addEventListener("uploads:replaced", (event) => {
    all("form[data-upload]", event.target).forEach(bind);
    for (const [id, files] of event.detail.chosen) {
      const input = document.getElementById(id);
      if (input && files.length) wait(input.form, Array.from(files));
      if (!input) for (const file of files) refuse(event.detail.paper, file.name, words.noRoom);
    }
    tell();
  });

  // ---- Pictures that wait are told, and not left by mistake ----
  const pending = document.getElementById("uploads-pending");
  const waitingPictures = () =>
    all("form[data-upload]", list).reduce((sum, form) => sum + form.elements.files.files.length, 0);

  function tell() {
    const [pictures, days] = [waitingPictures(), unsavedDays()];
    const lines = [];
    if (pictures) lines.push(pending.dataset.pictures.replace("{count}", pictures));
    if (days) lines.push(pending.dataset.days.replace("{count}", days));
    pending.textContent = lines.join(" ");
    pending.hidden = !lines.length;
  }

  const unsaved = (form) => all("input, select", form).some(differs);
  const unsavedDays = () => all("form[data-day]", list).filter(unsaved).length;

  list.addEventListener("input", tell);
  window.addEventListener("beforeunload", (event) => {
    if (waitingPictures() || unsavedDays()) event.preventDefault();
  });

  // ---- Dropping: anywhere on a paper ----
  const carriesFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");

  function placeFor(event) {
    const place = event.target instanceof Element ? event.target : event.target.parentElement;
    const paper = place && paperOf(place);
    return paper && (place.closest("form[data-upload]") || paper.querySelector("form[data-upload]"));
  }

  // All at once: the server says which is which.
  function allAt(event) {
    const place = event.target instanceof Element ? event.target : event.target.parentElement;
    return place && place.closest("[data-drop-all]");
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
    event.dataTransfer.dropEffect = form || allAt(event) ? "copy" : "none";
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
    const every = allAt(event);
    if (form) dropped(form, event.dataTransfer);
    else if (every) {
      every.elements.files.files = event.dataTransfer.files;
      every.requestSubmit();
    }
  });
  // What was chosen is not left behind unsent.
  for (const every of all("[data-drop-all]", document)) {
    every.elements.files.addEventListener("change", () => every.requestSubmit());
  }

  // A file may have been chosen before this script came, on a slow line, or be put back by the browser:
  // it is sent, too.
  for (const form of all("form[data-upload]", list)) {
    bind(form);
    chosen(form);
  }
  Object.assign(window.uploads, { tell });
})();
