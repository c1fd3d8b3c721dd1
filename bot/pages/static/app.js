/* The chat page, kept alive: sends without reloading, again until answered, and hears news. */
(function () {
  "use strict";
  var $ = id => document.getElementById(id);
  var root = document.documentElement, body = document.body, log = $("log"), form = $("say"), words = $("text"), file = $("file"), banner = $("banner");
  if (!log || !window.fetch || !window.FormData || !window.crypto) return;
  root.classList.add("js");
  var data = body.dataset, clip = document.querySelector(".clip span"), attach = clip.textContent;
  var token = form.elements.token.value, heard = 0, acked = 0, tries = 0, busy = false, timer = 0, ackTimer = 0;
  var JSON_ONLY = { Accept: "application/json" };
  var quote = form.elements.quote, chip = $("quoting"), retry = $("retry");
  var source = null, born = 0, failures = 0, polling = false, store = "yizhan." + data.who, queue = [];

  function keep() { // What is not answered yet, and what is being written, survive a reload; a chosen file cannot.
    try {
      sessionStorage.setItem(store, JSON.stringify({ queue: queue.filter(m => !m.file), draft: words.value,
        quote: quote.value, label: chip.firstElementChild.textContent }));
    } catch (e) { /* Storage is full or forbidden: then a reload forgets. */ }
  }
  function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), b => ("0" + b.toString(16)).slice(-2)).join("");
  }
  function tell(text, waits) {
    banner.firstElementChild.textContent = text || "";
    banner.hidden = !text;
    retry.hidden = !waits;
    if (text) down();
  }
  function down() { window.scrollTo(0, root.scrollHeight); }
  function atEnd() { return window.innerHeight + window.scrollY > root.scrollHeight - 150; }
  function number(node) { return Number(node.dataset.seq || 0); }

  function make(tag, name, text) {
    var e = document.createElement(tag);
    e.className = name;
    if (text) e.textContent = text;
    return e;
  }
  function parse(html) {
    var box = document.createElement("template");
    box.innerHTML = html.trim();
    return box.content.firstElementChild;
  }

  /* The log: in order, each number once, each card once, buttons only where they still count. */
  function title(card) { return card.querySelector("h2").textContent; }
  function jump(card) {
    var a = make("a", "jump", data.moved.replace("{title}", title(card)));
    a.href = "#" + card.id;
    return a;
  }
  function move(old, card) {
    var link = jump(card), held = old.contains(document.activeElement);
    old.replaceWith(link);
    if (held) link.focus();
  }
  function place(card) { // It stands under the newest words about its matter; older places lead there.
    var others = log.querySelectorAll("[data-card]");
    for (var i = 0; i < others.length; i++) {
      var old = others[i];
      if (old === card || old.dataset.card !== card.dataset.card) continue;
      if (number(old) > number(card)) { move(card, old); return; }
      move(old, card);
    }
  }
  function tidy() {
    var items = log.children, last = -1, day = "", i;
    for (i = 0; i < items.length; i++) if (items[i].dataset.seq && !items[i].classList.contains("notice")) last = i;
    for (i = 0; i < items.length; i++) {
      if (i < last || items[i].id === "hello" && items.length > 1)
        items[i].querySelectorAll(".choices:not(.own)").forEach(c => { c.remove(); });
      if (items[i].dataset.day) { items[i].classList.toggle("newday", items[i].dataset.day !== day); day = items[i].dataset.day; }
    }
  }
  function hear(item) { heard = Math.max(heard, item.seq); put(item); } // An answer may pass what is still to be heard.
  function put(item) {
    var mine = item.key && log.querySelector('[data-key="' + item.key + '"]');
    if (mine) mine.remove();
    if ($("e" + item.seq)) return;
    var li = parse(item.html), follow = mine || atEnd();
    var next = Array.from(log.children).find(n => n.classList.contains("pending") || number(n) > item.seq);
    log.insertBefore(li, next || null);
    li.querySelectorAll("[data-card]").forEach(place);
    drop(item.key);
    tidy();
    if (follow) down();
    acknowledge();
  }
  function pend(m) {
    var li = make("li", "pending"), div = li.appendChild(make("div", "me"));
    li.dataset.key = m.key;
    div.appendChild(make("p", "", m.label || m.text || m.file && m.file.name));
    if (m.file) (m.bar = li.appendChild(make("progress", ""))).setAttribute("aria-label", data.waiting + " " + m.file.name);
    log.appendChild(li);
    down();
  }
  function drop(key) {
    queue = queue.filter(m => m.key !== key);
    keep();
  }

  /* Sending: one at a time, in order, again under the same id until there is an answer. */
  function fill(fields) {
    var f = new FormData();
    f.append("token", token);
    Object.keys(fields).forEach(k => { if (fields[k]) f.append(k, fields[k]); });
    return f;
  }
  function send(m) { // Not fetch: this one tells how much of a file is through, and gives up on a dead line.
    return new Promise((ok, no) => {
      var x = new XMLHttpRequest(), f = fill({ key: m.key, text: m.text, press: m.press, quote: m.quote, file: m.file, seen: heard });
      x.open("POST", "/chat/say");
      x.setRequestHeader("Accept", "application/json");
      x.timeout = m.file ? 300000 : 30000;
      if (m.bar) x.upload.onprogress = e => { m.bar.max = e.total; m.bar.value = e.loaded; };
      x.onload = () => {
        var d = {};
        try { d = JSON.parse(x.responseText) || d; } catch (e) { /* A proxy's page is no answer. */ }
        ok({ status: x.status, d: d, after: Number(x.getResponseHeader("Retry-After")) });
      };
      x.onerror = x.ontimeout = x.onabort = no;
      x.send(f);
    });
  }
  function add(m) {
    m.key = newKey();
    queue.push(m);
    keep();
    pend(m);
    pump();
  }
  function later(seconds, problem) {
    tell(problem || data.off, true);
    tries++;
    clearTimeout(timer);
    timer = setTimeout(pump, 1000 * Math.max(seconds || 0, Math.min(30, Math.pow(2, tries)) * (0.75 + Math.random() / 2)));
  }
  function pump() {
    clearTimeout(timer);
    if (busy || !queue.length) return;
    busy = true;
    var m = queue[0];
    send(m).then(r => {
      var d = r.d;
      busy = false;
      if (r.status === 200 && d.entries) {
        tries = 0;
        tell("");
        d.entries.forEach(put);
        drop(m.key);
        if (root.lang.slice(0, 2) !== d.lang) return location.reload();
        data.live = "1";
        listen();
        pump();
      } else if (d.stale && !m.again) { m.again = true; renew(); }
      else if (r.status === 429 || r.status > 500) {
        if (d.html && !m.helped) { m.helped = true; help(d.html); }
        later(r.after, d.problem);
      } else giveBack(m, d.problem || data.off);
    }).catch(() => { busy = false; later(); });
  }
  function giveBack(m, problem) {
    drop(m.key);
    var li = log.querySelector('[data-key="' + m.key + '"]');
    if (li) li.remove();
    if (m.text && !m.press) words.value = m.text + (words.value ? "\n" + words.value : "");
    if (m.quote) cite(m.quote, m.about);
    if (m.file && window.DataTransfer) {
      var back = new DataTransfer();
      back.items.add(m.file);
      file.files = back.files;
      choose();
    }
    grow();
    keep();
    tell(problem);
    pump();
  }
  function help(html) {
    var li = parse(html);
    li.removeAttribute("id");
    delete li.dataset.seq;
    log.appendChild(li);
    down();
  }
  function renew() { // The page is older than the browser's cookie: take the new token, unless somebody else came in.
    fetch("/chat/poll?after=" + heard, { headers: JSON_ONLY })
      .then(r => r.json())
      .then(d => {
        if (d.who !== data.who) { location.reload(); return; }
        token = d.token;
        pump();
      }).catch(() => { location.reload(); });
  }

  /* Hearing: a stream that goes on where it was cut, and questions every ten seconds where streams are not let through. */
  function listen() {
    if (source || polling || !data.live) return;
    if (!window.EventSource || failures > 1) { polling = true; poll(); return; }
    source = new EventSource("/chat/stream?after=" + heard);
    born = Date.now();
    source.onmessage = e => { hear(JSON.parse(e.data)); };
    source.onerror = () => {
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
    fetch("/chat/poll?after=" + heard, { headers: JSON_ONLY })
      .then(r => r.ok ? r.json() : null)
      .then(d => {
        if (!d) return;
        if (d.who !== data.who) { location.reload(); return; }
        d.entries.forEach(hear);
      }).catch(() => {}).then(() => { setTimeout(poll, 10000); });
  }
  function acknowledge() {
    clearTimeout(ackTimer);
    ackTimer = setTimeout(() => {
      if (document.hidden || heard <= acked) return;
      var upto = heard;
      fetch("/chat/seen", { method: "POST", body: fill({ seq: upto }), headers: JSON_ONLY }).then(r => { if (r.ok) acked = upto; }).catch(() => {});
    }, 1000);
  }

  /* The person's hands. */
  function grow() { words.style.height = "auto"; words.style.height = words.scrollHeight + 2 + "px"; }
  function choose() { clip.textContent = file.files[0] ? file.files[0].name : attach; }
  form.addEventListener("submit", e => {
    e.preventDefault();
    var text = words.value.trim(), sent = file.files[0];
    if (!text && !sent) { words.focus(); return; }
    if (sent && sent.size > Number(data.most)) { tell(data.big); return; }
    var m = { text: text, file: sent, quote: quote.value, about: chip.firstElementChild.textContent };
    words.value = "";
    file.value = "";
    choose();
    cite("");
    grow();
    add(m);
    words.focus();
  });
  function cite(number, label) { // What is sent next is about this ticket.
    quote.value = number;
    chip.firstElementChild.textContent = label || "";
    chip.hidden = !number;
    if (number) words.setAttribute("aria-describedby", "quoting"); else words.removeAttribute("aria-describedby");
    keep();
  }
  function uncite(e) { e.preventDefault(); cite(""); words.focus(); }
  chip.lastElementChild.addEventListener("click", uncite);
  chip.lastElementChild.addEventListener("keydown", e => { if (e.key === " ") uncite(e); });
  retry.addEventListener("click", () => { tries = 0; pump(); });
  log.addEventListener("click", e => {
    var q = e.target.closest("[data-quote]");
    if (q) {
      e.preventDefault();
      var line = q.parentNode.querySelector("p");
      cite(q.dataset.quote, title(q.parentNode) + (line ? " · " + line.textContent : ""));
      words.focus();
      return;
    }
    var b = e.target.closest("button[form=press]");
    if (!b) return;
    e.preventDefault();
    var m = { label: b.textContent };
    m[b.name] = b.value;
    b.parentNode.querySelectorAll("button").forEach(o => { o.disabled = true; });
    setTimeout(() => { b.parentNode && b.parentNode.querySelectorAll("button").forEach(o => { o.disabled = false; }); }, 3000);
    add(m);
  });
  words.addEventListener("keydown", e => {
    if (e.key === "Escape" && quote.value) cite("");
    if (e.key !== "Enter" || e.shiftKey || e.isComposing || e.keyCode === 229) return;
    e.preventDefault();
    form.querySelector(".send").click();
  });
  words.addEventListener("input", () => { grow(); keep(); });
  file.addEventListener("change", choose);
  window.addEventListener("online", () => { tries = 0; pump(); });
  window.addEventListener("beforeunload", e => { // A file cannot be kept over a reload.
    if (queue.some(m => m.file)) e.preventDefault();
  });
  document.addEventListener("visibilitychange", acknowledge);

  log.querySelectorAll("li[data-seq]").forEach(li => { heard = Math.max(heard, number(li)); });
  try {
    var saved = JSON.parse(sessionStorage.getItem(store)) || {};
    queue = saved.queue || [];
    words.value = saved.draft || "";
    if (saved.quote && !quote.value) cite(saved.quote, saved.label);
  } catch (e) { queue = []; }
  queue.forEach(pend);
  tidy();
  grow();
  down();
  pump();
  listen();
  if (heard) acknowledge();
})();
