// Turns, sizes and pages of the open file without loading the desk anew.
// Every step is a link that works without script.
"use strict";

(() => {
  const viewer = () => document.getElementById("looking");
  if (!viewer()) return;

  const HERE = ["back", "on", "smaller", "larger", "fit", "left", "right"]; // the other steps lead to another page
  const spoken = document.querySelector("[data-desk-spoken]");
  let pending = ""; // the address being fetched
  let ready = null; // the next page's picture, fetched ahead

  const picture = () => viewer().querySelector(".sheet-box img");

  // ---- Pictures ----
  function loaded(image) {
    if (image.complete) return Promise.resolve();
    return new Promise((resolve) => {
      image.addEventListener("load", resolve, { once: true });
      image.addEventListener("error", resolve, { once: true });
    });
  }

  function fetched(source) {
    const image = ready && ready.getAttribute("src") === source ? ready : new Image();
    if (image !== ready) image.src = source;
    return image;
  }

  // The answers may not be kept by the browser, so a picture is fetched first and then put into the page itself.
  async function withPictures(parsed) {
    const images = Array.from(parsed.querySelectorAll(".sheet-box img"), (place) => fetched(place.getAttribute("src")));
    await Promise.all(images.map(loaded));
    parsed.querySelectorAll(".sheet-box img").forEach((place) => place.removeAttribute("src"));
    const fresh = document.adoptNode(parsed);
    Array.from(fresh.querySelectorAll(".sheet-box img")).forEach((place, index) => {
      Array.from(place.attributes).forEach((one) => images[index].setAttribute(one.name, one.value));
      place.replaceWith(images[index]);
    });
    return fresh;
  }

  async function settle() {
    ready = null;
    const image = picture();
    if (!image) return;
    await loaded(image);
    if (image !== picture()) return;
    const failed = viewer().querySelector("[data-desk-failed]");
    if (failed) failed.hidden = image.naturalWidth > 0;
    if (!image.dataset.next) return;
    ready = new Image();
    ready.src = image.dataset.next;
  }

  // ---- Going from one view to the next ----
  function markOf(element) {
    if (!viewer().contains(element)) return "";
    // After a page number was typed, the keys work on the page.
    return element.dataset.act ? `[data-act="${element.dataset.act}"]` : ".sheet-box";
  }

  function replaceBy(fresh) {
    const mark = markOf(document.activeElement);
    viewer().replaceWith(fresh);
    if (mark) (fresh.querySelector(mark) || fresh.querySelector(".sheet-box") || fresh).focus({ preventScroll: true });
    spoken.textContent = fresh.dataset.says || "";
  }

  async function go(address) {
    if (pending === address) return;
    pending = address;
    viewer().setAttribute("aria-busy", "true");
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const parsed = page.getElementById("looking");
    if (!answer.ok || !parsed) throw new Error(String(answer.status));
    const fresh = await withPictures(parsed);
    if (pending !== address) return;
    pending = "";
    replaceBy(fresh);
    history.replaceState(null, "", address);
    settle();
  }

  function goOrLoad(address) {
    go(address).catch(() => window.location.assign(address));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#looking a[data-act]");
    const plain = !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !plain || !HERE.includes(link.dataset.act)) return;
    event.preventDefault();
    goOrLoad(link.href);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#looking .tool-form")) return;
    event.preventDefault();
    const address = new URL(event.target.getAttribute("action"), window.location.href);
    address.search = new URLSearchParams(new FormData(event.target));
    goOrLoad(address.href);
  });

  // ---- Keys, as long as the person leaves them on. By place, not by letter: a Thai keyboard has others ----
  const KEYS = {
    ArrowRight: "on",
    ArrowLeft: "back",
    Equal: "larger",
    NumpadAdd: "larger",
    Minus: "smaller",
    NumpadSubtract: "smaller",
    Digit0: "fit",
    Numpad0: "fit",
    KeyR: "right",
  };
  const help = document.querySelector("[data-desk-keys]");
  const box = help && help.querySelector("input");

  function meantForOthers(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return true;
    return event.target.closest("input, select, textarea, dialog, [contenteditable]") !== null;
  }

  function wanted(event) {
    const act = KEYS[event.code];
    if (!act || (box && !box.checked) || meantForOthers(event)) return "";
    if (!event.code.startsWith("Arrow")) return act;
    const sheet = event.target.closest(".sheet-box");
    // A picture wider than its place is moved by the arrows.
    if (!event.shiftKey) return sheet && sheet.scrollWidth > sheet.clientWidth ? "" : act;
    return act === "on" ? "file-on" : "file-back";
  }

  document.addEventListener("keydown", (event) => {
    const act = wanted(event);
    const link = act && viewer().querySelector(`a[data-act="${act}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });

  if (box) {
    help.hidden = false;
    try {
      box.checked = localStorage.getItem("desk-keys") !== "off";
      box.addEventListener("change", () => localStorage.setItem("desk-keys", box.checked ? "on" : "off"));
    } catch {
      // A browser that keeps nothing: the keys are on each time.
    }
  }

  settle();
})();
