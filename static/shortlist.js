/* Marks courses: kept in this browser only. Without it the pages are whole, only without marking. */
(function () {
  "use strict";
  var KEY = "merkliste", MOST = 12;
  var words = document.getElementById("merkliste-worte");
  if (!words || !window.localStorage) { return; }

  function read() {
    try {
      var found = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(found) ? found.filter(function (id) { return /^[a-z0-9]{6,20}$/.test(id); }).slice(0, MOST) : [];
    } catch (error) { return []; }
  }
  function write(ids) {
    try { localStorage.setItem(KEY, JSON.stringify(ids)); } catch (error) { /* private mode: marks end with the page */ }
  }
  function address(ids) {
    var base = words.dataset.page;
    var query = ids.map(function (id) { return "kurs=" + encodeURIComponent(id); }).join("&");
    return query ? base + (base.indexOf("?") < 0 ? "?" : "&") + query : base;
  }
  function showCount() {
    var ids = read(), link = document.querySelector("[data-shortlist-link]");
    if (!link) { return; }
    link.hidden = ids.length === 0;
    link.href = address(ids);
    link.textContent = words.dataset.link.replace("0", String(ids.length));
  }
  function show(button, id) {
    var isMarked = read().indexOf(id) >= 0;
    button.setAttribute("aria-pressed", String(isMarked));
    button.firstChild.textContent = isMarked ? words.dataset.marked : words.dataset.mark;
  }
  function toggle(button, id) {
    var ids = read(), place = ids.indexOf(id);
    if (place >= 0) { ids.splice(place, 1); }
    else if (ids.length >= MOST) { button.firstChild.textContent = words.dataset.full; return; }
    else { ids.push(id); }
    write(ids);
    show(button, id);
    showCount();
  }
  function addButton(course) {
    /* A row of a list has its key once, as the target of links: "kurs-…". */
    var id = course.dataset.course || course.closest("[id^='kurs-']").id.slice(5), name = course.querySelector("[data-course-title], .course-title, .result__title a");
    var button = document.createElement("button"), label = document.createElement("span");
    button.type = "button";
    button.className = "mark-button";
    button.appendChild(document.createTextNode(words.dataset.mark));
    label.className = "visually-hidden";
    label.textContent = name ? ": " + name.textContent : "";
    button.appendChild(label);
    (course.querySelector("[data-course-actions]") || course).appendChild(button);
    button.addEventListener("click", function () { toggle(button, id); });
    show(button, id);
  }
  document.querySelectorAll("[data-course]").forEach(addButton);
  document.querySelectorAll("[data-shortlist-remove]").forEach(function (link) {
    link.addEventListener("click", function () {
      write(read().filter(function (id) { return id !== link.dataset.shortlistRemove; }));
    });
  });
  document.querySelectorAll("[data-shortlist-clear]").forEach(function (link) {
    link.addEventListener("click", function () { write([]); });
  });
  showCount();
})();
