"use strict";
// Saves what is written a moment after the last key, and shows the preview. Without this script there is the button.
(() => {
  const PAUSE_MS = 1500;
  const form = document.getElementById("editor");
  if (!form || form.dataset.isDraft !== "yes") return;
  const state = document.getElementById("save-state");
  const preview = document.getElementById("preview");
  let timer = 0;
  let isSaving = false;
  let isDirty = false;

  async function save() {
    if (isSaving) return;
    isSaving = true;
    isDirty = false;
    state.textContent = "Saving…";
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        credentials: "same-origin",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
      });
      show(answer, answer.headers.get("content-type").startsWith("application/json") ? await answer.json() : {});
    } catch {
      state.textContent = "Not saved: we cannot be reached. Your text is still here; the next change tries again.";
    }
    isSaving = false;
    if (isDirty) later();
  }

  function show(answer, body) {
    if (answer.ok) {
      form.elements.version.value = body.version;
      // The server has made this HTML safe: it is what the page itself would show.
      preview.replaceChildren(...new DOMParser().parseFromString(body.html, "text/html").body.childNodes);
      state.textContent = `Saved as version ${body.version}.`;
    } else {
      state.textContent = `Not saved. ${(body.problems || ["Press Save to see why."]).join(" ")}`;
    }
  }

  function later() {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  }

  form.addEventListener("input", later);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isDirty = false;
  });
  addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
})();
