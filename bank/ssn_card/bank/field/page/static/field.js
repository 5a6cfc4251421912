// SPDX-License-Identifier: Apache-2.0
// What plain forms cannot: a signature by finger, a keypad, "leave the card", locking when nobody is there.
"use strict";

function signing(form) {
  const pad = form.querySelector("#pad"), pen = pad.getContext("2d");
  let drawn = false, last = null;
  const clear = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, pad.width, pad.height); drawn = false; };
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) * pad.width / box.width, (event.clientY - box.top) * pad.height / box.height];
  };
  clear();
  pen.lineWidth = 5; pen.lineCap = pen.lineJoin = "round"; pen.strokeStyle = "#111";
  pad.addEventListener("pointerdown", (event) => { last = at(event); pad.setPointerCapture(event.pointerId); event.preventDefault(); });
  pad.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = at(event);
    pen.beginPath(); pen.moveTo(...last); pen.lineTo(...next); pen.stroke();
    last = next; drawn = true;
    form.querySelector("#empty").hidden = true;
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { last = null; });
  form.querySelector("#clear").addEventListener("click", clear);
  form.addEventListener("submit", (event) => {
    form.querySelector("#empty").hidden = drawn;
    if (!drawn) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.elements.signature.value = pad.toDataURL("image/png");
  });
}

function keypad(form) {
  const fields = [form.elements.pin, form.elements.again], labels = form.querySelectorAll(".turn");
  const next = form.querySelector("[data-next]"), words = [next.textContent, next.dataset.save];
  let turn = 0;
  const show = () => {
    fields.forEach((field, place) => { field.classList.toggle("off", place !== turn); labels[place].classList.toggle("off", place !== turn); });
    next.textContent = words[turn];
  };
  form.classList.add("keyed");
  form.querySelector(".keys").hidden = false;
  form.querySelector("[data-plain]").hidden = true;
  fields.forEach((field) => { field.readOnly = true; });
  form.querySelector(".keys").addEventListener("click", (event) => {
    const key = event.target.closest("button"), field = fields[turn];
    if (!key) return;
    if (key.dataset.digit && field.value.length < 12) field.value += key.dataset.digit;
    if ("clear" in key.dataset) field.value = "";
    if ("next" in key.dataset && field.value.length >= 4) {
      if (turn === 0) turn = 1; else { form.requestSubmit(); return; }
    }
    show();
  });
  show();
}

function appointment(choices) {
  const day = document.querySelector(".appointment");
  const show = () => day.classList.toggle("off", !choices.querySelector("[value=ill]").checked);
  choices.addEventListener("change", show);
  show();
}

function lockedLater() {
  const seconds = Number(document.body.dataset.idle), form = document.getElementById("lock");
  if (!seconds || !form) return;
  let timer = 0;
  const again = () => { clearTimeout(timer); timer = setTimeout(() => form.submit(), seconds * 1000); };
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, again);
  again();
}

addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("signing"), pin = document.getElementById("pin");
  const choices = document.querySelector(".choices"), busy = document.querySelector(".busy");
  if (form) signing(form);
  if (pin) keypad(pin);
  if (choices) appointment(choices);
  lockedLater();
  document.querySelectorAll("form").forEach((one) => one.addEventListener("submit", () => {
    one.querySelectorAll("button").forEach((button) => { button.disabled = true; });  // pressed twice, sent once
    busy.hidden = !("card" in one.dataset);
  }));
  document.querySelectorAll(".search select").forEach((one) => one.addEventListener("change", () => one.form.submit()));
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
