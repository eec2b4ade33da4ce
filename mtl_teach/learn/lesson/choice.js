// One question with its options: a radio group, or a menu where there are many. Its arrow keys are its own.
function render({ model, el }) {
  const name = `mtl-choice-${Math.random().toString(36).slice(2)}`;
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

  function choose(index) {
    model.set("index", index);
    model.save_changes();
  }

  function mark() {
    const index = model.get("index");
    el.querySelectorAll("input").forEach((input, at) => {
      input.checked = at === index;
      input.disabled = model.get("disabled");
    });
    el.querySelectorAll("select").forEach((select) => {
      select.selectedIndex = index ?? -1;
      select.disabled = model.get("disabled");
    });
  }

  // A notebook takes the arrows, and letters as commands ("d d" deletes the cell), unless they stop here.
  el.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey || event.altKey;
    const leaves = event.key === "Tab" || event.key === "Escape" || (event.shiftKey && event.key === "Enter");
    if (!command && !leaves) event.stopPropagation();
  });

  model.on("change:name change:labels change:menu", draw);
  model.on("change:index change:disabled", mark);
  model.on("msg:custom", (message) => {
    if (message.do !== "focus") return;
    const control = el.querySelector("input:checked, select") ?? el.querySelector("input");
    control?.focus({ preventScroll: true });
    el.scrollIntoView({ block: "start" });
  });
  draw();
}

export default { render };
