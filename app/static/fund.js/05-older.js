// What older browsers lack, put in before anything relies on it; docs/browsers.md lists all that is tested for.
// As all of fund.js: every page works without it; texts come from the server, already translated.
"use strict";

(() => {
  // Safari before 16 cannot send a form as if its button was pressed: there the button is pressed.
  if (!HTMLFormElement.prototype.requestSubmit) {
    HTMLFormElement.prototype.requestSubmit = function press(submitter) {
      const button = submitter || this.querySelector("button:not([type=button])");
      if (button) button.click();
      else this.submit();
    };
  }

  // Safari before 15.4 does not tell which button sends a form: the one that was just pressed does.
  function tellButtons() {
    let pressed = null;
    window.addEventListener("click", (event) => {
      const button = event.target.closest("button, input[type=submit]");
      pressed = button && button.form && !event.defaultPrevented ? button : null;
      setTimeout(() => {
        pressed = null;
      });
    });
    window.addEventListener(
      "submit",
      (event) => {
        event.submitter = pressed && pressed.form === event.target ? pressed : null;
      },
      true,
    );
  }
  if (!window.SubmitEvent || !("submitter" in SubmitEvent.prototype)) tellButtons();

  if (!Element.prototype.replaceChildren) {
    Element.prototype.replaceChildren = function replaceChildren(...nodes) {
      this.textContent = "";
      this.append(...nodes);
    };
  }
})();
