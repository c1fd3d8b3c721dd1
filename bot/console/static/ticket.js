// A ticket: ready sentences go in where the cursor is, unsent words outlive a reload, and who else is here is said.
(function () {
  "use strict";
  var form = document.getElementById("words"), box = form && form.elements.words;
  var choice = document.getElementById("phrase"), put = document.getElementById("put-in"), seen = document.getElementById("phrase-seen");

  // Ready sentences: chosen, they are shown; put in, they stand where the cursor was.
  function chosen() { return choice.selectedIndex > 0 ? choice.options[choice.selectedIndex].getAttribute("data-words") : ""; }
  function insert(words) {
    var from = box.selectionStart, to = box.selectionEnd, old = box.value;
    box.value = old.slice(0, from) + words + old.slice(to);
    box.focus();
    box.setSelectionRange(from + words.length, from + words.length);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (choice && box) {
    choice.addEventListener("change", function () { seen.textContent = chosen(); seen.hidden = !chosen(); });
    put.addEventListener("click", function (event) {
      event.preventDefault();
      if (!chosen()) { choice.focus(); return; }
      insert(chosen());
      choice.selectedIndex = 0;
      seen.hidden = true;
    });
    box.addEventListener("input", function () {
      var at = box.selectionStart, two = box.value.slice(at - 2, at);
      if (two !== "::" && two !== "；；" && two !== "：：") { return; }
      box.value = box.value.slice(0, at - 2) + box.value.slice(at);
      box.setSelectionRange(at - 2, at - 2);
      choice.focus();
    });
  }

  // What was not sent is still there after a reload or a new sign-in, for whoever wrote it, until the page says that it
  // was done. It goes with signing out (console.js).
  var ours = form && "words:" + form.getAttribute("data-kept") + ":", place = form && ours + form.getAttribute("action");
  var came = new URLSearchParams(location.search), did = came.get("did");
  if (form && did && !document.querySelector(".wrong")) {
    var base = ours + form.getAttribute("action").replace(/[^/]+\/[^/]+$/, "") + (came.get("was") || location.pathname.split("/").pop()) + "/";
    try { localStorage.removeItem(base + did); if (did === "resolve") { localStorage.removeItem(base + "next"); } } catch (e) { /* nothing is kept */ }
  }
  var keep = { get: function () { try { return localStorage.getItem(place) || ""; } catch (e) { return ""; } },
    set: function (words) { try { if (words) { localStorage.setItem(place, words); } else { localStorage.removeItem(place); } } catch (e) { /* not kept */ } } };
  if (box) {
    if (!box.value && keep.get()) { box.value = keep.get(); }
    box.addEventListener("input", function () { keep.set(box.value); });
  }

  // Who else is here, while this page is looked at; and that one is writing, said now and then.
  var others = document.getElementById("others"), changed = document.getElementById("changed"), stream = null, last = -8000;
  function listen() {
    if (stream || !window.EventSource || document.visibilityState === "hidden") { return; }
    stream = new EventSource(others.getAttribute("data-stream"));
    window.watch(stream);
    stream.onmessage = function (message) {
      var now = JSON.parse(message.data);
      others.textContent = now.said;
      others.hidden = !now.said;
      changed.firstElementChild.textContent = now.changed;
      changed.hidden = !now.changed;
    };
  }
  function leave() { if (stream) { stream.close(); stream = null; } }
  if (others) {
    listen();
    document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") { leave(); } else { listen(); } });
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", listen);
    if (box) {
      box.addEventListener("input", function (event) {
        if (event.timeStamp - last < 8000 || !box.value || !window.fetch) { return; }
        last = event.timeStamp;
        fetch(others.getAttribute("data-writing"), { method: "POST", body: new URLSearchParams({ token: others.getAttribute("data-token") }) }).catch(function () { /* said again later */ });
      });
    }
  }
})();
