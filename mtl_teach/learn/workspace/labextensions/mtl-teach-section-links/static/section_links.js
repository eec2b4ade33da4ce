// A link such as lessons/05_missing_labels.ipynb#cell-id=05-missing-labels-7 opens the notebook at that cell.
//
// JupyterLab does so by itself, but stops where the cell was before what stands above it was drawn. Notebook 7 opens
// the notebook at its top. Without this file every link still opens the right notebook.
(() => {
  const PATIENCE = 20000; // milliseconds for a large notebook to be drawn
  const STEP = 250;

  const cellNamed = (panel, name) => panel && panel.content && panel.content.widgets
    && panel.content.widgets.find((cell) => cell.model && cell.model.id === name);

  // Show a cell at the top of the window, until nothing above it moves any more or the reader takes over.
  function arrive(app, name) {
    let still = 0;
    let waited = 0;
    let taken = false;
    const stop = () => { taken = true; };
    const signs = ["wheel", "keydown", "pointerdown", "touchstart"];
    const timer = setInterval(() => {
      waited += STEP;
      const panel = app.shell.currentWidget;
      const cell = cellNamed(panel, name);
      if (taken || still >= 4 || waited > PATIENCE) {
        clearInterval(timer);
        signs.forEach((sign) => document.removeEventListener(sign, stop, true));
        return;
      }
      if (!cell || !cell.isVisible) return;
      const window_ = panel.content.node.querySelector(".jp-WindowedPanel-outer") || panel.content.node;
      const gap = () => cell.node.getBoundingClientRect().top - window_.getBoundingClientRect().top;
      if (cell.node.isConnected && Math.abs(gap()) < 40) {
        still += 1;
        return;
      }
      still = 0;
      panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
      panel.content.scrollToItem(panel.content.activeCellIndex, "start").then(
        () => cell.node.isConnected && cell.node.scrollIntoView({ block: "start" }), () => {});
    }, STEP);
    setTimeout(() => signs.forEach((sign) => document.addEventListener(sign, stop, true)), STEP);
  }

  const named = (hash) => (/^#cell-id=([\w-]+)$/.exec(hash || "") || [])[1];

  const plugin = {
    id: "mtl-teach-section-links:plugin",
    autoStart: true,
    activate: (app) => {
      app.restored.then(() => named(location.hash) && arrive(app, named(location.hash)));
      app.commands.commandExecuted.connect((_, done) => {
        const name = /handle-(local-)?link$/.test(done.id) && named(done.args.id);
        if (name) arrive(app, name);
      });
      if (app.name === "Jupyter Notebook") {
        document.addEventListener("click", (event) => {
          const link = event.target.closest && event.target.closest("a[href]");
          const place = link && /\/files\/(.+\.ipynb)(\?|#|$)/.exec(link.pathname);
          if (!place || !named(link.hash) || event.button !== 0) return;
          event.preventDefault();
          event.stopImmediatePropagation();
          const base = link.pathname.slice(0, place.index);
          window.open(`${base}/notebooks/${place[1]}${link.hash}`, "_blank");
        }, true);
      }
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["mtl-teach-section-links"] = {
    init: () => {},
    get: () => Promise.resolve(() => ({ __esModule: true, default: plugin })),
  };
})();
