// Give the keyboard's focus to a widget when the kernel wants it there: as soon as it is on the page, and once.
function takesFocus(model, el, give) {
  let gone = false;
  function take() {
    const wanted = model.get("focus_wanted");
    if (gone || wanted <= model.get("focus_given")) return;
    if (!el.isConnected) { // it is drawn before it is put on the page
      requestAnimationFrame(take);
      return;
    }
    model.set("focus_given", wanted); // else it would be taken again whenever the widget is drawn anew
    model.save_changes();
    give();
  }
  model.on("change:focus_wanted", take);
  take();
  return () => { gone = true; };
}

