/* Names for what Prefect's page leaves without one, so that a screen reader says what a control is for; and no
   advertisement where the server cannot be reached. Reads and names what is there; sends nothing, changes no answer. */
(() => {
  "use strict";
  if (window.safeguardingNames) return;
  window.safeguardingNames = true;
  try { localStorage.setItem("prefect-show-promotional-content", "false"); } catch { /* a browser that keeps nothing */ }

  const NAMED = [
    [".p-modal__x-button", "Close"],
    [".p-tag__dismiss", "Remove"],
    [".flow-run-logs-download-button", "Download these lines"],
    [".app-router-view__menu-icon", "Menu"],
    [".p-icon-button-menu > button", "More"],
    [".p-date-range-select__button:first-child", "Earlier"],
    [".p-date-range-select__button:last-child", "Later"],
    [".work-pool-queue-status-icon", "Whether the queue is served"],
    [".p-pager button:nth-of-type(1)", "First page"],
    [".p-pager button:nth-of-type(2)", "Page before"],
    [".p-pager button:nth-last-of-type(2)", "Next page"],
    [".p-pager button:nth-last-of-type(1)", "Last page"],
    ["a.context-sidebar__logo-link, a[href='/']", "Dashboard"],
  ];

  const words = (of) => (of && of.textContent ? of.textContent.replace(/\s+/g, " ").trim() : "");

  const name = (one, called) => {
    if (called && !one.getAttribute("aria-label") && !words(one)) one.setAttribute("aria-label", called);
  };

  /* The questions in which a control stands, the outermost first: «Police: Reasons». */
  const question = (one) => {
    const asked = [];
    for (let at = one.closest(".schema-form-property"); at; at = at.parentElement.closest(".schema-form-property")) {
      const label = words(at.querySelector(":scope > .p-label__header .schema-form-property__label"));
      if (label) asked.unshift(label);
    }
    return asked.slice(-2).join(": ");
  };

  const look = () => {
    for (const [which, called] of NAMED) document.querySelectorAll(which).forEach((one) => name(one, called));
    for (const one of document.querySelectorAll(".schema-form-property :is(input, textarea)")) {
      const called = question(one);
      if (called && !one.getAttribute("aria-label")) one.setAttribute("aria-label", called);
    }
    for (const one of document.querySelectorAll(".schema-form-property :is(button, [role='combobox'])")) {
      const called = question(one);
      if (called && !one.getAttribute("aria-label") && (!words(one) || one.closest(".p-select, .p-combobox, .p-date-input"))) {
        one.setAttribute("aria-label", words(one) ? `${called}: ${words(one)}` : called);
      }
    }
    for (const one of document.querySelectorAll("input.p-checkbox__input")) {
      const row = one.closest(".state-list-item, tr, .p-list-item");
      const called = words(row && row.querySelector("a"));
      if (!one.getAttribute("aria-label")) one.setAttribute("aria-label", called ? `Choose ${called}` : "Choose all of them");
    }
    for (const one of document.querySelectorAll(".p-toggle__control")) {
      const called = words(one.parentElement);
      if (called && !one.getAttribute("aria-label")) one.setAttribute("aria-label", called);
    }
    for (const one of document.querySelectorAll(".p-modal__card:not([role])")) {
      one.setAttribute("role", "dialog");
      one.setAttribute("aria-modal", "true");
      one.setAttribute("aria-label", words(one.querySelector(".p-modal__header")) || "A form");
    }
    for (const one of document.querySelectorAll("ul[role='tablist'] > li.p-tab")) {
      one.setAttribute("role", "tab");
      one.setAttribute("aria-selected", String(one.classList.contains("p-tab__active")));
    }
    /* What is no choice among several is neither chosen nor not. */
    for (const one of document.querySelectorAll("button.p-button[aria-selected='false']")) {
      if (!one.closest(".p-button-group, [role='tablist']")) one.removeAttribute("aria-selected");
    }
    for (const one of document.querySelectorAll("table")) {
      const round = one.closest(".p-table");
      if (round && round.scrollWidth > round.clientWidth && !round.hasAttribute("tabindex")) {
        round.setAttribute("tabindex", "0");
        round.setAttribute("role", "region");
        round.setAttribute("aria-label", "A table, which scrolls sideways");
      }
    }
  };

  let asked = false;
  const soon = () => {
    if (asked) return;
    asked = true;
    setTimeout(() => { asked = false; look(); }, 100);
  };
  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
  soon();
})();
