"use strict";
// Marks answers one after the other. All HTML that is put in place comes harmless from the server (gradebook/feedback/text.py);
// everything else is put in as text.

const $ = (id) => document.getElementById(id);
const SIGNS = { unmarked: "○", again: "!", review: "…", marked: "✓", empty: "–" };
const WORDS = {
  unmarked: "not marked yet",
  again: "changed since it was marked",
  review: "waits for review",
  marked: "marked",
  empty: "left empty",
};

let question = null; // what is asked, with its mark scheme
let answers = []; // the pile: key, number and state of each
let sentences = []; // that were written before for this question
let at = 0; // which answer of the pile
let answer = null; // it, as the server has it
let filled = new Set(); // the sentences that the page put into the comment
let taken = new Set(); // and those of them that the marker took out
const drafts = new Map(); // what was begun and not saved, by question and key
const saves = []; // what can be undone, the last one last
let busy = false;
const waiting = []; // keys that were pressed meanwhile: whoever marks fast does not wait for the next answer to come

// ---- talking to the server

class Refusal extends Error {}

async function ask(what, query = {}) {
  return heard(() => fetch(`${what}?${new URLSearchParams(query)}`));
}

async function tell(data) {
  const body = JSON.stringify(data);
  return heard(() => fetch("save", { method: "POST", headers: { "Content-Type": "application/json" }, body }));
}

async function heard(request) {
  let reply;
  try {
    reply = await request();
  } catch {
    throw new Refusal("The page's server has stopped; start `mtl-grade mark` again. What is not saved still stands here.");
  }
  if (reply.status === 403) throw new Refusal(await reply.text());
  const data = await reply.json();
  if (data.error) throw new Refusal(data.error);
  return data;
}

/** Do one thing at a time, and say what was wrong with it. */
async function doing(work) {
  if (busy) return;
  busy = true;
  $("wrong").textContent = "";
  try {
    await work();
  } catch (error) {
    waiting.length = 0;
    if (!(error instanceof Refusal)) throw error;
    $("wrong").textContent = error.message;
  } finally {
    busy = false;
    while (!busy && waiting.length) pressed(waiting.shift());
  }
}

const say = (text) => { $("said").textContent = text; };

function made(kind, properties = {}, ...children) {
  const element = Object.assign(document.createElement(kind), properties);
  element.append(...children);
  return element;
}

// ---- which question

async function showQuestions() {
  const found = await ask("questions");
  keepDraft();
  question = answer = null;
  $("marking").hidden = true;
  $("list").hidden = false;
  $("all").hidden = true;
  $("title").textContent = "What to mark";
  $("progress").textContent = "";
  document.title = "Marking";
  $("nothing").hidden = found.length > 0;
  $("questions").replaceChildren(...found.map((one) => {
    const done = one.marked === one.total;
    const button = made("button", { type: "button" },
      made("span", { className: "title", textContent: one.title }),
      made("span", { className: "set", textContent: one.assignment }),
      made("span", {
        className: done ? "count done" : "count",
        textContent: `${done ? "✓ " : ""}${one.marked} of ${one.total} marked`,
      }));
    button.addEventListener("click", () => doing(() => showPile(one.id)));
    return made("li", {}, button);
  }));
  ($("questions").querySelector("button") ?? $("title")).focus();
  return found;
}

async function showPile(id, key = "") {
  const pile = await ask("pile", { question: id });
  question = pile.question;
  answers = pile.answers;
  sentences = pile.sentences;
  $("list").hidden = true;
  $("marking").hidden = false;
  $("all").hidden = false;
  $("title").textContent = question.title;
  document.title = `${question.title}: marking`;
  for (const part of ["given", "asked", "marked-for", "whole", "note"]) {
    $(part).innerHTML = question[part.replace("-", "_")];
  }
  $("marked-for-part").hidden = !question.marked_for;
  $("asked-fold").open = window.matchMedia("(min-width: 60rem)").matches;
  $("most").textContent = `of ${question.most}`;
  $("lines").replaceChildren(...question.lines.map(lineOf));
  const folded = question.model ? [{ title: "Model answer", html: question.model }] : [];
  $("examples").replaceChildren(...[...folded, ...question.exemplars].map(fold));
  await showAnswer(Math.max(0, answers.findIndex((one) => one.key === key)));
}

