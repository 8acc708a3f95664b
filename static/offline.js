/* Keeps a list on this device, removes it, and shows what is kept. Without it the pages are whole. */
(function () {
  "use strict";
  var CACHE = "kursliste-offline-1", LIST = /^\/kurslisten\/[a-z0-9-]+$/;
  if (!("serviceWorker" in navigator) || !("caches" in window)) {
    document.querySelectorAll("[data-offline-keep]").forEach(function (box) { box.hidden = true; });
    return;
  }

  function kept() {
    return caches.has(CACHE).then(function (has) {
      if (!has) { return []; }
      return caches.open(CACHE).then(function (cache) {
        return cache.keys().then(function (keys) {
          return Promise.all(keys.filter(function (key) { return LIST.test(new URL(key.url).pathname); }).map(function (key) {
            return cache.match(key).then(function (page) {
              return page.clone().text().then(function (text) {
                var heading = new DOMParser().parseFromString(text, "text/html").querySelector("h1");
                return { url: key.url, path: new URL(key.url).pathname, at: Number(page.headers.get("X-Kept-At")), name: heading ? heading.textContent.trim() : key.url };
              });
            });
          }));
        });
      });
    });
  }
  function day(at) { return new Date(at).toLocaleString("de-DE", { dateStyle: "medium", timeStyle: "short" }); }
  function ask(message) {
    return navigator.serviceWorker.register("/sw.js").then(function () { return navigator.serviceWorker.ready; }).then(function (registration) {
      return new Promise(function (resolve, reject) {
        var channel = new MessageChannel();
        channel.port1.onmessage = function (event) { if (event.data.done) { resolve(); } else { reject(new Error(event.data.why)); } };
        registration.active.postMessage(message, [channel.port2]);
      });
    });
  }
  var box = document.querySelector("[data-offline-keep]");
  if (box) { beginKeeping(box); }
  var shelf = document.querySelector("[data-offline-kept]");
  if (shelf) { showKept(shelf); }

  function beginKeeping(box) {
    var keep = box.querySelector("[data-keep]"), remove = box.querySelector("[data-remove]"), state = box.querySelector("[role=status]");
    function show() {
      return kept().then(function (found) {
        var here = found.filter(function (one) { return one.path === location.pathname; })[0];
        remove.hidden = !here;
        keep.hidden = !!here;
        state.textContent = here ? box.dataset.since.replace("{day}", day(here.at)) : "";
      });
    }
    function did(promise) {
      keep.disabled = remove.disabled = true;
      return promise.then(show, function (error) {
        state.textContent = error.message === "full" ? box.dataset.full : box.dataset.failed;
      }).then(function () { keep.disabled = remove.disabled = false; });
    }
    keep.addEventListener("click", function () {
      did(ask({ does: "keep", address: box.dataset.address, offline: box.dataset.offline })).then(function () { if (!remove.hidden) { remove.focus(); } });
    });
    remove.addEventListener("click", function () {
      did(ask({ does: "remove", path: location.pathname })).then(function () { if (!keep.hidden) { keep.focus(); } });
    });
    show();
  }
  function showKept(shelf) {
    kept().then(function (found) {
      var none = document.querySelector("[data-offline-none]");
      none.hidden = found.length > 0;
      found.forEach(function (one) {
        var line = document.createElement("li"), link = document.createElement("a");
        link.href = one.url;
        link.textContent = one.name;
        line.appendChild(link);
        line.appendChild(document.createTextNode(" (" + day(one.at) + ")"));
        shelf.appendChild(line);
      });
    });
  }
})();
