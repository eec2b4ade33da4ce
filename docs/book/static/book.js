// What the book's pages do by themselves: quick tests that are scored, predictions that are told, and words with a card.
// Nothing is sent anywhere; what a reader chose is kept in this browser alone.

function keep(key, value) {
  try {
    localStorage.setItem(`mtl-teach/${key}`, JSON.stringify(value));
  } catch {
    // a browser that keeps nothing: the page works, and begins anew another day
  }
}

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(`mtl-teach/${key}`));
  } catch {
    return null;
  }
}

function decoded(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function shuffled(things) {
  const order = [...things];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

const chosenIn = (group) => group.querySelector("input:checked");
const focusOn = (group) => (chosenIn(group) ?? group.querySelector("input")).focus();

// ---- quick tests --------------------------------------------------------------------------------------------------

function quickTest(form) {
  const { quickTest: name, version } = form.dataset;
  const key = `quick-test/${name}`;
  const { answers, verdicts } = decoded(form.dataset.key);
  const [submit, again] = form.querySelectorAll("button");
  const told = form.querySelector(".told");
  const questions = () => [...form.querySelectorAll("fieldset")];
  const options = (question) => [...question.querySelectorAll("label")];
  const valueOf = (option) => Number(option.querySelector("input").value);
  let done = false;

  // The order of an attempt: each question's name with the values of its options.
  const order = () => questions().map((question) => [question.name, options(question).map(valueOf)]);

  function arrange(wanted) {
    const byName = new Map(questions().map((question) => [question.name, question]));
    for (const [questionName, values] of wanted) {
      const question = byName.get(questionName);
      const byValue = new Map(options(question).map((option) => [valueOf(option), option]));
      question.querySelector(".why").before(...values.map((value) => byValue.get(value)));
      form.querySelector(".buttons").before(question);
    }
    questions().forEach((question, index) => {
      question.querySelector(".number").textContent = index + 1;
      options(question).forEach((option, place) => {
        option.querySelector(".letter").textContent = "ABCDE"[place];
      });
    });
  }

  function save() {
    const chosen = questions().map((question) => [question.name, chosenIn(question)?.value ?? null]);
    keep(key, { version, order: order(), chosen, done });
  }

  function explained(question) {
    const { right, why } = answers[question.name];
    const chosen = Number(chosenIn(question).value);
    const items = options(question)
      .map((option) => [option, valueOf(option)])
      .filter(([, value]) => value === right || value === chosen)
      .map(([option, value]) => {
        const word = value === right ? "✓ right" : "✗ wrong";
        const yours = value === chosen ? " (your answer)" : "";
        const letter = option.querySelector(".letter").textContent;
        return `<li><strong>${letter}, ${word}${yours}:</strong> ${why[value]}</li>`;
      });
    return `<strong>${chosen === right ? "✓ Right." : "✗ Not right."}</strong><ul>${items.join("")}</ul>`;
  }

  function explain(question, text) {
    const why = question.querySelector(".why");
    why.innerHTML = text;
    why.hidden = !text;
  }

  function finish() {
    done = true;
    let score = 0;
    for (const question of questions()) {
      score += Number(chosenIn(question).value) === answers[question.name].right;
      explain(question, explained(question));
      question.disabled = true;
    }
    submit.hidden = true;
    again.hidden = false;
    told.innerHTML = `<strong>${verdicts[score]}</strong>`;
  }

  function restart() {
    done = false;
    form.reset();
    for (const question of questions()) {
      question.disabled = false;
      explain(question, "");
    }
    arrange(shuffled(order()).map(([question, values]) => [question, shuffled(values)]));
    submit.hidden = false;
    again.hidden = true;
    told.textContent = "";
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const missing = questions().filter((question) => !chosenIn(question));
    if (missing.length) {
      const numbers = missing.map((question) => question.querySelector(".number").textContent);
      told.textContent = `Still without an answer: question ${numbers.join(", ")}.`;
      missing.forEach((question) => explain(question, "Not answered yet.")); // the sentence may be off the screen
      focusOn(missing[0]);
      return;
    }
    finish();
    save();
    again.focus(); // a button that is gone would drop the keyboard's focus
  });
  form.addEventListener("change", (event) => {
    explain(event.target.closest("fieldset"), "");
    save();
  });
  again.addEventListener("click", () => {
    restart();
    save();
    focusOn(questions()[0]);
  });

  form.reset(); // a browser fills in what it remembers of another order
  submit.hidden = false;
  const earlier = kept(key);
  if (earlier?.version !== version) return;
  try {
    arrange(earlier.order);
    for (const [questionName, value] of earlier.chosen) {
      if (value !== null) form.querySelector(`input[name="${questionName}"][value="${value}"]`).checked = true;
    }
    if (earlier.done) finish();
  } catch {
    restart(); // somebody has edited what was kept
  }
}

// ---- predictions --------------------------------------------------------------------------------------------------

const committed = new Set();
const outcomes = () => [...document.querySelectorAll("details.outcome")];

// Open what gives nothing away any more, or fold it again; true where all that waited for this prediction is open.
function showOutcomes(name, open) {
  committed[open ? "add" : "delete"](name);
  const waited = outcomes().filter((outcome) => outcome.dataset.after.split(" ").includes(name));
  for (const outcome of waited) outcome.open = outcome.dataset.after.split(" ").every((one) => committed.has(one));
  return waited.every((outcome) => outcome.open);
}

function prediction(form) {
  const name = form.dataset.prediction;
  const key = `prediction/${name}`;
  const said = decoded(form.dataset.said);
  const [commit, forget] = form.querySelectorAll("button");
  const [guess, sure] = form.querySelectorAll("fieldset");
  const told = form.querySelector(".told");
  const words = (input) => input.closest("label").textContent.trim();

  function tell() {
    const open = showOutcomes(name, true) ? " What the cells below show is open now." : ""; // else another guess is due
    told.innerHTML = said[chosenIn(guess).value][chosenIn(sure).value] + open;
    guess.disabled = sure.disabled = commit.hidden = true;
    forget.hidden = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const open = [guess, sure].find((group) => !chosenIn(group));
    if (open) {
      told.textContent =
        open === guess
          ? "Make a guess first; a wrong one teaches more than none."
          : "One thing more: how sure are you?";
      focusOn(open);
      return;
    }
    tell();
    keep(key, [guess, sure].map((group) => words(chosenIn(group))));
    forget.focus();
  });
  forget.addEventListener("click", () => {
    form.reset();
    guess.disabled = sure.disabled = commit.hidden = false;
    forget.hidden = true;
    told.textContent = "";
    keep(key, null);
    showOutcomes(name, false);
    focusOn(guess);
  });

  form.reset();
  commit.hidden = false;
  const earlier = kept(key);
  if (!Array.isArray(earlier)) return;
  [guess, sure].forEach((group, index) => {
    const input = [...group.querySelectorAll("input")].find((one) => words(one) === earlier[index]);
    if (input) input.checked = true;
  });
  if (chosenIn(guess) && chosenIn(sure)) tell();
}

