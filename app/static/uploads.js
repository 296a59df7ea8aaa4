// Files are sent one by one as soon as they are chosen or dropped; without script the same forms send them together.
"use strict";

(() => {
  const list = document.querySelector("[data-uploads]");
  if (!list) return;
  const words = list.dataset;
  const status = document.getElementById("uploads-status");
  const MOST_AT_ONCE = 2;
  const TRY_AGAIN_AFTER = [1000, 4000]; // milliseconds, after a lost connection
  const SILENT_FOR = 60000; // milliseconds without a byte sent or an answer, then the connection counts as lost
  const BUSY = [408, 429, 500, 502, 503, 504];
  const MIB = 1048576;
  const all = (selector, root) => Array.from(root.querySelectorAll(selector));
  const paperOf = (node) => node.closest(".uploads > li");
  const jobs = [];
  const going = (job) => ["waiting", "sending", "again"].includes(job.state);

  // Also where crypto.randomUUID is not: on a test server without TLS.
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // ---- A row for each sending ----
  function row(paper, name) {
    const made = document.getElementById("sending-row").content.firstElementChild.cloneNode(true);
    made.querySelector("[data-name]").textContent = name;
    all(".visually-hidden", made).forEach((place) => { place.textContent = ` ${name}`; });
    paper.querySelector("[data-sendings]").append(made);
    return made;
  }

  function show(job, state, text, reason = "") {
    job.state = state;
    const bar = job.row.querySelector("progress");
    const why = job.row.querySelector("[data-reason]");
    job.row.querySelector("[data-state]").textContent = text;
    why.textContent = reason;
    why.hidden = !reason;
    why.className = state === "attached" ? "hint" : "error";
    bar.hidden = !going(job);
    job.row.querySelector("[data-cancel]").hidden = !going(job);
    job.row.querySelector("[data-retry]").hidden = !["lost", "cancelled"].includes(state);
    job.row.querySelector("[data-dismiss]").hidden = going(job);
    job.row.dataset.state = state;
  }

  function add(paper, form, files) {
    const name = files.map((file) => file.name).join(", ");
    const fields = Array.from(new FormData(form)).filter(([field]) => field !== "files" && field !== "join");
    const job = { paper, url: form.action, fields, files, key: newKey(), row: row(paper, name), tries: 0 };
    jobs.push(job);
    job.row.querySelector("[data-cancel]").addEventListener("click", () => cancel(job));
    job.row.querySelector("[data-retry]").addEventListener("click", () => again(job));
    job.row.querySelector("[data-dismiss]").addEventListener("click", () => dismiss(job));
    const limit = files.length > 1 ? { bytes: words.together, text: words.togetherText } : { bytes: form.dataset.upload, text: form.dataset.limit };
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > Number(limit.bytes)) {
      const text = words.tooLarge.replace("{size}", (size / MIB).toFixed(1)).replace("{limit}", limit.text);
      show(job, "refused", words.notTaken, text);
    } else show(job, "waiting", words.waiting);
  }

  function cancel(job) {
    clearTimeout(job.timer);
    if (job.xhr) job.xhr.abort();
    show(job, "cancelled", words.cancelled);
    job.row.querySelector("[data-retry]").focus();
    next(job);
  }

  function again(job) {
    job.tries = 0;
    show(job, "waiting", words.waiting);
    job.row.querySelector("[data-cancel]").focus();
    next();
  }

  function dismiss(job) {
    jobs.splice(jobs.indexOf(job), 1);
    job.row.remove();
    job.paper.querySelector(".upload-title").focus();
  }

  // ---- Sending ----
  function next(ended) {
    if (ended) ended.xhr = null;
    const free = MOST_AT_ONCE - jobs.filter((job) => job.state === "sending").length;
    jobs.filter((job) => job.state === "waiting").slice(0, Math.max(free, 0)).forEach(send);
    if (ended && !jobs.some((job) => job.paper === ended.paper && going(job))) settle(ended.paper);
  }

  function body(job) {
    const data = new FormData();
    job.fields.forEach(([name, value]) => data.append(name, value));
    data.set("key", job.key);
    if (job.files.length > 1) data.set("join", "y");
    job.files.forEach((file) => data.append("files", file));
    return data;
  }

  function send(job) {
    const xhr = new XMLHttpRequest();
    const bar = job.row.querySelector("progress");
    const watch = () => {
      clearTimeout(job.timer);
      job.timer = setTimeout(() => { xhr.onabort = () => lost(job); xhr.abort(); }, SILENT_FOR);
    };
    job.xhr = xhr;
    bar.value = 0;
    show(job, "sending", words.sending);
    xhr.open("POST", job.url);
    xhr.setRequestHeader("Accept", "application/json");
    xhr.upload.onprogress = (event) => {
      watch();
      if (!event.lengthComputable || job.xhr !== xhr) return;
      bar.value = (100 * event.loaded) / event.total;
      job.row.querySelector("[data-state]").textContent = `${words.sending} ${Math.floor(bar.value)} %`;
    };
    xhr.upload.onload = () => {
      watch();
      bar.removeAttribute("value");
      job.row.querySelector("[data-state]").textContent = words.checking;
    };
    xhr.onload = () => answered(job, xhr);
    xhr.onerror = () => lost(job);
    watch();
    xhr.send(body(job));
  }

  function answered(job, xhr) {
    clearTimeout(job.timer);
    let answer = null;
    try { answer = JSON.parse(xhr.responseText); } catch { /* a page, not an answer of ours */ }
    if (BUSY.includes(xhr.status)) return lost(job, words.failed);
    if (answer && xhr.status === 200) show(job, "attached", words.attached, answer.notes.join(" "));
    else if (answer && answer.message) show(job, "refused", words.notTaken, answer.message);
    else show(job, "refused", words.notTaken, words.signedOut);
    next(job);
  }

  // The key stays the same: should the answer alone have been lost, the file is not attached twice.
  function lost(job, reason = words.lost) {
    clearTimeout(job.timer);
    const wait = TRY_AGAIN_AFTER[job.tries];
    job.tries += 1;
    if (wait === undefined) {
      show(job, "lost", words.notTaken, reason);
      return next(job);
    }
    show(job, "again", words.again);
    job.timer = setTimeout(() => { show(job, "waiting", words.waiting); next(); }, wait);
    next();
  }

  window.addEventListener("online", () => jobs.filter((job) => job.state === "lost").forEach(again));
  window.addEventListener("beforeunload", (event) => { if (jobs.some(going)) event.preventDefault(); });

  // ---- Afterwards the paper is shown as the server has it; what was not attached stays beside it ----
  async function settle(paper) {
    const mine = jobs.filter((job) => job.paper === paper);
    const number = (state) => mine.filter((job) => job.state === state).length;
    const attached = number("attached");
    status.textContent = words.summary.replace("{attached}", attached).replace("{refused}", mine.length - attached);
    const answer = await fetch(words.uploads, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok || jobs.some((job) => job.paper === paper && going(job))) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(paper.id);
    if (!fresh) return;
    document.getElementById("papers-count").replaceChildren(...page.getElementById("papers-count").childNodes);
    replacePaper(paper, fresh, mine.length > attached);
    mine.filter((job) => job.state === "attached").forEach(forget);
  }

  function forget(job) {
    jobs.splice(jobs.indexOf(job), 1);
    if (!job.row.querySelector("[data-reason]").textContent) {
      if (job.row.contains(document.activeElement)) job.paper.querySelector(".upload-title").focus();
      job.row.remove();
    }
  }

  function replacePaper(paper, fresh, keepTyped) {
    const old = paper.querySelector("[data-paper]");
    const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
    const typed = keepTyped ? all(".upload-day input, .upload-day select", old).map((one) => [one.id, one.value]) : [];
    const made = document.importNode(fresh.querySelector("[data-paper]"), true);
    old.replaceWith(made);
    typed.forEach(([id, value]) => {
      const place = document.getElementById(id);
      if (place) place.value = value;
    });
    all("form[data-upload]", made).forEach(bind);
    if (focused !== null) (document.getElementById(focused) || made.querySelector(".upload-title")).focus();
  }

  // ---- Choosing, and joining pictures ----
  const isPicture = (file) => /^image\/(jpeg|png)$/.test(file.type);

  function begin(form) {
    const paper = paperOf(form);
    const input = form.elements.files;
    let files = Array.from(input.files);
    const pictures = form.elements.join.checked ? pagesOf(form) : [];
    if (pictures.length > 1) {
      add(paper, form, pictures);
      files = files.filter((file) => !pictures.includes(file));
    }
    files.forEach((file) => add(paper, form, [file]));
    input.value = "";
    form.elements.join.checked = false;
    offer(form, []);
    next();
  }

  // ---- The order of the pages: by buttons, with a small picture, for the names of photographs tell nothing ----
  const pageRows = (form) => all("[data-join-names] > li", form);
  const pagesOf = (form) => pageRows(form).map((made) => pictureOf.get(made));
  const pictureOf = new WeakMap(); // by row
  let drawn = Promise.resolve(); // one picture after the other: large photographs take memory

  async function draw(canvas, file) {
    const picture = await createImageBitmap(file, { resizeWidth: 96, resizeQuality: "medium" });
    Object.assign(canvas, { width: picture.width, height: picture.height, hidden: false });
    canvas.getContext("2d").drawImage(picture, 0, 0);
    picture.close();
  }

  function pageRow(form, file) {
    const made = document.getElementById("join-row").content.firstElementChild.cloneNode(true);
    pictureOf.set(made, file);
    made.querySelector("[data-name]").textContent = file.name;
    all(".visually-hidden", made).forEach((place) => { place.textContent = ` ${file.name}`; });
    made.querySelector("[data-earlier]").addEventListener("click", () => shift(form, made, made.previousElementSibling, "before"));
    made.querySelector("[data-later]").addEventListener("click", () => shift(form, made, made.nextElementSibling, "after"));
    drawn = drawn.then(() => made.isConnected && draw(made.querySelector("canvas"), file)).catch(() => {});
    return made;
  }

  function shift(form, made, beside, where) {
    const pressed = document.activeElement;
    beside[where](made);
    ends(form);
    const other = all("button", made).find((button) => !button.hidden);
    (pressed.hidden || !made.contains(pressed) ? other : pressed).focus();
    const place = pageRows(form).indexOf(made) + 1;
    status.textContent = words.moved.replace("{name}", pictureOf.get(made).name).replace("{page}", place);
  }

  function ends(form) {
    pageRows(form).forEach((made) => {
      made.querySelector("[data-earlier]").hidden = !made.previousElementSibling;
      made.querySelector("[data-later]").hidden = !made.nextElementSibling;
    });
  }

  function offer(form, pictures) {
    const names = form.querySelector("[data-join-names]");
    names.replaceChildren(...pictures.map((file) => pageRow(form, file)));
    ends(form);
    names.hidden = !pictures.length;
    form.querySelector("[data-join]").hidden = !pictures.length;
    form.querySelector("button[type=submit]").hidden = !pictures.length;
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

  // ---- Dropping: anywhere on a paper ----
  const carriesFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");

  function placeFor(event) {
    const place = event.target instanceof Element ? event.target : event.target.parentElement;
    const paper = place && paperOf(place);
    return paper && (place.closest("form[data-upload]") || paper.querySelector("form[data-upload]"));
  }

  function mark(form) {
    all(".drop-here", list).forEach((old) => old.classList.remove("drop-here"));
    if (form) form.classList.add("drop-here");
  }

  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // also beside a paper: the browser would leave the page for the file
    const form = placeFor(event);
    event.dataTransfer.dropEffect = form ? "copy" : "none";
    mark(form);
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(null); });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(null);
    const form = placeFor(event);
    if (form) dropped(form, event.dataTransfer);
  });

  function dropped(form, transfer) {
    const isFolder = (item) => item.webkitGetAsEntry && item.webkitGetAsEntry() && item.webkitGetAsEntry().isDirectory;
    const items = Array.from(transfer.items).filter((item) => item.kind === "file");
    const kept = new DataTransfer();
    items.forEach((item) => {
      const file = item.getAsFile();
      if (!isFolder(item)) return kept.items.add(file);
      const refused = { paper: paperOf(form), row: row(paperOf(form), file.name) };
      jobs.push(refused);
      refused.row.querySelector("[data-dismiss]").addEventListener("click", () => dismiss(refused));
      show(refused, "refused", words.notTaken, words.folder);
    });
    form.elements.files.files = kept.files;
    chosen(form);
  }

  // A file may have been chosen before this script came, on a slow line, or be put back by the browser: it is sent, too.
  all("form[data-upload]", list).forEach((form) => { bind(form); chosen(form); });
})();
