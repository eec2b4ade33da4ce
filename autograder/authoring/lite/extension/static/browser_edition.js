// A link into the folder book/ opens the web book, which lies around the browser edition, in a tab of its own.
//
// JupyterLab takes every relative link for a file among the notebooks. Without this file such a link finds nothing.
(() => {
  function open(event) {
    const link = event.target.closest && event.target.closest("a[href]");
    const found = link && /^(.*\/)files\/book\/(.+)$/.exec(link.pathname);
    if (!found || link.origin !== location.origin) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    window.open(new URL(`../${found[2]}${link.hash}`, `${link.origin}${found[1]}`), "_blank", "noopener");
  }

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
