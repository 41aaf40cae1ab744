"use strict";
(function () {
  const svg = document.getElementById("area-map");
  const said = document.getElementById("area-said");
  const tip = document.getElementById("area-tip");
  const whole = svg.getAttribute("viewBox").split(" ").map(Number);
  const most = 24;
  const smallest = 11;
  let view = whole.slice();

  const layers = Array.from(svg.querySelectorAll(".layer"));
  let layer = layers[0];
  const areas = () => Array.from(layer.querySelectorAll(".area"));

  function draw() {
    view[2] = Math.min(view[2], whole[2]);
    view[3] = view[2] * whole[3] / whole[2];
    view[0] = Math.min(Math.max(view[0], whole[0]), whole[0] + whole[2] - view[2]);
    view[1] = Math.min(Math.max(view[1], whole[1]), whole[1] + whole[3] - view[3]);
    svg.setAttribute("viewBox", view.map(Math.round).join(" "));
    const pixel = view[2] / (svg.clientWidth || 800);
    place(Math.max(0.022 * view[2], smallest * pixel));
    svg.querySelectorAll(".bar text").forEach((text) => {
      text.setAttribute("font-size", Math.max(200, smallest * pixel));
    });
    svg.querySelectorAll(".asset").forEach((mark) => {
      const at = mark.dataset;
      mark.setAttribute("transform", `translate(${at.x},${at.y}) scale(${0.009 * view[2]})`);
    });
  }

  // a name that would lie over another moves to the nearest free place, with a line to its own
  const turns = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => n * Math.PI / 4);
  function place(size) {
    const taken = [];
    svg.querySelectorAll(".names text").forEach((text) => {
      text.setAttribute("font-size", size);
      move(text, 0, 0);
      const box = text.getBBox();
      const free = (at) => taken.every((other) => (
        box.x + at.x > other.x + other.width || other.x > box.x + at.x + box.width
        || box.y + at.y > other.y + other.height || other.y > box.y + at.y + box.height
      ));
      const tries = [{ x: 0, y: 0 }];
      for (let ring = 0.5; ring < 12; ring += 0.5) {
        turns.forEach((turn) => {
          tries.push({ x: 2 * ring * size * Math.cos(turn), y: ring * size * Math.sin(turn) });
        });
      }
      const at = tries.find(free);
      move(text, at ? at.x : 0, at ? at.y : 0);
      text.setAttribute("visibility", at ? "visible" : "hidden");
      const far = at && Math.hypot(at.x, at.y) > 2 * size;
      const own = text.dataset;
      text.previousElementSibling.setAttribute("d", far
        ? `M${own.x},${own.y}L${Number(own.x) + at.x},${Number(own.y) + at.y}` : "M0,0");
      if (at) taken.push(text.getBBox());
    });
  }

  function move(text, x, y) {
    const at = { x: Number(text.dataset.x) + x, y: Number(text.dataset.y) + y };
    text.setAttribute("y", at.y);
    [text, ...text.children].forEach((part) => part.setAttribute("x", at.x));
  }

  function zoom(times, x, y) {
    const across = Math.max(Math.min(view[2] / times, whole[2]), whole[2] / most);
    const part = across / view[2];
    view = [x - (x - view[0]) * part, y - (y - view[1]) * part, across, view[3] * part];
    draw();
  }

  const middle = () => [view[0] + view[2] / 2, view[1] + view[3] / 2];
  const moves = {
    in: () => zoom(1.6, ...middle()),
    out: () => zoom(1 / 1.6, ...middle()),
    whole: () => { view = whole.slice(); draw(); },
  };

  function words(area) {
    return area.getAttribute("aria-label") || area.dataset.class || area.dataset.words;
  }

  // drawn over all: the line of an area would lie under that of its neighbours
  function ring(line) {
    svg.querySelectorAll(".ring path").forEach((path) => path.setAttribute("d", line));
  }

  function say(area) {
    ring(area.getAttribute("d"));
    said.textContent = words(area);
  }

  function come(area) {
    const box = area.getBBox();
    const x = box.x + box.width / 2;
    const y = box.y + box.height / 2;
    const inside = x > view[0] && x < view[0] + view[2] && y > view[1] && y < view[1] + view[3];
    if (!inside) {
      view[0] = x - view[2] / 2;
      view[1] = y - view[3] / 2;
      draw();
    }
  }

  function choose(area) {
    areas().forEach((other) => {
      if (other.hasAttribute("tabindex")) other.setAttribute("tabindex", "-1");
    });
    area.setAttribute("tabindex", "0");
    area.focus({ preventScroll: true });
  }

  function show(name) {
    layers.forEach((one) => one.classList.toggle("off", one.dataset.layer !== name));
    document.querySelectorAll(".legend").forEach((one) => {
      one.classList.toggle("off", one.dataset.layer !== name);
    });
    layer = layers.find((one) => one.dataset.layer === name);
    said.textContent = said.dataset.start;
    ring("M0,0");
    tip.classList.add("off");
  }

  function hide() { tip.classList.add("off"); }

  function point(event) {
    const area = event.target.closest(".area, .asset");
    if (!area || held) { hide(); return; }
    const frame = svg.parentElement.getBoundingClientRect();
    tip.textContent = words(area);
    tip.classList.remove("off");
    const room = frame.width - tip.offsetWidth;
    tip.style.left = Math.max(0, Math.min(event.clientX - frame.left + 12, room)) + "px";
    tip.style.top = (event.clientY - frame.top + 18) + "px";
  }

  const keys = { "+": "in", "=": "in", "-": "out", "0": "whole" };
  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { hide(); return; }
    if (keys[event.key]) {
      event.preventDefault();
      moves[keys[event.key]]();
      come(event.target);
      return;
    }
    const all = areas();
    const at = all.indexOf(document.activeElement);
    const to = {
      ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1,
      Home: 0, End: all.length - 1,
    }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    choose(all[Math.min(Math.max(to, 0), all.length - 1)]);
  }

  let held = null;
  function hold(event) {
    if (event.button !== 0) return;
    held = { x: event.clientX, y: event.clientY, view: view.slice() };
  }
  function drag(event) {
    if (!held) return;
    const unit = held.view[2] / svg.getBoundingClientRect().width;
    view[0] = held.view[0] - (event.clientX - held.x) * unit;
    view[1] = held.view[1] - (event.clientY - held.y) * unit;
    draw();
  }

  function wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const frame = svg.getBoundingClientRect();
    const x = view[0] + (event.clientX - frame.left) / frame.width * view[2];
    const y = view[1] + (event.clientY - frame.top) / frame.height * view[3];
    zoom(event.deltaY < 0 ? 1.3 : 1 / 1.3, x, y);
  }

  document.querySelectorAll(".needs-script").forEach((part) => part.classList.remove("off"));
  document.querySelectorAll("[name=layer]").forEach((choice) => {
    choice.addEventListener("change", () => show(choice.value));
  });
  document.querySelectorAll("[data-toggle]").forEach((choice) => {
    choice.addEventListener("change", () => {
      svg.querySelector("." + choice.dataset.toggle).classList.toggle("off", !choice.checked);
    });
  });
  document.querySelectorAll("[data-zoom]").forEach((button) => {
    button.addEventListener("click", () => moves[button.dataset.zoom]());
  });
  svg.addEventListener("focusin", (event) => { say(event.target); come(event.target); });
  svg.addEventListener("click", (event) => {
    const area = event.target.closest(".area");
    if (!area) return;
    if (area.hasAttribute("tabindex")) choose(area); else say(area);
  });
  svg.addEventListener("keydown", press);
  svg.addEventListener("pointermove", point);
  svg.addEventListener("pointerleave", hide);
  svg.addEventListener("pointerdown", hold);
  svg.addEventListener("wheel", wheel, { passive: false });
  window.addEventListener("resize", draw);
  window.addEventListener("pointermove", drag);
  window.addEventListener("pointerup", () => { held = null; });
  draw();
})();
