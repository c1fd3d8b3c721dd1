// Opening for a student: what was filled in outlives a lost sign-in or network, until the page says that it was handed in.
(function () {
  "use strict";
  var form = document.querySelector("form[data-kept]"), done = document.querySelector("[data-done]");

  // Handed in: everything that was kept for this student goes.
  if (done && !document.querySelector(".wrong")) {
    try {
      Object.keys(localStorage).forEach(function (key) {
        if (/^words:/.test(key) && key.indexOf(":" + done.getAttribute("data-done")) > 0) { localStorage.removeItem(key); }
      });
    } catch (e) { /* nothing is kept */ }
  }
  if (!form) { return; }
  var place = "words:" + form.getAttribute("data-kept") + ":" + form.getAttribute("action");

  // The key goes along: what was handed in, and only its answer lost, is not handed in twice.
  function own(one) { return (/^f-/.test(one.name) || one.name === "source" || one.name === "key") && one.type !== "file"; }
  function inputs() { return Array.prototype.filter.call(form.elements, own); }
  function keep() {
    var kept = inputs().map(function (one) { return [one.name, one.value, /^(radio|checkbox)$/.test(one.type) ? one.checked : null]; });
    try { localStorage.setItem(place, JSON.stringify(kept)); } catch (e) { /* not kept */ }
  }
  function restore() {
    var kept = [];
    try { kept = JSON.parse(localStorage.getItem(place) || "[]"); } catch (e) { return; }
    inputs().forEach(function (one) {
      kept.forEach(function (each) {
        if (each[0] !== one.name) { return; }
        if (each[2] === null) { one.value = each[1]; } else if (each[1] === one.value) { one.checked = each[2]; }
      });
    });
  }
  if (form.getAttribute("data-fresh")) { restore(); }
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", keep);
})();
