/* Keeps the lists that somebody chose, to be read without a network. Nothing else is kept: no page of
   somebody who is signed in, nothing but public lists, the page about them, and our own files. */
"use strict";
var CACHE = "kursliste-offline-1";
var LIST = /^\/kurslisten\/[a-z0-9-]+$/;
var OFFLINE = "/offline";
var MOST = 6, AGAIN_AFTER = 3600 * 1000, PATIENCE = 4000;

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
    if (!isPublic(response)) {
      var error = new Error("not public: " + address);
      error.isGone = response.status === 404 || response.status === 410;
      throw error;
    }
    return response;
  });
}
function keepFile(cache, address) {
  return cache.match(address).then(function (known) {
    return known || fetchPublic(address).then(function (response) { return cache.put(address, response); });
  });
}
/* Our own files that a text names: links and scripts of a page, fonts of a style sheet. */
function named(text, pattern, base) {
  var found = [], match;
  while ((match = pattern.exec(text)) !== null) {
    var url = new URL(match[1].replace(/&amp;/g, "&"), base);
    if (isStatic(url)) { found.push(url.href); }
  }
  return found;
}
function filesOf(cache, page) {
  var files = named(page, / (?:href|src)="([^"]+)"/g, self.location.origin);
  return Promise.all(files.map(function (file) { return keepFile(cache, file); })).then(function () {
    return Promise.all(files.filter(function (file) { return /\.css/.test(file); }).map(function (sheet) {
      return cache.match(sheet).then(function (kept) { return kept.text(); }).then(function (text) {
        var fonts = named(text, /url\("?([^")]+\.woff2)"?\)/g, sheet);
        return Promise.all(fonts.map(function (font) { return keepFile(cache, font); })).then(function () { return fonts; });
      });
    }));
  }).then(function (fonts) { return files.concat.apply(files, fonts); });
}
function keepPage(cache, address) {
  return fetchPublic(address).then(function (response) {
    return response.text().then(function (text) {
      var headers = new Headers({
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": response.headers.get("Content-Security-Policy") || "default-src 'none'",
        "X-Kept-At": String(Date.now())
      });
      return filesOf(cache, text).then(function () { return cache.put(address, new Response(text, { headers: headers })); });
    });
  });
}
/* Files of an older version go when no page that is kept names them any more. */
function tidy(cache) {
  return cache.keys().then(function (keys) {
    var kept = keys.filter(function (key) { return isKept(new URL(key.url)); });
    return Promise.all(kept.map(function (key) {
      return cache.match(key).then(function (page) { return page.text(); }).then(function (text) { return filesOf(cache, text); });
    })).then(function (files) {
      var wanted = [].concat.apply([], files);
      return Promise.all(keys.filter(function (key) { return isStatic(new URL(key.url)) && wanted.indexOf(key.url) < 0; })
        .map(function (key) { return cache.delete(key); }));
    });
  });
}
function pages(cache) {
  return cache.keys().then(function (keys) {
    return keys.filter(function (request) { return isKept(new URL(request.url)); });
  });
}
function lists(cache) {
  return pages(cache).then(function (found) {
    return found.filter(function (request) { return LIST.test(new URL(request.url).pathname); });
  });
}
function keep(wanted) {
  var url = new URL(wanted.address, self.location.origin), stand = new URL(wanted.offline, self.location.origin);
  if (!isKept(url) || !LIST.test(url.pathname) || !isKept(stand) || stand.pathname !== OFFLINE) {
    return Promise.reject(new Error("no list"));
  }
  return caches.open(CACHE).then(function (cache) {
    return lists(cache).then(function (known) {
      var others = known.filter(function (request) { return new URL(request.url).pathname !== url.pathname; });
      if (others.length >= MOST) { throw new Error("full"); }
      return keepPage(cache, stand.href)
        .then(function () { return keepPage(cache, url.href); })
        .then(function () { return Promise.all([forget(cache, url.pathname, url.href), forget(cache, OFFLINE, stand.href)]); });
    });
  });
}
/* The page in another language goes, the one that was kept last stays. */
function forget(cache, path, but) {
  return cache.keys().then(function (keys) {
    return Promise.all(keys.filter(function (request) { return new URL(request.url).pathname === path && request.url !== but; })
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
/* With a network a newer edition takes the place of the one that is kept; what is gone goes here too. */
function renew() {
  return caches.open(CACHE).then(function (cache) {
    return pages(cache).then(function (kept) {
      return Promise.all(kept.map(function (request) {
        return cache.match(request).then(function (old) {
          if (Date.now() - Number(old.headers.get("X-Kept-At")) < AGAIN_AFTER) { return undefined; }
          return keepPage(cache, request.url).catch(function (error) {
            return error.isGone ? remove(new URL(request.url).pathname) : undefined;
          });
        });
      }));
    }).then(function () { return caches.has(CACHE); }).then(function (is) { return is ? tidy(cache) : undefined; });
  }).catch(function () { /* what is kept stays */ });
}
/* The page brings the words of its banner, escaped and in its language; the day of keeping is ours. */
function shown(response) {
  var at = new Date(Number(response.headers.get("X-Kept-At")));
  return response.text().then(function (text) {
    var words = / data-banner="([^"]+)"/.exec(text);
    if (words) {
      var day = at.toLocaleString("de-DE", { dateStyle: "medium", timeStyle: "short" });
      var banner = '<p class="offline-banner" role="status">' + words[1].replace("{day}", day) + "</p>";
      text = text.replace(/<body[^>]*>/, function (body) { return body + banner; });
    }
    return new Response(text, { headers: response.headers });
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
/* A weak network may take minutes: after some seconds a list that is kept is shown as it was kept. */
function keptIfSlow(url, request, fromNetwork) {
  return new Promise(function (done) { setTimeout(done, PATIENCE); }).then(function () {
    return LIST.test(url.pathname) && !url.search ? caches.has(CACHE) : false;
  }).then(function (is) {
    return is ? caches.open(CACHE).then(pages) : [];
  }).then(function (kept) {
    var isHere = kept.some(function (key) { return new URL(key.url).pathname === url.pathname; });
    return isHere ? fromKept(request) : fromNetwork;
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
    var fromNetwork = fetch(request).then(function (response) {
      event.waitUntil(renew());
      return response;
    }, function () { return fromKept(request); });
    /* An answer that comes after the kept list was shown still renews it. */
    event.waitUntil(fromNetwork.catch(function () { /* there was no network */ }));
    event.respondWith(Promise.race([fromNetwork, keptIfSlow(url, request, fromNetwork)]));
  } else if (isStatic(url)) {
    /* The address of a file names its content: what is kept under it is the same. */
    event.respondWith(caches.match(request.url).then(function (found) { return found || fetch(request); }));
  }
});
