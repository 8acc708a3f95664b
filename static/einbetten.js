// For websites that show a kursliste in an iframe: gives each iframe the height of its list.
// No cookies, no requests, nothing of the website is read. Works for several lists on a page.
"use strict";

(() => {
  const script = document.currentScript;
  if (!script) return;
  const home = new URL(script.src).origin;
  const most = 200000; // pixels; a list is never longer
  const seen = new WeakSet();

  const isOurs = (frame) => {
    try {
      const address = new URL(frame.src);
      return address.origin === home && address.pathname.startsWith("/einbetten/");
    } catch {
      return false; // an iframe without an address
    }
  };
  const lists = () => Array.from(document.querySelectorAll("iframe")).filter(isOurs);

  window.addEventListener("message", (event) => {
    if (event.origin !== home || !event.data || event.data.kursliste !== "height") return;
    const height = event.data.height;
    if (!Number.isInteger(height) || height < 1 || height > most) return;
    const frame = lists().find((list) => list.contentWindow === event.source);
    if (!frame) return;
    frame.style.height = `${height}px`;
    // A filter has loaded a shorter list: show its beginning and not what stands below it.
    if (event.data.isNew === true && seen.has(frame) && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
    seen.add(frame);
  });

  // Lists that were there before this script have told their height to nobody.
  const ask = () => lists().forEach((frame) => frame.contentWindow.postMessage({ kursliste: "height?" }, "*"));
  ask();
  document.addEventListener("DOMContentLoaded", ask);
})();
