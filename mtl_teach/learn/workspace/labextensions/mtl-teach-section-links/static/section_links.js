// A link such as lessons/05_missing_labels.ipynb#cell-id=05-missing-labels-7 opens the notebook at that cell.
//
// JupyterLab does so by itself, but stops where the cell was before what stands above it was drawn. Notebook 7 drops
// what stands after the #. Without this file every link still opens the right notebook.
(() => {
  const STEP = 250; // milliseconds
  const OPENING = 120000; // for a notebook to be opened, on a slow computer
  const SETTLING = 60000; // for it and the cells above the named one to be drawn
  const STILL = 4; // steps in which nothing moved: it is done
  const ASKED = location.hash; // in the browser edition the address has lost it once the notebook is open
  const SIGNS = ["wheel", "keydown", "pointerdown", "touchstart"]; // the reader takes over

  // The id of a cell in what stands after the # of an address; undefined where it names none.
  const named = (hash) => (/^#cell-id=([\w-]+)$/.exec(hash || "") || [])[1];

  // Show a cell at the top of its notebook, until nothing moves any more or the reader takes over.
  function arrive(app, name) {
    let [opening, settling, still, taken, moving] = [0, 0, 0, false, false];
    const take = () => { taken = true; };
    const timer = setInterval(step, STEP);
    setTimeout(() => SIGNS.forEach((sign) => document.addEventListener(sign, take, true)), STEP);

    function step() {
      const notebook = (app.shell.currentWidget || {}).content;
      const place = ((notebook || {}).widgets || []).findIndex((one) => one.model && one.model.id === name);
      if (taken || still >= STILL || settling > SETTLING || opening > OPENING) {
        clearInterval(timer);
        SIGNS.forEach((sign) => document.removeEventListener(sign, take, true));
      } else if (place < 0) {
        opening += STEP;
      } else {
        settling += STEP;
        still = isAtTop(notebook, place) ? still + 1 : 0;
        if (still || moving) return;
        moving = true;
        bring(notebook, place).finally(() => { moving = false; });
      }
    }
  }

  function isAtTop(notebook, place) {
    const [frame, cell] = [frameOf(notebook), notebook.widgets[place].node];
    const gap = cell.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    const atEnd = frame.scrollTop + frame.clientHeight >= frame.scrollHeight - 2;
    return cell.isConnected && (Math.abs(gap) < 40 || (atEnd && gap > 0));
  }

  function bring(notebook, place) {
    const cell = notebook.widgets[place].node;
    notebook.activeCellIndex = place;
    const scrolled = cell.isConnected ? Promise.resolve() : Promise.resolve(notebook.scrollToItem(place, "start"));
    return scrolled.then(() => cell.isConnected && cell.scrollIntoView({ block: "start" })).catch(() => {});
  }

  const frameOf = (notebook) => notebook.node.querySelector(".jp-WindowedPanel-outer") || notebook.node;

  // In Notebook 7: open the linked notebook in a new tab, with what stands after the #, unless it is this one.
  function open(app, event) {
    const link = event.target.closest && event.target.closest("a[href]");
    const found = link && event.button === 0 && /^(.*)\/files\/(.+\.ipynb)$/.exec(link.pathname);
    if (!found || !named(link.hash)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const here = ((app.shell.currentWidget || {}).context || {}).path;
    if (here === decodeURIComponent(found[2])) arrive(app, named(link.hash));
    else window.open(`${found[1]}/notebooks/${found[2]}${link.hash}`, "_blank");
  }

  const plugin = {
    id: "mtl-teach-section-links:plugin",
    autoStart: true,
    activate: (app) => {
      app.restored.then(() => named(ASKED) && arrive(app, named(ASKED)));
      app.commands.commandExecuted.connect((_, done) => {
        const name = /handle-(local-)?link$/.test(done.id) && named(done.args.id);
        if (name) arrive(app, name);
      });
      if (app.name === "Jupyter Notebook") {
        document.addEventListener("click", (event) => open(app, event), true);
      }
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["mtl-teach-section-links"] = {
    init: () => {},
    get: () => Promise.resolve(() => ({ __esModule: true, default: plugin })),
  };
})();