function lineOf(line, index) {
  const box = made("input", { type: "checkbox" });
  box.addEventListener("change", () => toggled());
  const key = made("kbd", { textContent: index < 9 ? String(index + 1) : "" });
  key.hidden = index >= 9;
  return made("li", {}, made("label", {}, box, key,
    made("span", { innerHTML: line.html }),
    made("span", { className: "points", textContent: String(line.points) })));
}

function fold(part) {
  return made("details", {},
    made("summary", { textContent: part.title }),
    made("div", { className: "words", innerHTML: part.html }));
}

// ---- which answer

const here = () => `${question.id} ${answers[at].key}`;
const boxes = () => [...$("lines").querySelectorAll("input")];

async function showAnswer(index) {
  const found = await ask("answer", { question: question.id, key: answers[index].key });
  at = index;
  show(found);
}

function show(found) {
  say("");
  answer = found;
  answers[at].state = found.standing.state;
  const { standing } = found;
  $("who").textContent = `Answer ${answers[at].number}: ${WORDS[standing.state]}`;
  $("name").textContent = found.name;
  showName(false);
  $("show-name").disabled = !found.name;
  const notices = noticesOf(found);
  $("notice").textContent = notices.join(" ");
  $("notice").hidden = notices.length === 0;
  $("text").innerHTML = found.html;
  $("typed").textContent = found.typed;
  $("typed-fold").open = question.code;
  $("typed-fold").hidden = !found.typed;
  $("outside").replaceChildren(...(found.outside.length
    ? [made("h3", { textContent: "Text outside the answer cells" })] : []),
    ...found.outside.map((html) => made("div", { className: "words own", innerHTML: html })));
  $("numbers").replaceChildren(...found.numbers.flatMap(numbersOf));
  $("fields").disabled = standing.state === "review";
  fillForm(drafts.get(here()) ?? standing);
  showProgress();
  for (const part of ["answer", "mark-part"]) $(part).scrollTop = 0;
  $("who").focus({ preventScroll: window.matchMedia("(min-width: 60rem)").matches });
}

function noticesOf({ review, told, standing }) {
  const notices = review ? [review] : [];
  if (standing.state === "again") notices.push(`The answer has changed since it was marked; the mark was ${standing.score}.`);
  if (standing.state === "empty") notices.push("It is as it was handed out: no points, unless you give some.");
  if (standing.extra) notices.push(`${standing.extra} points of extra credit come on top.`);
  if (told !== null) {
    notices.push(`This student has been told ${told} points for the whole set. A mark that you save changes that: ` +
      "make feedback pages and exports anew.");
  }
  return notices;
}

function numbersOf(one) {
  const rows = one.answers.map(([name, value]) =>
    made("tr", {}, made("th", { scope: "row", textContent: name }), made("td", { textContent: value })));
  return [
    made("h3", { textContent: "This student's numbers" }),
    made("div", { className: "words", innerHTML: one.statement }),
    made("table", {}, made("caption", { textContent: "What a right answer works out" }), made("tbody", {}, ...rows)),
  ];
}

function showName(shown) {
  $("name").hidden = !shown;
  $("show-name").setAttribute("aria-pressed", String(shown));
}

function showProgress() {
  const count = (state) => answers.filter((one) => one.state === state).length;
  const parts = [`${count("marked") + count("empty")} of ${answers.length} marked`];
  if (count("empty")) parts.push(`${count("empty")} left empty`);
  if (count("review")) parts.push(`${count("review")} for review`);
  $("progress").textContent = parts.join(" · ");
  $("pile").replaceChildren(...answers.map((one, index) => {
    const button = made("button", { type: "button", textContent: `${SIGNS[one.state]} ${one.number}` });
    button.setAttribute("aria-label", `Answer ${one.number}, ${WORDS[one.state]}`);
    if (index === at) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => go(index));
    return made("li", {}, button);
  }));
}

const go = (index) => doing(async () => {
  if (index < 0 || index >= answers.length) {
    say(index < 0 ? "This is the first answer." : "This is the last answer.");
    return;
  }
  keepDraft();
  await showAnswer(index);
});

// ---- the form

