"use strict";
// Swaps the progress part of the page for a fresh one, and opens the overview when the scan has finished.
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
    if (document.getElementById("progress").dataset.finished !== "yes") setTimeout(refresh, wait);
  }

  function show(fresh) {
    const part = fresh.getElementById("progress");
    if (!part) {
      location.reload(); // The scan has finished: its overview is at the same address.
      return;
    }
    document.title = fresh.title;
    const here = document.getElementById("progress");
    Object.assign(here.dataset, part.dataset);
    here.replaceChildren(...part.childNodes);
  }

  setTimeout(refresh, wait);
})();
