// Lines of code to put in order: each is moved, left out and put back by its buttons or by keys, and the focus stays.
function render({ model, el }) {
  const id = `mtl-sortable-${Math.random().toString(36).slice(2)}`;
  let inside = model.get("inside");
  let outside = model.get("outside");
  let current = [...inside, ...outside][0]; // the line whose buttons Tab reaches
  let sent = 0;
  let tried = 0;

  const title = make("div", { id, innerHTML: model.get("title") });
  const keys = make("p", { id: `${id}-keys`, textContent:
    "By keyboard: ↑ and ↓ choose a line, Alt+↑ and Alt+↓ move it, Delete leaves it out or puts it back." });
  const list = make("ol");
  const left = make("ul");
  const leftTitle = make("p", { id: `${id}-left`, textContent: "Left out:" });
  const attempt = make("button", { type: "button", textContent: "Try this order" });
  const said = make("p");
  const moved = make("p", { className: "mtl-unseen" });
  list.setAttribute("aria-labelledby", id);
  list.setAttribute("aria-describedby", keys.id);
  left.setAttribute("aria-labelledby", leftTitle.id);
  [said, moved].forEach((live) => live.setAttribute("role", "status"));
  attempt.addEventListener("click", tryIt);
  el.classList.add("mtl-sortable");
  const [before, after] = ["before", "after"].map((name) => make("pre", { textContent: model.get(name) }));
  el.replaceChildren(title, keys, before, list, after, leftTitle, left, attempt, said, moved);

  function make(tag, properties = {}) {
    return Object.assign(document.createElement(tag), properties);
  }

  function draw() {
    list.replaceChildren(...inside.map(item));
    left.replaceChildren(...outside.map(item));
    attempt.setAttribute("aria-disabled", model.get("done"));
    reach();
  }

  function item(piece) {
    const text = model.get("lines")[piece];
    const row = make("div");
    row.append(make("code", { textContent: text }));
    if (!model.get("done")) row.append(tools(piece, text.trim()));
    const one = make("li");
    one.dataset.piece = piece;
    one.addEventListener("focusin", () => { current = piece; reach(); });
    one.append(row);
    return one;
  }

  function tools(piece, text) {
    const at = inside.indexOf(piece);
    const buttons = make("span");
    const button = (name, action, possible) => {
      const one = make("button", { type: "button", textContent: name });
      one.setAttribute("aria-label", `${name}: ${text}`);
      one.setAttribute("aria-disabled", !possible);
      one.addEventListener("click", action);
      buttons.append(one);
    };
    if (at >= 0) {
      button("Up", () => move(piece, -1), at > 0);
      button("Down", () => move(piece, 1), at < inside.length - 1);
    }
    button(at >= 0 ? "Leave out" : "Put back", () => swap(piece), true);
    return buttons;
  }

  function items() {
    return [...el.querySelectorAll("li")];
  }

  function reach() {
    items().forEach((one) => {
      const place = Number(one.dataset.piece) === current ? 0 : -1;
      [one, ...one.querySelectorAll("button")].forEach((node) => { node.tabIndex = place; });
    });
  }

  function move(piece, by) {
    const at = inside.indexOf(piece);
    const to = at + by;
    if (at < 0) return say("It is left out; Delete puts it back.");
    if (to < 0 || to >= inside.length) return say(by < 0 ? "It is the first line." : "It is the last line.");
    inside = [...inside];
    [inside[at], inside[to]] = [inside[to], inside[at]];
    changed(piece, `Line ${to + 1} of ${inside.length}`);
  }

  function swap(piece) {
    const out = inside.includes(piece);
    const rest = (pieces) => pieces.filter((one) => one !== piece);
    [inside, outside] = out ? [rest(inside), [...outside, piece]] : [[...inside, piece], rest(outside)];
    changed(piece, out ? "Left out" : `Put back as line ${inside.length}`);
  }

  function changed(piece, words) {
    const name = document.activeElement?.textContent; // the same button of the moved line, else the line
    const onButton = document.activeElement?.tagName === "BUTTON" && el.contains(document.activeElement);
    current = piece;
    draw();
    const one = items().find((node) => Number(node.dataset.piece) === piece);
    const same = [...one.querySelectorAll("button")].find((node) => onButton && node.textContent === name);
    (same ?? one).focus();
    say(`${words}: ${model.get("lines")[piece].trim()}`);
    tell(false);
  }

  function say(words) {
    moved.textContent = words;
  }

  // One message with the whole order: it cannot be overtaken by a synchronised value.
  function tell(trying) {
    sent = Math.max(Date.now(), sent + 1);
    model.send({ inside, outside, tried: trying, sent });
  }

  function tryIt() {
    if (model.get("done") || tried > model.get("answered")) return;
    tell(true);
    tried = sent;
    said.textContent = "Trying these lines …";
  }

  // A notebook takes the arrows, and Delete or letters as commands, JupyterLab when a key has come up to the document,
  // Notebook 7 already on its way down: so it stops before both. What it does to a button stays.
  function own(event) {
    const command = event.ctrlKey || event.metaKey;
    const leaves = event.key === "Tab" || event.key === "Escape" || (event.shiftKey && event.key === "Enter");
    if (!el.contains(event.target) || command || leaves) return;
    event.stopPropagation();
    const one = event.target.closest("li");
    if (one && !model.get("done")) onKey(event, Number(one.dataset.piece));
  }

  function onKey(event, piece) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const out = event.key === "Delete" || event.key === "Backspace";
    if (!by && !out) return;
    event.preventDefault();
    if (out) swap(piece);
    else if (event.altKey) move(piece, by);
    else items()[items().findIndex((one) => Number(one.dataset.piece) === piece) + by]?.focus();
  }
  window.addEventListener("keydown", own, true);

  function hear() {
    const news = [model.get("inside"), model.get("outside")];
    const same = JSON.stringify(news) === JSON.stringify([inside, outside]);
    if (model.get("heard") >= sent && !same) { // else what was done here is newer
      [inside, outside] = news;
      draw();
    }
  }

  function hearAnswer() {
    if (model.get("answered") < tried) return;
    said.innerHTML = model.get("said");
    if (model.get("done")) draw();
  }

  model.on("change:inside change:outside change:heard", hear);
  model.on("change:answered", hearAnswer);
  hearAnswer();
  draw();
  const leave = takesFocus(model, el, () => {
    items()[0].focus({ preventScroll: true });
    el.scrollIntoView({ block: "nearest" });
  });
  return () => {
    leave();
    window.removeEventListener("keydown", own, true);
  };
}

export default { render };
