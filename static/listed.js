// In the form of a course: a place or person from the provider's list fills its boxes at once.
// Without this script the server does it when the form is saved, see reporting/listed.py.
"use strict";

function shownOf(select) {
  return select.form.elements[select.dataset.shown];
}

document.addEventListener("change", (event) => {
  const select = event.target;
  if (!select.dataset.shown) return;
  const { fills } = select.selectedOptions[0].dataset;
  if (fills) for (const [name, value] of Object.entries(JSON.parse(fills))) select.form.elements[name].value = value;
  // The boxes show the choice now: from here on they count, whatever is typed into them.
  shownOf(select).value = select.value;
});

// Who types other words leaves the list.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form) return;
  for (const select of form.querySelectorAll("select[data-words]")) {
    if (select.dataset.words.split(" ").includes(event.target.name)) select.value = shownOf(select).value = "";
  }
});
