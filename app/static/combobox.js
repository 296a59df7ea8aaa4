// A box that offers rows while one types: data-lookup gives the address; the texts come from the server, translated.
"use strict";

(() => {
  const WAIT_MS = 250;

  function combobox(box) {
    const input = box.querySelector("input[type=text]");
    const key = box.querySelector("input[type=hidden]");
    const list = box.querySelector("[role=listbox]");
    const status = box.querySelector("[role=status]");
    let timer = 0;
    let turn = 0;
    let active = -1;

    const options = () => Array.from(list.children);

    function show(open) {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      mark(-1);
    }

    function mark(place) {
      active = place;
      options().forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
      const option = options()[place];
      if (!option) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    // What the page asked back is answered otherwise now.
    function answered(value) {
      const asked = box.querySelector("[data-asked]");
      if (asked) asked.remove();
      key.disabled = false;
      key.value = value;
    }

    function pick(option) {
      if (!option) return;
      turn += 1;
      clearTimeout(timer);
      answered(option.dataset.key);
      input.value = option.textContent;
      show(false);
      status.textContent = option.textContent;
    }

    function optionOf([value, label], at) {
      const option = document.createElement("li");
      option.id = `${list.id}-${at}`;
      option.setAttribute("role", "option");
      option.dataset.key = value;
      option.textContent = label;
      return option;
    }

    function offer({ rows, more }) {
      list.replaceChildren(...rows.map(optionOf));
      show(rows.length > 0);
      const text = rows.length ? box.dataset[more ? "more" : "found"] : box.dataset.none;
      status.textContent = text.replace("{count}", rows.length);
    }

    async function find() {
      const asked = ++turn;
      const text = input.value.trim();
      if (!text) return show(false);
      const answer = await fetch(`${box.dataset.lookup}?${new URLSearchParams({ q: text })}`, {
        headers: { Accept: "application/json" },
      });
      if (asked !== turn || !answer.ok) return;
      if ((answer.headers.get("Content-Type") || "").includes("json")) offer(await answer.json());
    }

    const findSoon = (delay) => {
      clearTimeout(timer);
      timer = setTimeout(() => find().catch(() => show(false)), delay); // the server looks for it when the form is sent
    };

    function move(event, step) {
      event.preventDefault();
      const count = options().length;
      if (list.hidden) return findSoon(0);
      mark((active + step + count + (active < 0 && step < 0 ? 1 : 0)) % count);
    }

    const keys = {
      ArrowDown: (event) => move(event, 1),
      ArrowUp: (event) => move(event, -1),
      Enter(event) {
        if (list.hidden || active < 0) return;
        event.preventDefault();
        pick(options()[active]);
      },
      Escape(event) {
        if (list.hidden) return;
        event.stopPropagation();
        show(false);
      },
    };

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    show(false);
    input.addEventListener("input", () => {
      answered("");
      findSoon(WAIT_MS);
    });
    input.addEventListener("keydown", (event) => keys[event.key] && keys[event.key](event));
    input.addEventListener("blur", () => show(false));
    // Before the box loses the focus, which would close the list.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => pick(event.target.closest("[role=option]")));
  }

  document.querySelectorAll("[data-lookup]").forEach(combobox);
})();
