// Progress as a file: one button saves it, one brings it in. The kernel makes the file and reads it.
function render({ model, el }) {
  el.classList.add("mtl-keeping");
  const section = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = "Keep your progress";
  const words = document.createElement("p");
  words.innerHTML = model.get("words");
  const save = button("Save my progress as a file", () => model.send({ do: "export" }));
  const file = Object.assign(document.createElement("input"), { type: "file", accept: ".json", hidden: true });
  const load = button("Bring in a file", () => file.click());
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const buttons = document.createElement("div");
  buttons.append(save, " ", load, file);
  section.append(title, words, buttons, said);
  el.replaceChildren(section);

  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    if (chosen.size > 64 * 2 ** 20) said.textContent = "This file is too large to be your progress.";
    else model.send({ do: "import", text: await chosen.text() });
    file.value = ""; // so that the same file can be chosen once more
  });

  function button(text, press) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    made.className = "jupyter-button widget-button";
    made.style.width = "auto";
    made.addEventListener("click", press);
    return made;
  }

  function told(content) {
    if (content.do === "save") {
      const url = URL.createObjectURL(new Blob([content.text], { type: "application/json" }));
      Object.assign(document.createElement("a"), { href: url, download: content.name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    }
    said.textContent = content.do === "save" ? `Saved as ${content.name}.` : content.text;
  }
  model.on("msg:custom", told);
  return () => model.off("msg:custom", told);
}
export default { render };
