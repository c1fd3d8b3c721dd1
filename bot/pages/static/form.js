// A student's form: what is typed and not put aside outlives leaving the page within this tab, and closing it is asked first.
// Without this file the button that puts the form aside does the same for good.
(function () {
  "use strict";
  var form = document.querySelector("form[data-kept]"), told = document.getElementById("restored");
  if (!form) { return; }
  var place = "form:" + form.getAttribute("data-kept"), sealed = form.getAttribute("data-sealed").split(" ").filter(Boolean);
  var dirty = false, risky = false, leaving = false;  // risky: what no tab keeps was entered
  var entry = window.performance && performance.getEntriesByType && performance.getEntriesByType("navigation")[0];

  // What is sealed in the database is not left lying in a browser; files cannot be.
  function isSealed(name) { return sealed.some(function (each) { return name === each || name.indexOf(each + "-") === 0; }); }
  function inputs() {
    return Array.prototype.filter.call(form.elements, function (one) {
      return /^f-/.test(one.name) && one.type !== "file" && !isSealed(one.name);
    });
  }
  function read() { try { return JSON.parse(sessionStorage.getItem(place) || "null"); } catch (e) { return null; } }
  function write(sent) {
    var kept = inputs().map(function (one) { return [one.name, one.value, /^(radio|checkbox)$/.test(one.type) ? one.checked : null]; });
    try { sessionStorage.setItem(place, JSON.stringify({ sent: sent, kept: kept })); } catch (e) { /* then only the question is asked */ }
  }
  function forget() { try { sessionStorage.removeItem(place); } catch (e) { /* nothing is kept */ } }
  function restore(kept) {
    var changed = false;
    inputs().forEach(function (one) {
      kept.forEach(function (each) {
        if (each[0] !== one.name) { return; }
        if (each[2] === null && one.value !== each[1]) { one.value = each[1]; changed = true; }
        if (each[2] !== null && each[1] === one.value && one.checked !== each[2]) { one.checked = each[2]; changed = true; }
      });
    });
    return changed;
  }

  // The server's answer to what was sent holds all of it. Else what was never sent comes back, and what was sent only to
  // whoever went back or loads again: perhaps it never arrived.
  var found = read();
  var again = entry && (entry.type === "reload" || entry.type === "back_forward");
  if (form.getAttribute("data-safe")) { forget(); }
  else if (found && (!found.sent || again) && restore(found.kept)) { dirty = true; told.hidden = false; }
  else if (found) { forget(); }

  function changed(event) {
    if (!/^f-/.test(event.target.name || "")) { return; }
    dirty = true;
    risky = risky || event.target.type === "file" || isSealed(event.target.name);
    write(false);
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", function () { leaving = true; write(true); });
  var drop = document.querySelector("form[action$='/drop']");
  if (drop) { drop.addEventListener("submit", function () { leaving = true; forget(); }); }
  // Another page of ours, from which one comes back to the same words, is not asked about.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (link && link.origin === location.origin && !link.target && !risky && read()) { leaving = true; }
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { leaving = false; } });
  window.addEventListener("beforeunload", function (event) { if (dirty && !leaving) { event.preventDefault(); } });
})();