function fillForm({ score, comment, lines }) {
  boxes().forEach((box, index) => { box.checked = lines.includes(index); });
  $("score").value = score === null ? "" : String(score);
  $("comment").value = comment;
  const missing = question.lines.map((line) => line.missing);
  filled = new Set(missing.filter((sentence) => comment.split("\n").includes(sentence)));
  taken = new Set(score === null ? [] : missing.filter((sentence, index) => !lines.includes(index) && !filled.has(sentence)));
}

const formNow = () => ({
  score: $("score").value.trim() === "" ? null : Number($("score").value.replace(",", ".")),
  comment: $("comment").value.trim(),
  lines: boxes().flatMap((box, index) => (box.checked ? [index] : [])),
});

const same = (one, other) => JSON.stringify([one.score, one.comment, one.lines]) ===
  JSON.stringify([other.score, other.comment, other.lines]);

function keepDraft() {
  if (!answer || $("fields").disabled) return;
  const now = formNow();
  if (same(now, answer.standing)) drafts.delete(here());
  else drafts.set(here(), now);
}

/** A line was ticked or unticked: the mark is their sum, and the comment has the sentences of those that are missing. */
function toggled() {
  const ticked = question.lines.filter((_, index) => boxes()[index].checked);
  $("score").value = String(Number(ticked.reduce((sum, line) => sum + line.points, 0).toFixed(6)));
  const rows = $("comment").value.split("\n");
  for (const sentence of filled) if (!rows.includes(sentence)) taken.add(sentence);
  const wanted = question.lines.flatMap((line, index) => (boxes()[index].checked ? [] : [line.missing]));
  const kept = rows.filter((row) => !filled.has(row) || wanted.includes(row));
  const fresh = wanted.filter((sentence) => !kept.includes(sentence) && !taken.has(sentence));
  filled = new Set(wanted);
  question.lines.forEach((line, index) => { if (boxes()[index].checked) taken.delete(line.missing); });
  $("comment").value = [...kept.filter((row, index) => row || index < kept.length - 1), ...fresh].join("\n");
  say(`${$("score").value} of ${question.most}`);
}

function none() {
  for (const box of boxes()) box.checked = false;
  toggled();
  $("score").value = "0";
}

// ---- saving

const save = () => doing(async () => {
  const now = formNow();
  if ($("fields").disabled) throw new Refusal("This answer waits for review and has no mark until then.");
  if (now.score === null) throw new Refusal("Give a mark first: a digit for each line that is met, 0 for none, or type a number (m).");
  if (Number.isNaN(now.score) || now.score < 0 || now.score > question.most) {
    throw new Refusal(`A mark is a number from 0 to ${question.most}.`);
  }
  await send(now, answer.standing.version);
});

async function send(now, seen) {
  const before = answer.standing;
  const reply = await tell({ question: question.id, key: answers[at].key, ...now, waits: false, seen });
  if (reply.now) {
    await collided(now, reply.now);
    return;
  }
  drafts.delete(here());
  saves.push({ question: question.id, key: answers[at].key, number: answers[at].number, before, version: reply.standing.version });
  answers[at].state = reply.standing.state;
  answer.standing = reply.standing;
  sentences = reply.sentences;
  const saved = `Answer ${answers[at].number}: ${now.score} of ${question.most} saved.`;
  const order = [...answers.keys()].slice(at + 1).concat([...answers.keys()].slice(0, at));
  const next = order.find((index) => ["unmarked", "again"].includes(answers[index].state));
  if (next === undefined) {
    show(answer);
    say(`${saved} Everything here that can be marked is marked.`);
    $("all").focus();
  } else {
    await showAnswer(next);
    say(saved);
  }
}

/** The mark is another one than this page had shown: both are said, and the marker decides. */
async function collided(now, theirs) {
  const text = answer.typed;
  const found = await ask("answer", { question: question.id, key: answers[at].key });
  if (found.typed !== text) {
    drafts.set(here(), now);
    show(found);
    throw new Refusal("The student's answer has changed since this page showed it. It is shown now; nothing was saved.");
  }
  $("theirs").textContent = inWords(theirs);
  $("mine").textContent = inWords(now);
  const dialog = $("conflict");
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
  answer.standing = theirs;
  if (dialog.returnValue === "mine") {
    await send(now, theirs.version);
  } else if (dialog.returnValue === "theirs") {
    drafts.delete(here());
    show(found);
    say("Kept what is there.");
  } else {
    say("Nothing was saved.");
  }
}

