/* Keeps the lists that somebody chose, to be read without a network. Nothing else is kept: no page of
   somebody who is signed in, nothing but public lists, the page about them, and our own files. */
"use strict";
var CACHE = "kursliste-offline-1";
var LIST = /^\/kurslisten\/[a-z0-9-]+$/;
var OFFLINE = "/offline";
var MOST = 6, AGAIN_AFTER = 3600 * 1000;

function isKept(url) {
  return url.origin === self.location.origin && (LIST.test(url.pathname) || url.pathname === OFFLINE);
}
function isStatic(url) {
  return url.origin === self.location.origin && url.pathname.indexOf("/static/") === 0;
}
/* Only what everybody gets, whole and from here. */
function isPublic(response) {
  var control = response.headers.get("Cache-Control") || "";
  return response.status === 200 && response.type === "basic" && !response.redirected &&
    !/private|no-store/.test(control);
}
function fetchPublic(address) {
  return fetch(address, { credentials: "omit", redirect: "error", cache: "no-cache" }).then(function (response) {
    if (!isPublic(response)) { throw new Error("not public: " + address); }
    return response;
  });
}
function keepFile(cache, address) {
  var url = new URL(address, self.location.origin);
  if (!isStatic(url)) { return Promise.resolve(); }
  return cache.match(url.href).then(function (known) {
    return known || fetchPublic(url.href).then(function (response) { return cache.put(url.href, response); });
  });
}
function keepPage(cache, address, banner) {
  return fetchPublic(address).then(function (response) {
    return response.text().then(function (text) {
      var headers = new Headers({
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": response.headers.get("Content-Security-Policy") || "default-src 'none'",
        "X-Kept-At": String(Date.now()),
        "X-Kept-Banner": encodeURIComponent(banner)
      });
      return cache.put(address, new Response(text, { headers: headers }));
    });
  });
}
function lists(cache) {
  return cache.keys().then(function (keys) {
    return keys.filter(function (request) { return LIST.test(new URL(request.url).pathname); });
  });
}
function keep(wanted) {
  var url = new URL(wanted.address, self.location.origin);
  if (!LIST.test(url.pathname) || !isKept(url)) { return Promise.reject(new Error("no list")); }
  return caches.open(CACHE).then(function (cache) {
    return lists(cache).then(function (known) {
      var others = known.filter(function (request) { return new URL(request.url).pathname !== url.pathname; });
      if (others.length >= MOST) { throw new Error("full"); }
      return Promise.all(wanted.files.map(function (file) { return keepFile(cache, file); }))
        .then(function () { return keepPage(cache, wanted.offline, ""); })
        .then(function () { return forget(cache, url.pathname); })
        .then(function () { return keepPage(cache, url.href, wanted.banner); });
    });
  });
}
function forget(cache, path) {
  return cache.keys().then(function (keys) {
    return Promise.all(keys.filter(function (request) { return new URL(request.url).pathname === path; })
      .map(function (request) { return cache.delete(request); }));
  });
}
function remove(path) {
  return caches.open(CACHE).then(function (cache) {
    return forget(cache, path).then(function () { return lists(cache); }).then(function (left) {
      return left.length ? undefined : caches.delete(CACHE);
    });
  });
}
/* A newer edition takes the place of the one that is kept, when there is a network. */
function renew() {
  return caches.open(CACHE).then(function (cache) {
    return lists(cache).then(function (kept) {
      return Promise.all(kept.map(function (request) {
        return cache.match(request).then(function (old) {
          if (Date.now() - Number(old.headers.get("X-Kept-At")) < AGAIN_AFTER) { return undefined; }
          return keepPage(cache, request.url, decodeURIComponent(old.headers.get("X-Kept-Banner")));
        });
      }));
    });
  }).catch(function () { /* what is kept stays */ });
}
function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
function shown(response) {
  var banner = decodeURIComponent(response.headers.get("X-Kept-Banner") || "");
  if (!banner) { return response; }
  var day = new Date(Number(response.headers.get("X-Kept-At"))).toLocaleString("de-DE", { dateStyle: "short", timeStyle: "short" });
  var words = '<p class="offline-banner" role="status">' + escaped(banner.replace("{day}", day)) + "</p>";
  return response.text().then(function (text) {
    return new Response(text.replace(/<body[^>]*>/, function (body) { return body + words; }), { headers: response.headers });
  });
}
function fromKept(request) {
  var url = new URL(request.url);
  return caches.open(CACHE).then(function (cache) {
    return cache.keys().then(function (keys) {
      var path = LIST.test(url.pathname) ? url.pathname : OFFLINE;
      var same = keys.filter(function (key) { return new URL(key.url).pathname === path; })[0] ||
        keys.filter(function (key) { return new URL(key.url).pathname === OFFLINE; })[0];
      return same ? cache.match(same).then(shown) : Response.error();
    });
  });
}
self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name !== CACHE; }).map(function (name) { return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});
self.addEventListener("message", function (event) {
  var wanted = event.data || {}, answer = event.ports[0];
  var done = wanted.does === "keep" ? keep(wanted) : wanted.does === "remove" ? remove(wanted.path) : Promise.resolve();
  event.waitUntil(done.then(
    function () { if (answer) { answer.postMessage({ done: true }); } },
    function (error) { if (answer) { answer.postMessage({ done: false, why: error.message }); } }
  ));
});
self.addEventListener("fetch", function (event) {
  var request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) { return; }
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).then(function (response) {
      event.waitUntil(renew());
      return response;
    }, function () { return fromKept(request); }));
  } else if (isStatic(url)) {
    event.respondWith(fetch(request).catch(function () {
      return caches.open(CACHE).then(function (cache) { return cache.match(request.url); }).then(function (found) { return found || Response.error(); });
    }));
  }
});
