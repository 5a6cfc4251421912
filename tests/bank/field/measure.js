// SPDX-License-Identifier: Apache-2.0
// What on the page is hard to read or to touch: contrast below 7, letters below 18 px, targets below 48 px.
() => {
  const light = (part) => { part /= 255; return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const seen = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden";
  const told = (node) => node.textContent.trim().slice(0, 30);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parts(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const wrong = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !seen(node) || ["SCRIPT", "OPTION"].includes(node.tagName)) continue;
    const style = getComputedStyle(node), tones = [luminance(parts(style.color)), luminance(behind(node))];
    const contrast = (Math.max(...tones) + 0.05) / (Math.min(...tones) + 0.05);
    if (contrast < 7) wrong.push(`contrast ${contrast.toFixed(1)}: ${told(node)}`);
    if (parseFloat(style.fontSize) < 18) wrong.push(`letters ${style.fontSize}: ${told(node)}`);
  }
  const touched = "button, a, select, input:not([type=hidden]):not([type=radio]), label:has(input), summary";
  for (const node of document.querySelectorAll(touched)) {
    const box = node.getBoundingClientRect();
    if (seen(node) && (box.height < 48 || box.width < 48)) wrong.push(`size ${box.width}x${box.height}: ${told(node)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("wider than the screen");
  return wrong;
}
