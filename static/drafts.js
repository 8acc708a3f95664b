// A row of the report saves itself as a draft (htmx sends it, see templates/reporting/_row.html).
// This script keeps the boxes true to what is stored, and lets a button wait for a draft under way.
"use strict";

const form = document.getElementById("kurse");
const line = document.getElementById("entwurf");
const known = new Map(); // per row: the values that its boxes got from the server
let underway = 0;
let pressed = null;

function tell(words) {
  if (line) line.textContent = words;
}

// Take over what is stored: the version always, a value only where nobody has typed since.
function learn(place) {
  if (!place.dataset.stored) return;
  const key = place.id.replace("stand-", "k");
  const stored = JSON.parse(place.dataset.stored);
  const before = known.get(key) || stored;
  for (const [name, value] of Object.entries(stored)) {
    const box = form.elements[`${key}-${name}`];
    if (box && (name === "version" || box.value === before[name])) box.value = value;
  }
  known.set(key, stored);
}

if (form) {
  document.querySelectorAll("[id^='stand-']").forEach(learn);
  tell("Was Sie ändern, ist gleich als Entwurf gespeichert.");

  // Right after the swap, not when it has settled: a button that waits is pressed before that.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id && event.target.id.startsWith("stand-")) learn(event.target);
  });
  form.addEventListener("htmx:beforeRequest", () => {
    underway += 1;
  });
  // The sign-in has ended: the answer is another page, and belongs into no table.
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.responseURL.endsWith("/entwurf")) return;
    event.detail.shouldSwap = false;
    tell("Nicht gespeichert. Ihre Anmeldung ist abgelaufen: Melden Sie sich in einem zweiten Fenster an, dann speichern Sie hier.");
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    form.addEventListener(name, () => {
      tell("Gerade nicht gespeichert. Drücken Sie „Änderungen speichern“, dann versuchen wir es noch einmal.");
    });
  }
  // A button that is pressed while a draft is under way is pressed again when it has arrived.
  form.addEventListener("submit", (event) => {
    if (!underway) return;
    event.preventDefault();
    pressed = event.submitter;
  });
  form.addEventListener("htmx:afterRequest", () => {
    underway -= 1;
    setTimeout(() => {
      if (underway || !pressed) return;
      const button = pressed;
      pressed = null;
      form.requestSubmit(button);
    });
  });
}
