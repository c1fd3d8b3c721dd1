// Copies an address that is to be handed to somebody else; without this file it is marked and copied by hand.
(function () {
  "use strict";
  document.documentElement.classList.add("copies");
  function old(words) { // Where the page came without https, browsers offer no other way.
    var box = document.createElement("textarea");
    box.value = words;
    box.className = "away";
    document.body.appendChild(box);
    box.select();
    var done = false;
    try { done = document.execCommand("copy"); } catch (e) { /* marked at least */ }
    document.body.removeChild(box);
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) { return; }
    var words = button.getAttribute("data-copy"), said = button.getAttribute("data-copied"), was = button.textContent;
    (navigator.clipboard ? navigator.clipboard.writeText(words).catch(function () { return old(words); }) : old(words)).then(function () {
      button.textContent = said;
      setTimeout(function () { button.textContent = was; button.disabled = false; }, 2000);
      button.disabled = true;
      button.setAttribute("aria-live", "polite");
    }, function () { /* The address stands there to be marked. */ });
  });
})();