const inWords = ({ score, comment }) =>
  [score === null ? "no mark" : `${score} of ${question.most}`, comment].filter(Boolean).join("\n");

const undo = () => doing(async () => {
  const last = saves.at(-1);
  if (!last) {
    say("Nothing to undo.");
    return;
  }
  const { score, comment, lines, waits } = last.before;
  const reply = await tell({ question: last.question, key: last.key, score, comment, lines, waits, seen: last.version });
  saves.pop();
  if (reply.now) throw new Refusal("This mark has changed since you saved it, so it is left as it is.");
  keepDraft();
  drafts.delete(`${last.question} ${last.key}`);
  await showPile(last.question, last.key);
  say(`Undone: answer ${last.number} is as it was before.`);
});

// ---- sentences that were written before

function showSentences() {
  if (!answer || $("fields").disabled) return;
  $("no-sentences").hidden = sentences.length > 0;
  $("sentences-list").replaceChildren(...sentences.map((sentence, index) => {
    const button = made("button", { type: "button" }, made("kbd", { textContent: String(index + 1) }), ` ${sentence}`);
    button.addEventListener("click", () => add(index));
    return made("li", {}, button);
  }));
  $("sentences").showModal();
}

function add(index) {
  if (index >= sentences.length) return;
  $("sentences").close();
  $("comment").value = [$("comment").value.trimEnd(), sentences[index]].filter(Boolean).join("\n");
  say("Added to the comment.");
}

// ---- keys

const KEYS = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  u: undo,
  n: () => { if (answer?.name) showName($("name").hidden); },
  c: () => $("comment").focus(),
  m: () => { $("score").focus(); $("score").select(); },
  s: showSentences,
};

/** The digit of a key, also where a layout has it behind the shift key. */
const digitOf = (event) => (/^\d$/.test(event.key) ? event.key : event.shiftKey ? "" : /^Digit(\d)$/.exec(event.code)?.[1] ?? "");

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.metaKey || event.altKey) return;
  const { target } = event;
  if ($("sentences").open) {
    const digit = digitOf(event);
    if (digit > "0") add(Number(digit) - 1);
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (target === $("comment") || target === $("score")) {
    const saves = event.key === "Enter" && (event.ctrlKey || target === $("score"));
    if (saves || event.key === "Escape") event.preventDefault();
    if (saves) save();
    else if (event.key === "Escape") $("who").focus();
    return;
  }
  if (event.ctrlKey || (event.key === "Enter" && target.closest("button, summary, a"))) return;
  const key = digitOf(event) || event.key;
  if (!isOurs(key)) return;
  event.preventDefault();
  if (busy) waiting.push(key);
  else pressed(key);
});

function isOurs(key) {
  if (key === "Enter") return answer !== null;
  if (!$("keys-on").checked) return false;
  return key === "?" || (answer !== null && (/^\d$/.test(key) || Object.hasOwn(KEYS, key)));
}

function pressed(key) {
  if (key === "?") $("help").showModal();
  else if (key === "Enter") save();
  else if (Object.hasOwn(KEYS, key)) KEYS[key]();
  else if ($("fields").disabled) say("It waits for review.");
  else if (key === "0") none();
  else if (!question.lines.length) $("score").value = key;
  else boxes()[Number(key) - 1]?.click();
}

$("form").addEventListener("submit", (event) => { event.preventDefault(); save(); });
$("all").addEventListener("click", () => doing(showQuestions));
$("keys").addEventListener("click", () => $("help").showModal());
$("before").addEventListener("click", showSentences);
$("previous").addEventListener("click", () => go(at - 1));
$("next").addEventListener("click", () => go(at + 1));
$("undo").addEventListener("click", undo);
$("show-name").addEventListener("click", KEYS.n);
window.addEventListener("beforeunload", (event) => {
  keepDraft();
  if (drafts.size) event.preventDefault();
});

doing(async () => {
  const found = await showQuestions();
  if (found.length === 1) await showPile(found[0].id);
});
