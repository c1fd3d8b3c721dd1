// Keys of the console, and small comforts. Every page works without this file.
(function () {
  "use strict";
  var list = function (what, where) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); };
  var keys = document.getElementById("keys");
  var on = document.getElementById("keys-on");
  var opener = document.getElementById("keys-open");
  var wants = { get: function () { try { return localStorage.getItem("keys") !== "off"; } catch (e) { return true; } },
    set: function (is) { try { localStorage.setItem("keys", is ? "on" : "off"); } catch (e) { /* kept for this page only */ } } };
  var waiting = 0;  // when "g" was pressed

  // When a page's stream is over for good: whoever was signed out elsewhere sees the sign-in instead; what is written is kept.
  window.watch = function (stream) {
    function over() {
      stream.close();
      fetch(location.href, { redirect: "manual", credentials: "same-origin" })
        .then(function (answer) { if (answer.type === "opaqueredirect") { location.reload(); } }, function () { /* the next press tells */ });
    }
    stream.addEventListener("over", over);
    stream.addEventListener("error", function () { if (stream.readyState === 2) { over(); } });
  };

  function help() { if (keys && keys.showModal && !keys.open) { keys.showModal(); } }
  if (opener) { opener.hidden = false; opener.addEventListener("click", help); }
  // Keys that a page prints are those that work: none without this file, none when they are switched off.
  var printed = document.getElementById("keys-here");
  function print() { if (printed) { printed.hidden = !wants.get(); } }
  print();
  if (on) { on.checked = wants.get(); on.addEventListener("change", function () { wants.set(on.checked); print(); }); }

  // The help also names what is on this page: <button data-key="a" data-key-label="…">.
  if (keys) {
    list("[data-key][data-key-label]").forEach(function (one) {
      var dt = document.createElement("dt"), kbd = document.createElement("kbd"), dd = document.createElement("dd");
      kbd.textContent = one.getAttribute("data-key");
      dd.textContent = one.getAttribute("data-key-label");
      dt.appendChild(kbd);
      keys.querySelector("dl").appendChild(dt);
      keys.querySelector("dl").appendChild(dd);
    });
  }

  function isWriting(target) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio)$/.test(target.type) || target.isContentEditable;
  }

  // Rows: <tr data-row> with a link [data-open] and a checkbox [data-pick].
  function here() { return document.querySelector("[data-row].here"); }
  function move(by) {
    var rows = list("[data-row]"), at = rows.indexOf(here());
    var next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
    if (!next) { return false; }
    rows.forEach(function (row) { row.classList.toggle("here", row === next); });
    var link = next.querySelector("[data-open]");
    if (link) { link.focus({ preventScroll: true }); }
    next.scrollIntoView({ block: "nearest" });
    return true;
  }
  function open() { var link = here() && here().querySelector("[data-open]"); if (link) { link.click(); } return !!link; }
  function pick() {
    var box = here() && here().querySelector("[data-pick]");
    if (box) { box.click(); }
    return !!box;
  }
  function back() { var link = document.querySelector("[data-back]"); if (link) { link.click(); } return !!link; }
  function press(name) {
    var found = list("[data-key]").filter(function (one) {
      return one.getAttribute("data-key") === name && !one.disabled && (one.getClientRects().length || one.tagName === "SPAN");
    })[0];
    if (!found) { return false; }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(found.tagName) && found.type !== "submit") { found.focus(); } else { found.click(); }
    return true;
  }
  function enter() { var button = document.querySelector("[data-enter]"); if (button) { button.click(); } return !!button; }
  function go(letter) { var link = document.querySelector('[data-go="' + letter + '"]'); if (link) { link.click(); } return !!link; }

  // The command box: everything that this page offers by a key, every page of the bar, ready sentences, and the search.
  var commands = document.getElementById("commands"), command = document.getElementById("command");
  var offers = document.getElementById("command-list"), fitting = [], at = 0;
  function offered() {
    var found = list("[data-key][data-key-label]").map(function (one) {
      return { label: one.getAttribute("data-key-label"), key: one.getAttribute("data-key"), run: function () { press(one.getAttribute("data-key")); } };
    });
    list("#phrase option[data-words]").forEach(function (one) {
      found.push({ label: one.textContent, key: "", run: function () { one.selected = true; document.getElementById("put-in").click(); } });
    });
    list("[data-go]").forEach(function (one) { found.push({ label: one.textContent, key: "g " + one.getAttribute("data-go"), run: function () { one.click(); } }); });
    return found;
  }
  function show() {
    var words = command.value.trim().toLowerCase();
    fitting = offered().filter(function (one) { return one.label.toLowerCase().indexOf(words) >= 0; }).slice(0, 12);
    if (words) {
      fitting.push({ label: offers.getAttribute("data-search").replace("#", command.value.trim()), key: "", run: function () {
        var find = document.querySelector(".find");
        find.elements.q.value = command.value.trim();
        find.submit();
      } });
    }
    at = Math.max(0, Math.min(at, fitting.length - 1));
    offers.textContent = "";
    fitting.forEach(function (one, place) {
      var li = document.createElement("li"), kbd = document.createElement("kbd");
      li.id = "command-" + place;
      li.setAttribute("role", "option");
      li.setAttribute("aria-selected", place === at ? "true" : "false");
      li.textContent = one.label + " ";
      if (one.key) { kbd.textContent = one.key; li.appendChild(kbd); }
      li.addEventListener("click", function () { run(place); });
      offers.appendChild(li);
    });
    command.setAttribute("aria-activedescendant", fitting.length ? "command-" + at : "");
  }
  function run(place) { var one = fitting[place]; commands.close(); if (one) { one.run(); } }
  function ask() {
    if (!commands || !commands.showModal || commands.open || keys && keys.open) { return false; }
    command.value = "";
    at = 0;
    show();
    commands.showModal();
    command.focus();
    return true;
  }
  if (command) {
    command.addEventListener("input", function () { at = 0; show(); });
    command.addEventListener("keydown", function (event) {
      if (event.isComposing || event.keyCode === 229) { return; }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); at += event.key === "ArrowDown" ? 1 : -1; show(); }
      if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); run(at); }
    });
  }

  // On a narrow screen the tabs scroll sideways: where one is stands in sight.
  list("nav [aria-current]").forEach(function (one) {
    var strip = one.closest("nav");
    if (strip.scrollWidth > strip.clientWidth) { strip.scrollLeft += one.getBoundingClientRect().left - strip.getBoundingClientRect().left - (strip.clientWidth - one.offsetWidth) / 2; }
  });

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) { return; }
    var key = event.key, ctrl = event.ctrlKey || event.metaKey;
    if (ctrl && key === "Enter" && !document.querySelector("dialog[open]") && press("Ctrl+Enter")) { event.preventDefault(); return; }
    if (ctrl && key === "Enter" && event.target.form) {
      event.preventDefault();
      if (event.target.form.requestSubmit) { event.target.form.requestSubmit(); } else { event.target.form.submit(); }
      return;
    }
    if (ctrl && key.toLowerCase() === "k" && (ask() || press("/"))) { event.preventDefault(); return; }
    if (ctrl || event.altKey || !wants.get()) { return; }
    var menu = document.querySelector(".who[open]");
    if (key === "Escape" && menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
    if (key === "Escape" && isWriting(event.target) && event.target !== command) { event.target.blur(); return; }
    if (isWriting(event.target) || keys && keys.open || commands && commands.open) { return; }
    var name = event.shiftKey && key.length === 1 && /[A-Za-z]/.test(key) ? "Shift+" + key.toUpperCase() : key;
    var done = false;
    if (waiting && event.timeStamp - waiting < 1500) { done = go(key); }
    waiting = key === "g" && !done ? event.timeStamp : 0;
    if (done || waiting) { /* gone, or on the way */ }
    else if (name === "j") { done = move(1) || press("j"); }
    else if (name === "k") { done = move(-1) || press("k"); }
    else if (name === "o" || name === "Enter" && event.target === document.body) { done = open() || press("o") || name === "Enter" && enter(); }
    else if (name === "x") { done = pick(); }
    else if (name === "u") { done = back(); }
    else if (name === "?") { help(); done = true; }
    else { done = press(name); }
    if (done) { event.preventDefault(); }
  });

  document.addEventListener("click", function (event) {
    var menu = document.querySelector(".who[open]");
    if (menu && !menu.contains(event.target)) { menu.open = false; }
  });

  // A form is sent once; what may not be taken back is asked first.
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    var words = button && button.getAttribute("data-confirm") || form.getAttribute("data-confirm");
    if (words && !window.confirm(words)) { event.preventDefault(); return; }
    if (event.defaultPrevented || form.method !== "post") { return; }
    if (form.getAttribute("data-sent")) { event.preventDefault(); return; }
    if (/\/sign-out$/.test(form.getAttribute("action"))) {  // What was written and not sent stays for nobody else.
      try { Object.keys(localStorage).forEach(function (key) { if (/^words:/.test(key)) { localStorage.removeItem(key); } }); } catch (e) { /* nothing is kept */ }
    }
    // A file that is handed over leaves the page as it is: the form may be sent again for another.
    if (!(button && button.hasAttribute("data-download"))) { form.setAttribute("data-sent", "1"); }
  });
  window.addEventListener("pageshow", function () { list("form[data-sent]").forEach(function (form) { form.removeAttribute("data-sent"); }); });
})();
