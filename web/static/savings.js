"use strict";
// Opens a finding in place and saves decisions without leaving the list. Without this script, links and forms do it.
(() => {
  const parts = ["savings-status", "savings-sums"];

  async function page(address, options) {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", ...options });
    if (!(answer.headers.get("Content-Type") || "").startsWith("text/html") || answer.status === 401) throw answer;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  function replaced(id, fresh) {
    const here = document.getElementById(id);
    const there = fresh.getElementById(id);
    if (here && there) here.replaceWith(there);
    return there;
  }

  document.addEventListener("toggle", async (event) => {
    const fold = event.target;
    if (!fold.open || !fold.dataset.source || fold.dataset.loaded) return;
    fold.dataset.loaded = "yes";
    const id = fold.parentElement.id;
    try {
      const fresh = await page(fold.dataset.source);
      const body = fresh.getElementById(id).querySelector(".finding-body");
      fold.querySelector(".finding-body").replaceWith(body);
    } catch {
      location.assign(fold.dataset.source + "#" + id);
    }
  }, true);

  document.addEventListener("change", (event) => {
    if (!event.target.matches(".pick")) return;
    const chosen = event.target.form.querySelector("input[name=scope][value=selected]");
    if (chosen) chosen.checked = true;
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches(".decide, .plan, .undo")) return;
    event.preventDefault();
    const sent = new URLSearchParams(new FormData(form, event.submitter));
    const id = form.action.split("/findings/")[1].split("/")[0];
    try {
      const fresh = await page(form.action, { method: "POST", body: sent });
      parts.forEach((part) => replaced(part, fresh));
      const row = replaced(id, fresh);
      if (!row) throw new Error("the finding is not on the page");
      const said = document.querySelector("#savings-status .notice") ? "savings-status" : id;
      document.getElementById(said).querySelector("button, summary").focus({ preventScroll: true });
    } catch {
      location.reload();
    }
  });
})();
