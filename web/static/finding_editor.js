"use strict";
// Saves what is written a moment after the last key, and shows the preview. Without this script there is the button.
(() => {
  const PAUSE_MS = 1500;
  const form = document.getElementById("editor");
  if (!form || form.dataset.isDraft !== "yes") return;
  const state = document.getElementById("save-state");
  const preview = document.getElementById("preview");
  const warnings = document.getElementById("warnings");
  const year = document.getElementById("year");
  let timer = 0;
  let saving = null;
  let isDirty = false;

  function save() {
    saving ??= send().finally(() => {
      saving = null;
      if (isDirty) later();
    });
    return saving;
  }

  async function send() {
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
  }

  function show(answer, body) {
    if (answer.ok) {
      form.elements.version.value = body.version;
      // The server has made this HTML safe: it is what the page itself would show.
      preview.replaceChildren(...new DOMParser().parseFromString(body.html, "text/html").body.childNodes);
      year.textContent = body.year && !form.elements.yearly.value ? `: ${body.year}` : "";
      warnings.replaceChildren(...body.warnings.map(warning));
      state.textContent = `Saved as version ${body.version}.`;
    } else {
      state.textContent = `Not saved. ${(body.problems || ["Press Save to see why."]).join(" ")}`;
    }
  }

  function warning(sentence) {
    const shown = document.createElement("p");
    shown.className = "notice warn";
    shown.textContent = sentence;
    return shown;
  }

  function later() {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  }

  // What is looked for, and evidence that is not added yet, are no part of the finding.
  const APART = ["q", "ev_label", "ev_value"];
  form.addEventListener("input", (event) => {
    if (!APART.includes(event.target.name)) later();
  });

  // A button sends the whole form. One that is pressed while a save is under way waits for the version it brings.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    isDirty = false;
    if (saving === null) return;
    event.preventDefault();
    const button = event.submitter;
    saving.then(() => form.requestSubmit(button));
  });

  // Enter in a field of the lower part presses the button beside it, not the first of the form.
  form.addEventListener("keydown", (event) => {
    const beside = { q: "find", ev_label: "type", ev_value: "type" }[event.target.name];
    if (event.key !== "Enter" || !beside) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(`button[name=act][value^="${beside}"]`));
  });

  addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
})();
