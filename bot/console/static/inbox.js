// The inbox: picking rows, the keys that open a ticket at a verb, the time to take back, and the bar of what is new.
(function () {
  "use strict";
  var bulk = document.getElementById("bulk"), picked = document.getElementById("picked");
  var boxes = Array.prototype.slice.call(document.querySelectorAll("[data-pick]"));
  var whole = document.querySelectorAll("[data-pick-all]");

  function count() {
    var some = boxes.filter(function (box) { return box.checked; });
    if (picked) { picked.textContent = some.length ? picked.getAttribute("data-said").replace("#", some.length) : ""; }
    boxes.forEach(function (box) { box.closest("tr").classList.toggle("picked", box.checked); });
    whole.forEach(function (all) { all.checked = boxes.length > 0 && some.length === boxes.length; all.indeterminate = some.length > 0 && !all.checked; });
    return some;
  }
  boxes.forEach(function (box) { box.addEventListener("change", count); });
  // One stands over the table; on a phone, where the table has no head, one beside the buttons.
  whole.forEach(function (all) {
    all.hidden = false;
    if (all.closest("label")) { all.closest("label").hidden = false; }
    all.addEventListener("change", function () { var is = all.checked; boxes.forEach(function (box) { box.checked = is; }); count(); });
  });
  window.addEventListener("pageshow", count);

  // What is picked goes along; by key, without any picked, it is the row where one is.
  var byKey = false;
  document.addEventListener("keydown", function (event) { byKey = event.key === "a" || event.key === "M" || event.target.id === "command"; }, true);
  document.addEventListener("pointerdown", function (event) { byKey = !!event.target.closest("#commands"); }, true);
  if (bulk) {
    bulk.addEventListener("submit", function () {
      var some = count(), here = document.querySelector("[data-row].here [data-pick]");
      if (!some.length && byKey && here) { some = [here]; }
      bulk.elements.picks.value = some.map(function (box) { return box.value; }).join(" ");  // Twice named is picked once.
    });
  }

  // What may be done with the marked row, by its key or from the command box: on the ticket's own page.
  document.querySelectorAll("span[data-verb]").forEach(function (one) {
    one.addEventListener("click", function () {
      var link = document.querySelector("[data-row].here [data-open]");
      if (link) { location.href = link.href + "?do=" + one.getAttribute("data-verb"); }
    });
  });

  // The button to take back goes when its time is over.
  var undo = document.getElementById("undo");
  if (undo) { setTimeout(function () { undo.hidden = true; }, Number(undo.getAttribute("data-seconds")) * 1000); }

  // What is new is said, and never pushed under the reader's eyes.
  var fresh = document.getElementById("fresh");
  if (fresh && window.EventSource) {
    var stream = new EventSource(fresh.getAttribute("data-stream"));
    stream.onmessage = function (message) {
      var said = JSON.parse(message.data);
      fresh.firstElementChild.textContent = said.said;
      fresh.hidden = !said.count;
      document.title = document.title.replace(/^\(\d+\) /, "");
      if (said.count) { document.title = "(" + said.count + ") " + document.title; }
    };
    window.watch(stream);
    window.addEventListener("pagehide", function () { stream.close(); });
  }
})();
