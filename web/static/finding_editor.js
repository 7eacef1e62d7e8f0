"use strict";
// Saves the form shortly after the last keystroke and updates the preview. Without this script, use the Save button.
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
      state.textContent = "Not saved: the server cannot be reached. Your text is still here and is saved with your next change.";
    }
  }

  function show(answer, body) {
    if (answer.ok) {
      form.elements.version.value = body.version;
      // The server sanitized this HTML: it is the same as on the page.
      preview.replaceChildren(...new DOMParser().parseFromString(body.html, "text/html").body.childNodes);
      year.textContent = body.year && !form.elements.yearly.value ? `: ${body.year}` : "";
      warnings.replaceChildren(...body.warnings.map(warning));
      state.textContent = `Saved as version ${body.version}.`;
    } else {
      state.textContent = `Not saved. ${(body.problems || ["Select “Save finding” to see why."]).join(" ")}`;
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

  // The search text and evidence that is not added yet are not part of the finding.
  const NOT_SAVED = ["q", "evidence_label", "evidence_value"];
  form.addEventListener("input", (event) => {
    if (!NOT_SAVED.includes(event.target.name)) later();
  });

  // A button submits the whole form. During a save it waits for the new version number.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    isDirty = false;
    if (saving === null) return;
    event.preventDefault();
    const button = event.submitter;
    saving.then(() => form.requestSubmit(button));
  });

  // Enter in a field of the lower part presses the button next to it, not the first button of the form.
  const OPERATIONS = new Map([["q", "search"], ["evidence_label", "enter-evidence"], ["evidence_value", "enter-evidence"]]);
  form.addEventListener("keydown", (event) => {
    const operation = OPERATIONS.get(event.target.name);
    if (event.key !== "Enter" || !operation) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(`button[name=operation][value^="${operation}"]`));
  });

  addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
})();
