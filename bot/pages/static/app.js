/* The chat page, kept alive: sends without reloading, again until it is answered, and hears what is new. ES2017. */
(function () {
  "use strict";
  var $ = function (id) { return document.getElementById(id); };
  var body = document.body, log = $("log"), form = $("say"), words = $("text"), file = $("file"), banner = $("banner");
  if (!log || !window.fetch || !window.FormData || !window.crypto) return;
  document.documentElement.classList.add("js");
  var data = body.dataset, clip = document.querySelector(".clip span"), attach = clip.textContent;
  var token = form.elements.token.value, seq = 0, heard = 0, acked = 0, tries = 0, busy = false, timer = 0, ackTimer = 0;
  var source = null, born = 0, failures = 0, polling = false, store = "yizhan." + data.who, queue = [];

  function keep() { // What is not answered yet, and what is being written, survive a reload; a chosen file cannot.
    try {
      sessionStorage.setItem(store, JSON.stringify({ queue: queue.filter(function (m) { return !m.file; }), draft: words.value }));
    } catch (e) { /* Storage is full or forbidden: then a reload forgets. */ }
  }
  function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
  }
  function tell(text) { banner.textContent = text || ""; banner.hidden = !text; if (text) down(); }
  function down() { window.scrollTo(0, document.documentElement.scrollHeight); }
  function atEnd() { return window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 150; }
  function number(node) { return Number(node.dataset.seq || 0); }

  /* The log: in order, each number once, each card once, buttons only where they still count. */
  function jump(card) {
    var a = document.createElement("a");
    a.className = "jump";
    a.href = "#" + card.id;
    a.textContent = card.querySelector("h2").textContent;
    return a;
  }
  function place(card, isNotice) {
    var others = log.querySelectorAll("[data-card]");
    for (var i = 0; i < others.length; i++) {
      var old = others[i];
      if (old === card || old.dataset.card !== card.dataset.card) continue;
      if (number(old) > number(card)) card.replaceWith(jump(old));
      else if (isNotice) { card.replaceWith(jump(card)); old.replaceWith(card); }
      else old.replaceWith(jump(card));
      return;
    }
  }
  function tidy() {
    var items = log.children, last = -1, day = "", i;
    for (i = 0; i < items.length; i++) if (items[i].dataset.seq && !items[i].classList.contains("notice")) last = i;
    for (i = 0; i < items.length; i++) {
      if (i < last || items[i].id === "hello" && items.length > 1)
        items[i].querySelectorAll(".choices:not(.own)").forEach(function (c) { c.remove(); });
      if (items[i].dataset.day) { items[i].classList.toggle("newday", items[i].dataset.day !== day); day = items[i].dataset.day; }
    }
  }
  function hear(item) { heard = Math.max(heard, item.seq); put(item); } // An answer may pass what is still to be heard.
  function put(item) {
    if ($("e" + item.seq)) return;
    var box = document.createElement("template"), follow = atEnd();
    box.innerHTML = item.html.trim();
    var li = box.content.firstElementChild, mine = item.key && log.querySelector('[data-key="' + item.key + '"]');
    if (mine) { mine.remove(); follow = true; }
    var next = Array.from(log.children).find(function (n) { return n.classList.contains("pending") || number(n) > item.seq; });
    log.insertBefore(li, next || null);
    li.querySelectorAll("[data-card]").forEach(function (c) { place(c, li.classList.contains("notice")); });
    seq = Math.max(seq, item.seq);
    drop(item.key);
    tidy();
    if (follow) down();
    acknowledge();
  }
  function pend(m) {
    var li = document.createElement("li"), div = document.createElement("div"), p = document.createElement("p");
    li.className = "pending";
    li.dataset.key = m.key;
    div.className = "me";
    p.textContent = m.label || m.text || (m.file ? m.file.name : "");
    div.appendChild(p);
    li.appendChild(div);
    log.appendChild(li);
    down();
  }
  function drop(key) {
    queue = queue.filter(function (m) { return m.key !== key; });
    keep();
  }

  /* Sending: one at a time, in order, again under the same id until there is an answer. */
  function post(path, fields) {
    var f = new FormData();
    f.append("token", token);
    Object.keys(fields).forEach(function (k) { if (fields[k]) f.append(k, fields[k]); });
    return fetch(path, { method: "POST", body: f, credentials: "same-origin", headers: { Accept: "application/json" } });
  }
  function add(m) {
    m.key = newKey();
    queue.push(m);
    keep();
    pend(m);
    pump();
  }
  function later(seconds, problem) {
    tell(problem || data.off);
    tries++;
    clearTimeout(timer);
    timer = setTimeout(pump, 1000 * Math.max(seconds || 0, Math.min(30, Math.pow(2, tries)) * (0.75 + Math.random() / 2)));
  }
  function pump() {
    clearTimeout(timer);
    if (busy || !queue.length) return;
    busy = true;
    var m = queue[0];
    post("/chat/say", { key: m.key, text: m.text, press: m.press, file: m.file, seen: String(heard) }).then(function (r) {
      return r.json().catch(function () { return {}; }).then(function (d) {
        busy = false;
        if (r.ok && d.entries) {
          tries = 0;
          tell("");
          d.entries.forEach(put);
          drop(m.key);
          data.live = "1";
          listen();
          pump();
        } else if (d.stale && !m.again) { m.again = true; renew(); }
        else if (r.status === 429 || r.status > 500) {
          if (d.html && !m.helped) { m.helped = true; help(d.html); }
          later(Number(r.headers.get("Retry-After")), d.problem);
        } else giveBack(m, d.problem || data.off);
      });
    }).catch(function () { busy = false; later(); });
  }
  function giveBack(m, problem) {
    drop(m.key);
    var li = log.querySelector('[data-key="' + m.key + '"]');
    if (li) li.remove();
    if (!words.value && m.text && !m.press) { words.value = m.text; grow(); }
    keep();
    tell(problem);
    pump();
  }
  function help(html) {
    var box = document.createElement("template");
    box.innerHTML = html.trim();
    var li = box.content.firstElementChild;
    li.removeAttribute("id");
    delete li.dataset.seq;
    log.appendChild(li);
    down();
  }
  function renew() { // The page is older than the browser's cookie: take the new token, unless somebody else came in.
    fetch("/chat/poll?after=" + heard, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (r) { return r.json(); })
      .then(function (d) {
        if (d.who !== data.who) { location.reload(); return; }
        token = d.token;
        pump();
      }).catch(function () { location.reload(); });
  }

  /* Hearing: a stream that goes on where it was cut, and questions every ten seconds where streams are not let through. */
  function listen() {
    if (source || polling || !data.live) return;
    if (!window.EventSource || failures > 1) { polling = true; poll(); return; }
    source = new EventSource("/chat/stream?after=" + heard);
    born = Date.now();
    source.onmessage = function (e) { hear(JSON.parse(e.data)); };
    source.onerror = function () {
      failures = Date.now() - born > 60000 ? 1 : failures + 1;
      born = Date.now();
      if (failures > 1 || source.readyState === 2) {
        source.close();
        source = null;
        setTimeout(listen, failures > 1 ? 0 : 5000);
      }
    };
  }
  function poll() {
    fetch("/chat/poll?after=" + heard, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (r) { return r.ok ? r.json() : null; })
      .then(function (d) {
        if (!d) return;
        if (d.who !== data.who) { location.reload(); return; }
        d.entries.forEach(hear);
      }).catch(function () {}).then(function () { setTimeout(poll, 10000); });
  }
  function acknowledge() {
    clearTimeout(ackTimer);
    ackTimer = setTimeout(function () {
      if (document.hidden || heard <= acked) return;
      var upto = heard;
      post("/chat/seen", { seq: String(upto) }).then(function (r) { if (r.ok) acked = upto; }).catch(function () {});
    }, 1000);
  }

  /* The person's hands. */
  function grow() { words.style.height = "auto"; words.style.height = words.scrollHeight + 2 + "px"; }
  function choose() { clip.textContent = file.files[0] ? file.files[0].name : attach; }
  form.addEventListener("submit", function (e) {
    e.preventDefault();
    var text = words.value.trim(), sent = file.files[0];
    if (!text && !sent) { words.focus(); return; }
    if (sent && sent.size > Number(data.most)) { tell(data.big); return; }
    words.value = "";
    form.elements.file.value = "";
    choose();
    grow();
    add({ text: text, file: sent });
    words.focus();
  });
  log.addEventListener("click", function (e) {
    var b = e.target.closest && e.target.closest("button[form=press]");
    if (!b) return;
    e.preventDefault();
    var m = { label: b.textContent };
    m[b.name] = b.value;
    b.parentNode.querySelectorAll("button").forEach(function (o) { o.disabled = true; });
    setTimeout(function () { b.parentNode && b.parentNode.querySelectorAll("button").forEach(function (o) { o.disabled = false; }); }, 3000);
    add(m);
  });
  words.addEventListener("keydown", function (e) {
    if (e.key !== "Enter" || e.shiftKey || e.isComposing || e.keyCode === 229) return;
    e.preventDefault();
    form.querySelector(".send").click();
  });
  words.addEventListener("input", function () { grow(); keep(); });
  file.addEventListener("change", choose);
  window.addEventListener("online", function () { tries = 0; pump(); });
  document.addEventListener("visibilitychange", acknowledge);

  log.querySelectorAll("li[data-seq]").forEach(function (li) { seq = heard = Math.max(seq, number(li)); });
  try {
    var saved = JSON.parse(sessionStorage.getItem(store)) || {};
    queue = saved.queue || [];
    words.value = saved.draft || "";
  } catch (e) { queue = []; }
  queue.forEach(pend);
  tidy();
  grow();
  down();
  pump();
  listen();
  if (heard) acknowledge();
})();
