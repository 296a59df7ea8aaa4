// Several pictures become one document: the order of its pages, by buttons, with a small picture of each, for the names
// of photographs tell nothing.
"use strict";

(() => {
  if (!window.uploads) return;
  const { all, announce, copyOf, words } = window.uploads;
  const pictureOf = new WeakMap(); // by row
  const pageRows = (form) => all("[data-join-names] > li", form);
  const pagesOf = (form) => pageRows(form).map((made) => pictureOf.get(made));
  const isPicture = (file) => /^image\/(jpeg|png)$/.test(file.type);
  let drawn = Promise.resolve(); // one picture after the other: large photographs take memory

  async function draw(canvas, file) {
    const picture = await createImageBitmap(file, { resizeWidth: 96, resizeQuality: "medium" });
    Object.assign(canvas, { width: picture.width, height: picture.height, hidden: false });
    canvas.getContext("2d").drawImage(picture, 0, 0);
    picture.close();
  }

  function pageRow(form, file) {
    const made = copyOf("join-row", file.name);
    pictureOf.set(made, file);
    const earlier = () => shift(form, made, made.previousElementSibling, "before");
    const later = () => shift(form, made, made.nextElementSibling, "after");
    made.querySelector("[data-earlier]").addEventListener("click", earlier);
    made.querySelector("[data-later]").addEventListener("click", later);
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
    announce(words.moved.replace("{name}", pictureOf.get(made).name).replace("{page}", place));
  }

  function ends(form) {
    for (const made of pageRows(form)) {
      made.querySelector("[data-earlier]").hidden = !made.previousElementSibling;
      made.querySelector("[data-later]").hidden = !made.nextElementSibling;
    }
  }

  // Shows the pictures with the question whether to join them; without pictures the question goes.
  function offer(form, pictures) {
    const names = form.querySelector("[data-join-names]");
    names.replaceChildren(...pictures.map((file) => pageRow(form, file)));
    ends(form);
    names.hidden = !pictures.length;
    form.querySelector("[data-join]").hidden = !pictures.length;
    form.querySelector("button[type=submit]").hidden = !pictures.length;
  }

  Object.assign(window.uploads, { isPicture, offer, pagesOf });
})();