// ---- words --------------------------------------------------------------------------------------------------------

// One card for the page: it comes by pointer or focus, stays while either is on it, and goes with Escape.
function cards(terms) {
  const card = document.createElement("div");
  Object.assign(card, { id: "term-card", className: "term-card", hidden: true });
  card.setAttribute("role", "tooltip");
  terms[0].closest("main").append(card);
  let owner = null;
  let timer = 0;

  function show(term) {
    clearTimeout(timer);
    if (owner === term) return;
    hide();
    owner = term;
    const word = document.createElement("strong");
    word.textContent = term.dataset.term;
    card.replaceChildren(word, `: ${term.dataset.meaning}`);
    card.hidden = false;
    term.setAttribute("aria-describedby", card.id);
    place();
  }

  function place() {
    const at = owner.getClientRects()[0];
    const from = card.offsetParent.getBoundingClientRect();
    const room = document.documentElement.clientWidth - card.offsetWidth - 8;
    const below = at.bottom + card.offsetHeight + 8 < window.innerHeight;
    card.style.left = `${Math.max(8, Math.min(at.left, room)) - from.left}px`;
    card.style.top = `${(below ? at.bottom : at.top - card.offsetHeight) - from.top}px`;
  }

  function hide() {
    clearTimeout(timer);
    owner?.removeAttribute("aria-describedby");
    owner = null;
    card.hidden = true;
  }

  function hideSoon() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const held = card.matches(":hover") || owner?.matches(":hover") || owner === document.activeElement;
      if (!held) hide();
    }, 300);
  }

  for (const term of terms) {
    let touched = false;
    term.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(term));
    term.addEventListener("pointerleave", hideSoon);
    term.addEventListener("focus", () => touched || show(term));
    term.addEventListener("blur", hideSoon);
    // A finger's first tap shows the card, the second one follows the link.
    term.addEventListener("pointerdown", (event) => {
      touched = event.pointerType === "touch" && owner !== term;
    });
    term.addEventListener("click", (event) => {
      if (!touched) return;
      touched = false;
      event.preventDefault();
      show(term);
    });
  }
  card.addEventListener("pointerleave", hideSoon);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", (event) => {
    if (owner && !card.contains(event.target) && !owner.contains(event.target)) hide();
  });
  window.addEventListener("resize", hide);
}

// The page's own entry in the list beside it is in sight, also where the list is longer than the screen.
function showPlace() {
  const list = document.querySelector(".bd-sidebar-primary");
  const entry = list && [...list.querySelectorAll("li.current.active > a")].pop();
  if (!entry) return;
  const below = entry.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom;
  if (below > 0) list.scrollTop += below + list.clientHeight / 2;
}

showPlace();
document.querySelectorAll("form.quick-test").forEach(quickTest);
document.querySelectorAll("form.prediction").forEach(prediction);
window.addEventListener("beforeprint", () => outcomes().forEach((outcome) => (outcome.open = true)));
const terms = document.querySelectorAll("a.term");
if (terms.length) cards(terms);
