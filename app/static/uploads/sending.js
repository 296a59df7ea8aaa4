// The files on their way: two at a time, tried again after a lost connection, and the paper shown anew afterwards.
"use strict";

(() => {
  if (!window.uploads) return;
  const { all, announce, focusOn, focusOnPaper, going, newRow, onPress, progress, say, show, words } = window.uploads;
  const MOST_AT_ONCE = 2;
  const TRY_AGAIN_AFTER = [1000, 4000]; // milliseconds, after a lost connection
  const SILENT_FOR = 60000; // milliseconds without a byte sent or an answer, then the connection counts as lost
  const BUSY = [408, 429, 500, 502, 503, 504];
  const MIB = 1048576;
  const jobs = [];
  const jobsOf = (paper) => jobs.filter((job) => job.paper === paper);

  // Whether a box holds something else than the server put there.
  function differs(control) {
    if (!control.options) return control.value !== control.defaultValue;
    const first = all("option", control).find((one) => one.defaultSelected) || control.options[0];
    return Boolean(first) && control.value !== first.value;
  }

  // Also where crypto.randomUUID is not: on a test server without TLS.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // ---- What a person does with a row ----
  function add(paper, form, files) {
    const name = files.map((file) => file.name).join(", ");
    const fields = Array.from(new FormData(form)).filter(([field]) => field !== "files" && field !== "join");
    const job = {
      paper,
      url: form.getAttribute("action"),
      fields,
      files,
      key: newKey(),
      row: newRow(paper, name),
      tries: 0,
    };
    jobs.push(job);
    onPress(job, "cancel", cancel);
    onPress(job, "retry", again);
    onPress(job, "dismiss", dismiss);
    const refusal = tooLarge(form, files);
    if (refusal) show(job, "refused", words.notTaken, refusal);
    else show(job, "waiting", words.waiting);
  }

  function tooLarge(form, files) {
    const together = files.length > 1;
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size <= Number(together ? words.together : form.dataset.upload)) return "";
    const limit = together ? words.togetherText : form.dataset.limit;
    return words.tooLarge.replace("{size}", (Math.ceil((size * 10) / MIB) / 10).toFixed(1)).replace("{limit}", limit);
  }

  // What was dropped but cannot be sent has a row, too, with the reason.
  function refuse(paper, name, reason) {
    const job = { paper, row: newRow(paper, name) };
    jobs.push(job);
    onPress(job, "dismiss", dismiss);
    show(job, "refused", words.notTaken, reason);
  }

  function cancel(job) {
    clearTimeout(job.timer);
    if (job.xhr) job.xhr.abort();
    show(job, "cancelled", words.cancelled);
    focusOn(job, "retry");
    next(job);
  }

  function again(job) {
    job.tries = 0;
    show(job, "waiting", words.waiting);
    focusOn(job, "cancel");
    next();
  }

  function dismiss(job) {
    jobs.splice(jobs.indexOf(job), 1);
    job.row.remove();
    focusOnPaper(job.paper);
  }

  // ---- The connection ----
  function next(ended) {
    if (ended) ended.xhr = null;
    const free = MOST_AT_ONCE - jobs.filter((job) => job.state === "sending").length;
    const waiting = jobs.filter((job) => job.state === "waiting");
    waiting.slice(0, Math.max(free, 0)).forEach(send);
    if (ended && !jobsOf(ended.paper).some(going)) settle(ended.paper);
  }

  function body(job) {
    const data = new FormData();
    for (const [name, value] of job.fields) data.append(name, value);
    data.set("key", job.key);
    if (job.files.length > 1) data.set("join", "y");
    for (const file of job.files) data.append("files", file);
    return data;
  }

  function send(job) {
    const xhr = new XMLHttpRequest();
    job.xhr = xhr;
    progress(job, 0);
    show(job, "sending", words.sending);
    xhr.open("POST", job.url);
    xhr.setRequestHeader("Accept", "application/json");
    xhr.upload.onprogress = (event) => {
      watch(job, xhr);
      if (!event.lengthComputable || job.xhr !== xhr) return;
      const percent = (100 * event.loaded) / event.total;
      progress(job, percent);
      say(job, `${words.sending} ${Math.floor(percent)} %`);
    };
    xhr.upload.onload = () => {
      watch(job, xhr);
      progress(job);
      say(job, words.checking);
    };
    xhr.onload = () => answered(job, xhr);
    xhr.onerror = () => lost(job);
    watch(job, xhr);
    xhr.send(body(job));
  }

  function watch(job, xhr) {
    clearTimeout(job.timer);
    job.timer = setTimeout(() => {
      xhr.onabort = () => lost(job);
      xhr.abort();
    }, SILENT_FOR);
  }

  // A page instead of an answer of ours: nothing to read in it.
  function answerOf(xhr) {
    try {
      return JSON.parse(xhr.responseText);
    } catch {
      return null;
    }
  }

  function answered(job, xhr) {
    clearTimeout(job.timer);
    const answer = answerOf(xhr);
    if (BUSY.includes(xhr.status)) return lost(job, words.failed);
    if (answer && xhr.status === 200) show(job, "attached", words.attached, answer.notes.join(" "));
    else show(job, "refused", words.notTaken, (answer && answer.message) || words.signedOut);
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
    job.timer = setTimeout(() => {
      show(job, "waiting", words.waiting);
      next();
    }, wait);
    next();
  }

  window.addEventListener("online", () => jobs.filter((job) => job.state === "lost").forEach(again));
  window.addEventListener("beforeunload", (event) => {
    if (jobs.some(going)) event.preventDefault();
  });

  // ---- Afterwards the paper is shown as the server has it; what was not attached stays beside it ----
  async function settle(paper) {
    const mine = jobsOf(paper);
    const attached = mine.filter((job) => job.state === "attached");
    const others = mine.length - attached.length;
    announce(words.summary.replace("{attached}", attached.length).replace("{refused}", others));
    const answer = await fetch(words.uploads, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok || jobsOf(paper).some(going)) return;
    if (!showAnew(paper, await answer.text())) return;
    mine.filter((job) => job.state === "attached").forEach(forget);
  }

  // Takes the paper from a page that the server sent; whether it was there.
  function showAnew(paper, html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.getElementById(paper.id);
    if (!fresh) return false;
    document.getElementById("papers-count").replaceChildren(...page.getElementById("papers-count").childNodes);
    replacePaper(paper, fresh);
    return true;
  }

  function forget(job) {
    jobs.splice(jobs.indexOf(job), 1);
    if (job.row.querySelector("[data-reason]").textContent) return;
    if (job.row.contains(document.activeElement)) focusOnPaper(job.paper);
    job.row.remove();
  }

  function replacePaper(paper, fresh) {
    const old = paper.querySelector("[data-paper]");
    const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
    // What the person chose and typed but has not sent goes on to the new paper.
    const chosen = all("form[data-upload] input[type=file]", old).map((input) => [input.id, input.files]);
    const typed = all(".upload-day input, .upload-day select", old).map((one) => [one.id, one.value, differs(one)]);
    const made = document.importNode(fresh.querySelector("[data-paper]"), true);
    old.replaceWith(made);
    made.dispatchEvent(new CustomEvent("uploads:replaced", { bubbles: true, detail: { paper, chosen, typed } }));
    if (focused !== null) (document.getElementById(focused) || made.querySelector(".upload-title")).focus();
  }

  Object.assign(window.uploads, { add, differs, next, refuse, showAnew });
})();
