// The queue of approvals: the next card is there at once, decisions go out one after another behind it. Without this file
// every decision is a form whose answer is the next card.
(function () {
  "use strict";
  var box = document.getElementById("cards"), bar = document.getElementById("bar"), left = document.getElementById("left");
  var said = document.getElementById("said"), wrong = document.getElementById("wrong"), sending = document.getElementById("sending");
  if (!box || !window.fetch || !window.FormData || !window.URLSearchParams) { return; }
  var waiting = [], busy = false, known = {}, leaving = "";
  function all() { return Array.prototype.slice.call(box.children); }
  function here() { return all().filter(function (card) { return !card.hidden; })[0]; }
  all().forEach(function (card) { known[card.getAttribute("data-number")] = true; });

  // Words that were written and not sent outlive a lost sign-in, for whoever wrote them; they go with signing out (console.js).
  function place(form) { return "words:" + box.getAttribute("data-kept") + ":" + form.getAttribute("action"); }
  function keep(form, words) {
    try { if (words) { localStorage.setItem(place(form), words); } else { localStorage.removeItem(place(form)); } } catch (e) { /* not kept */ }
  }
  function restore(card) {
    Array.prototype.forEach.call(card.querySelectorAll("details form"), function (form) {
      var words = "";
      try { words = localStorage.getItem(place(form)) || ""; } catch (e) { /* nothing is kept */ }
      if (words && !form.elements.words.value) { form.elements.words.value = words; form.parentNode.open = true; }
    });
  }
  all().forEach(restore);
  box.addEventListener("input", function (event) { if (event.target.name === "words") { keep(event.target.form, event.target.value); } });

  function show(card) {
    all().forEach(function (each) { each.hidden = each !== card; });
    if (card) { window.scrollTo(0, 0); }
  }
  function tell(words, address) {
    wrong.textContent = words;
    wrong.hidden = !words;
    if (!address) { return; }
    var link = document.createElement("a");
    link.href = address;
    link.textContent = wrong.getAttribute("data-sign-in");
    wrong.appendChild(document.createTextNode(" "));
    wrong.appendChild(link);
  }
  function take(html, first) {
    var made = document.createElement("div");
    made.innerHTML = html;
    var card = made.firstElementChild, number = card && card.getAttribute("data-number");
    if (!card || known[number] && !first) { return null; }
    known[number] = true;
    box.insertBefore(card, first ? box.firstChild : null);
    restore(card);
    return card;
  }
  function leave(address) { leaving = address; if (!busy) { location.href = address; } }

  // What is decided leaves the queue at once and is sent in order; what could not be done comes back with the reason.
  function decide(form) {
    var card = form.closest(".card"), next = card.nextElementSibling || all()[0];
    waiting.push({ form: form, card: card, body: new URLSearchParams(new FormData(form)) });
    show(next === card ? null : next);
    box.removeChild(card);
    send();
  }
  function last() { var cards = all(); return cards.length ? cards[cards.length - 1].getAttribute("data-number") : ""; }
  function send() {
    var one = waiting[0];
    sending.textContent = sending.getAttribute("data-said");
    sending.hidden = !!here() || !one;
    if (busy || !one) { return; }
    busy = true;
    one.body.set("last", last() || one.card.getAttribute("data-number"));
    fetch(one.form.action, { method: "POST", body: one.body, headers: { accept: "application/json" }, credentials: "same-origin", keepalive: true })
      .then(function (answer) { return answer.json().then(function (told) { return [answer.status, told]; }); })
      .then(function (both) { settle(one, both[0], both[1]); }, function () { settle(one, 0, {}); });
  }
  function settle(one, status, told) {
    busy = false;
    waiting.shift();
    if (status === 200) {
      tell("");
      keep(one.form, "");
      said.textContent = told.said;
      if (document.getElementById("told")) { document.getElementById("told").hidden = true; } // It spoke of the one before.
      bar.elements.number.value = told.number;
      bar.elements.bulk.value = told.bulk;
      bar.hidden = false;
    } else {
      tell(told.problem || wrong.getAttribute("data-lost"), told.sign_in);
      // The words that were written are kept; a card that went on is shown as it stands now.
      if (told.card) { show(take(told.card, true)); }
      else if (status !== 409 && status !== 404) { box.insertBefore(one.card, box.firstChild); show(one.card); }
    }
    if (told.left !== undefined) { left.textContent = told.none ? "" : told.left; }
    if (status === 200 && told.card) { take(told.card, false); }
    if (!here() && all()[0]) { show(all()[0]); }
    if (leaving && !waiting.length) { location.href = leaving; return; }
    if (!all().length && !waiting.length) {
      // Nothing is left here: the page itself says so, or brings what was passed over.
      if (status === 200) { location.href = box.getAttribute("data-here") + "?did=" + one.form.getAttribute("data-verb") + "&was=" + told.number + "&bulk=" + told.bulk; return; }
      sending.hidden = true;
      if (!told.none) { location.href = box.getAttribute("data-here"); }
      return;
    }
    send();
  }

  box.addEventListener("submit", function (event) {
    var form = event.target, sure = form.elements.sure;
    event.preventDefault();
    if (sure && !sure.value && form.closest(".card").hasAttribute("data-flag")) {
      var button = form.querySelector("button");
      sure.value = "1";
      button.textContent = button.getAttribute("data-sure");
      button.focus({ preventScroll: true });  // Enter presses it, as the key does.
      return;
    }
    decide(form);
  });
  box.addEventListener("click", function (event) {
    var link = event.target.closest("[data-way]"), card = here();
    if (!link || !card || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    var beside = link.getAttribute("data-way") === "after" ? card.nextElementSibling : card.previousElementSibling;
    event.preventDefault();
    if (beside) { show(beside); } else { leave(link.href); }
  });
  // Opened at once, not after the press: whoever types on without a pause would lose the first letters.
  box.addEventListener("click", function (event) {
    var head = event.target.closest("summary"), words = head && head.parentNode.querySelector("textarea");
    if (!words) { return; }
    event.preventDefault();
    head.parentNode.open = !head.parentNode.open;
    if (head.parentNode.open) { words.focus(); }
  });
  bar.addEventListener("submit", function (event) {
    if (!busy && !waiting.length) { return; }
    event.preventDefault();  // Another one is on its way: the bar will name that.
  });
  window.addEventListener("beforeunload", function (event) { if (busy || waiting.length) { event.preventDefault(); } });
})();
