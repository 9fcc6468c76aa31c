// Runs before the first paint: the chosen theme and the last known accent, so that neither flashes.
(function () {
  var root = document.documentElement;
  var choice = "system";
  try {
    choice = localStorage.getItem("theme") || "system";
    var accent = JSON.parse(localStorage.getItem("accent") || "null");
    var dark = choice === "dark" ||
      (choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.theme = dark ? "dark" : "light";
    var set = accent && (dark ? accent.dark : accent.light);
    for (var name in set || {}) root.style.setProperty(name, set[name]);
  } catch (refused) {
    root.dataset.theme = "light";
  }
})();
