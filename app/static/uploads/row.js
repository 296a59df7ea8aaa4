// The row of each file on its way: its name, its state in words, and the buttons that fit the state.
"use strict";

window.uploads = (() => {
  const list = document.querySelector("[data-uploads]");

  // Without it, as in Safari before 14.1, what was chosen cannot be handed on: the forms send it themselves.
  function canHandFilesOn() {
    try {
      return Boolean(new DataTransfer());
    } catch {
      return false;
    }
  }
  if (!list || !canHandFilesOn()) return null;
  const words = list.dataset;
  const all = (selector, root) => Array.from(root.querySelectorAll(selector));
  const paperOf = (node) => node.closest(".uploads > li");
  const going = (job) => ["waiting", "sending", "again"].includes(job.state);

  // A copy of a template's only element, with the file's name in every place that tells it.
  function copyOf(template, name) {
    const made = document.getElementById(template).content.firstElementChild.cloneNode(true);
    made.querySelector("[data-name]").textContent = name;
    for (const place of all(".visually-hidden", made)) place.textContent = ` ${name}`;
    return made;
  }

  function newRow(paper, name) {
    const made = copyOf("sending-row", name);
    paper.querySelector("[data-sendings]").append(made);
    return made;
  }

  function say(job, text) {
    job.row.querySelector("[data-state]").textContent = text;
  }

  function show(job, state, text, reason = "") {
    job.state = state;
    say(job, text);
    const why = job.row.querySelector("[data-reason]");
    why.textContent = reason;
    why.hidden = !reason;
    why.className = state === "attached" ? "hint" : "error";
    job.row.querySelector("progress").hidden = !going(job);
    job.row.querySelector("[data-cancel]").hidden = !going(job);
    job.row.querySelector("[data-retry]").hidden = !["lost", "cancelled"].includes(state);
    job.row.querySelector("[data-dismiss]").hidden = going(job);
    job.row.dataset.state = state;
  }

  // Without a number the bar only moves: all is sent, and the server looks at it.
  function progress(job, percent) {
    const bar = job.row.querySelector("progress");
    if (percent === undefined) bar.removeAttribute("value");
    else bar.value = percent;
  }

  function onPress(job, button, act) {
    job.row.querySelector(`[data-${button}]`).addEventListener("click", () => act(job));
  }

  const focusOn = (job, button) => job.row.querySelector(`[data-${button}]`).focus();
  const focusOnPaper = (paper) => paper.querySelector(".upload-title").focus();
  const announce = (text) => {
    document.getElementById("uploads-status").textContent = text;
  };

  return {
    all,
    announce,
    copyOf,
    focusOn,
    focusOnPaper,
    going,
    list,
    newRow,
    onPress,
    paperOf,
    progress,
    say,
    show,
    words,
  };
})();
