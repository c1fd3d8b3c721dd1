// Prints the slip; without this file the browser's own menu does, and the file (PDF) is a link.
(function () {
  "use strict";
  var button = document.getElementById("print");
  if (!button || !window.print) { return; }
  button.hidden = false;
  button.addEventListener("click", function () { window.print(); });
})();
