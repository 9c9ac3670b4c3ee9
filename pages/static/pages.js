// The pages work without this. With it, focus moves to what is wrong, and a button pressed twice sends once.
import { initAll } from "./govuk-frontend-6.6.0/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// What is typed on a form is kept by its own button. With this it is kept as well while it is typed.
const KEPT_AFTER = 1500;

for (const form of document.querySelectorAll("form[data-keeps]")) {
  let waiting = 0;
  let changed = false;
  // Why what was typed last is not kept, if it is not: a number that the page has words for, or any other.
  const say = (why) => {
    changed = changed || why !== "";
    const words = [...form.querySelectorAll("[data-not-kept]")];
    const wanted = words.some((one) => one.dataset.notKept === why) ? why : "other";
    for (const one of words) one.hidden = why === "" || one.dataset.notKept !== wanted;
  };
  const keep = (leaving) => {
    window.clearTimeout(waiting);
    if (!changed) return;
    changed = false;
    const sent = new URLSearchParams(new FormData(form));
    sent.set("go", "keep");
    const ask = { method: "POST", body: sent, redirect: "manual", keepalive: leaving && sent.toString().length < 60000 };
    fetch(form.action, ask)
      .then((answer) => (answer.ok ? "" : String(answer.status)))
      .catch(() => "other")
      .then(say);
  };
  form.addEventListener("input", () => {
    changed = true;
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => keep(false), KEPT_AFTER);
  });
  form.addEventListener("submit", () => {
    changed = false;
    window.clearTimeout(waiting);
  });
  window.addEventListener("pagehide", () => keep(true));
}
