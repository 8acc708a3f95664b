// Small help on top of pages that work without it.
"use strict";

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
}

// A form is sent once: a second click while the answer is on its way does nothing.
// What another script has taken over (defaultPrevented) is left to it. After ten seconds
// the form is free again: the answer may have been a download, or the line is gone.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
  setTimeout(release, 10000, form);
});

// Back in the browser: the page may come from memory with its guards still set.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// Errors first: keyboard and screen reader start at the summary.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();
