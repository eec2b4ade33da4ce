// Where links lead in the browser edition: to another notebook in its own tab, and into the web book around the edition.
//
// JupyterLab takes every relative link for a file to be shown or fetched; there is no such file of the book, and a
// notebook would open in the list of files.
(() => {
  function open(event) {
    const link = event.target.closest && event.target.closest("a[href]");
    const found = link && link.origin === location.origin && /^(.*\/)files\/(.+)$/.exec(link.pathname);
    if (!found) return;
    const [root, path] = [`${link.origin}${found[1]}`, found[2]];
    if (path.startsWith("book/")) go(new URL(`../${path.slice("book/".length)}${link.hash}`, root), "mtl-book");
    else if (path.endsWith(".ipynb")) go(new URL(`notebooks/index.html?path=${path}${link.hash}`, root), path);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // A name for the tab, so that what is open already is shown and not opened once more.
  const go = (address, name) => window.open(address, name);

  const plugin = {
    id: "mtl-teach-browser-edition:plugin",
    autoStart: true,
    activate: () => document.addEventListener("click", open, true),
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["mtl-teach-browser-edition"] = {
    init: () => {},
    get: () => Promise.resolve(() => ({ __esModule: true, default: plugin })),
  };
})();
