// One question with its options: a radio group, or a menu where there are many. Its arrow keys are its own.
function render({ model, el }) {
  const name = `mtl-choice-${Math.random().toString(36).slice(2)}`;
  let sent = 0;
  el.classList.add("mtl-choice");

  function draw() {
    const head = document.createElement("div");
    head.id = name;
    head.innerHTML = model.get("name");
    const box = model.get("menu") ? menu() : group();
    box.setAttribute("aria-labelledby", name);
    el.replaceChildren(head, box);
    mark();
  }

  function menu() {
    const select = document.createElement("select");
    model.get("labels").forEach((label) => select.add(new Option(plain(label))));
    select.addEventListener("change", () => choose(select.selectedIndex));
    return select;
  }

  function group() {
    const box = document.createElement("div");
    box.setAttribute("role", "radiogroup");
    model.get("labels").forEach((text, index) => {
      const label = document.createElement("label");
      const input = Object.assign(document.createElement("input"), { type: "radio", name });
      input.addEventListener("change", () => choose(index));
      const words = document.createElement("span");
      words.innerHTML = text;
      label.append(input, words);
      box.append(label);
    });
    return box;
  }

  function plain(html) {
    return new DOMParser().parseFromString(html, "text/html").body.textContent;
  }

  // A message comes to the kernel before the press of a button that follows it; a synchronised value may come after it.
  function choose(index) {
    sent = Math.max(Date.now(), sent + 1);
    model.send({ index, sent });
  }

  // A control that is disabled drops the keyboard's focus: then all of the question has it.
  function hold() {
    const control = el.querySelector("input:checked, select") ?? el.querySelector("input");
    el.tabIndex = -1;
    (model.get("disabled") ? el : control)?.focus({ preventScroll: true });
  }

  function mark() {
    if (model.get("heard") < sent) return; // what was chosen here is newer than what the kernel says
    const index = model.get("index");
    if (model.get("disabled") && el.contains(document.activeElement)) hold();
    el.querySelectorAll("input").forEach((input, at) => {
      input.checked = at === index;
      input.disabled = model.get("disabled");
    });
    el.querySelectorAll("select").forEach((select) => {
      select.selectedIndex = index ?? -1;
      select.disabled = model.get("disabled");
    });
  }

  // A notebook takes the arrows, and letters as commands ("d d" deletes the cell), JupyterLab when a key has come up to
  // the document, Notebook 7 already on its way down: so it stops before both. What it does to the control stays.
  function own(event) {
    const command = event.ctrlKey || event.metaKey || event.altKey;
    const leaves = event.key === "Tab" || event.key === "Escape" || (event.shiftKey && event.key === "Enter");
    if (el.contains(event.target) && !command && !leaves) event.stopPropagation();
  }
  window.addEventListener("keydown", own, true);

  model.on("change:name change:labels change:menu", draw);
  model.on("change:index change:heard change:disabled", mark);
  draw();
  const leave = takesFocus(model, el, () => {
    hold();
    el.scrollIntoView({ block: "start" });
  });
  return () => {
    leave();
    window.removeEventListener("keydown", own, true);
  };
}

export default { render };
