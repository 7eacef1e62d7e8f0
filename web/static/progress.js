"use strict";
// Swaps the progress part of the page for a fresh one, and opens the report when a watched scan has one.
// Without this script the page refreshes itself.
(() => {
  const SHORTEST_WAIT_MS = 2000;
  const LONGEST_WAIT_MS = 30000;
  let wait = SHORTEST_WAIT_MS;

  async function refresh() {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
      if (answer.status === 401 || answer.status === 404) {
        location.reload();
        return;
      }
      if (!answer.ok) throw new Error("not now");
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      wait = SHORTEST_WAIT_MS;
    } catch {
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
    const part = document.getElementById("progress");
    if (part.dataset.finished !== "yes") setTimeout(refresh, wait);
    else if (part.dataset.report) location.assign(part.dataset.report);
  }

  function show(fresh) {
    const part = fresh.getElementById("progress");
    if (!part) throw new Error("not the progress page");
    document.title = fresh.title;
    const here = document.getElementById("progress");
    Object.assign(here.dataset, part.dataset);
    here.replaceChildren(...part.childNodes);
  }

  setTimeout(refresh, wait);
})();
