/* The map beside a list: loaded when somebody opens it. Without it the list is whole. */
(function () {
  "use strict";
  document.querySelectorAll("[data-map]").forEach(function (panel) {
    var begun = false;
    panel.addEventListener("toggle", function () {
      if (panel.open && !begun) { begun = true; begin(panel); }
    });
  });

  function load(name, attributes) {
    return new Promise(function (resolve, reject) {
      var element = document.createElement(name);
      Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
      element.onload = resolve;
      element.onerror = reject;
      document.head.appendChild(element);
    });
  }
  function begin(panel) {
    var told = panel.dataset, words = panel.querySelector("[data-map-words]");
    Promise.all([
      load("link", { rel: "stylesheet", href: told.sheet }),
      load("link", { rel: "stylesheet", href: told.clusterSheet }),
      load("script", { src: told.script }).then(function () { return load("script", { src: told.cluster }); }),
      fetch(told.map).then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      })
    ]).then(function (loaded) { show(panel, loaded[3], words); }, function () { words.textContent = told.failed; });
  }
  function courses(told, count) { return count === 1 ? told.one : told.courses.replace("{n}", String(count)); }
  function icon(L, told, count, name) {
    var text = document.createElement("span"), hidden = document.createElement("span");
    text.textContent = String(count);
    text.setAttribute("aria-hidden", "true");
    hidden.className = "visually-hidden";
    hidden.textContent = (name ? name + ": " : "") + courses(told, count);
    var box = document.createElement("div");
    box.appendChild(text);
    box.appendChild(hidden);
    return L.divIcon({ className: "map-mark", html: box, iconSize: [44, 44], popupAnchor: [0, -18] });
  }
  function named(name) {
    var text = document.createElement("span");
    text.textContent = name;
    return text;
  }
  function popup(told, place) {
    var box = document.createElement("div"), heading = document.createElement("strong"), list = document.createElement("ul");
    heading.textContent = place.name + ": " + courses(told, place.count);
    place.courses.forEach(function (course) {
      var line = document.createElement("li"), link = document.createElement("a");
      link.href = course.url;
      link.textContent = course.title;
      line.appendChild(link);
      if (course.facts) { line.appendChild(document.createTextNode(" (" + course.facts + ")")); }
      list.appendChild(line);
    });
    box.appendChild(heading);
    box.appendChild(list);
    return box;
  }
  /* Lines of districts lie under the places; the map is whole without them. */
  function draw(L, map, outlines) {
    map.createPane("outlines");
    outlines.forEach(function (line) {
      fetch(line.url).then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      }).then(function (outline) {
        L.geoJSON(outline, { pane: "outlines", interactive: false, fill: false, className: "map-outline" + (line.is_beside ? " map-outline--beside" : "") }).addTo(map);
        var name = named(line.name), top = topmost(outline.geometry.coordinates[0][0]);
        L.tooltip({ pane: "outlines", permanent: true, direction: "bottom", className: "map-district", opacity: 1 })
          .setLatLng([top[1], top[0]]).setContent(name).addTo(map);
      }).catch(function () { /* no line, then */ });
    });
  }
  function topmost(ring) { return ring.reduce(function (top, corner) { return corner[1] > top[1] ? corner : top; }); }
  function credit(found) {
    var line = document.createElement("p"), source = document.createElement("span"), link = document.createElement("a");
    line.className = "small map-lines";
    source.lang = "de";
    source.textContent = found.outline_credit + ", ";
    link.href = found.outline_licence.terms;
    link.rel = "license";
    link.textContent = found.outline_licence.name;
    source.appendChild(link);
    line.appendChild(document.createTextNode(found.outline_words + " "));
    line.appendChild(source);
    return line;
  }
  function boundsOf(L, group, places, outlines) {
    var bounds = L.latLngBounds(places.length ? group.getBounds().pad(0.2) : []);
    outlines.forEach(function (line) {
      if (!line.is_beside) { bounds.extend([[line.box[0], line.box[1]], [line.box[2], line.box[3]]]); }
    });
    return bounds;
  }
  function show(panel, found, words) {
    var L = window.L, told = panel.dataset;
    var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    var map = L.map(panel.querySelector("[data-map-here]"), {
      zoomControl: false, attributionControl: Boolean(told.credit), maxZoom: 16, minZoom: 5,
      zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still
    });
    L.control.zoom({ position: "bottomleft", zoomInTitle: told.closer, zoomOutTitle: told.farther }).addTo(map);
    if (told.tiles) { L.tileLayer(told.tiles, { maxZoom: 16 }).addTo(map); }
    if (told.credit) { map.attributionControl.setPrefix(false).addAttribution(told.credit.replace(/[<>&]/g, "")); }
    var group = L.markerClusterGroup({
      showCoverageOnHover: false, animate: !still, maxClusterRadius: 44,
      iconCreateFunction: function (cluster) {
        var count = cluster.getAllChildMarkers().reduce(function (sum, marker) { return sum + marker.options.count; }, 0);
        return icon(L, told, count, "");
      }
    });
    found.places.forEach(function (place) {
      var marker = L.marker([place.lat, place.lon], { icon: icon(L, told, place.count, place.name), count: place.count, title: place.name });
      marker.bindPopup(popup(told, place), { maxWidth: 260, closeButton: false, autoPanPadding: [8, 8] });
      if (!told.tiles) { marker.bindTooltip(named(place.name), { permanent: true, direction: "bottom", offset: [0, 20], className: "map-name" }); }
      group.addLayer(marker);
    });
    map.addLayer(group);
    var outlines = found.outlines || [], bounds = boundsOf(L, group, found.places, outlines);
    if (bounds.isValid()) { map.fitBounds(bounds, { maxZoom: 12 }); } else { map.setView([51, 10.5], 6); }
    if (outlines.length) {
      draw(L, map, outlines);
      words.after(credit(found));
    }
    words.textContent = [
      found.nowhere ? told.nowhere.replace("{n}", String(found.nowhere)) : "",
      found.more ? told.more.replace("{n}", String(found.more)) : ""
    ].join(" ").trim();
  }
})();
