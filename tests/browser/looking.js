// What a page shows that keeps somebody from using it; run in the page, returns one line a finding.
() => {
  const found = [];
  const root = document.documentElement;
  const all = [...document.body.querySelectorAll("*")];
  const style = new Map(all.map((one) => [one, getComputedStyle(one)]));
  const isShown = (one) =>
    one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    one.getClientRects().length > 0;
  const shown = all.filter(isShown);
  const named = (one) => {
    const name = one.className && typeof one.className === "string" ? "." + one.className.trim().replace(/\s+/g, ".") : "";
    return `${one.localName}${name} "${(one.innerText ?? one.textContent ?? "").trim().slice(0, 40)}"`;
  };
  // kept for those who listen, not for those who look
  const isForEars = (one) =>
    one.matches(".unseen") || one.clientWidth <= 1 || one.clientHeight <= 1;
  const hasText = (one) =>
    [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");

  if (root.scrollWidth > innerWidth) {
    const wide = shown.filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    found.push(`sideways: ${root.scrollWidth} of ${innerWidth}: ${wide.slice(-3).map(named).join(", ")}`);
  }

  const cuts = (value) => value === "hidden" || value === "clip";
  for (const one of shown) {
    const { overflowX, overflowY } = style.get(one);
    if (isForEars(one) || one instanceof SVGElement) continue;
    const isCut =
      (cuts(overflowX) && one.scrollWidth > one.clientWidth + 1) ||
      (cuts(overflowY) && one.scrollHeight > one.clientHeight + 1);
    if (isCut && one.innerText.trim() !== "") found.push(`cut: ${named(one)}`);
  }

  const controls = shown.filter(
    (one) =>
      one.matches("a[href], button, input, select, textarea, summary") && !one.matches(".unseen"),
  );
  const boxes = controls.map((one) => [one, [...one.getClientRects()]]);
  for (const [at, [one, own]] of boxes.entries()) {
    for (const [other, theirs] of boxes.slice(at + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const meet = own.some((a) =>
        theirs.some(
          (b) =>
            Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6,
        ),
      );
      if (meet) found.push(`on one another: ${named(one)} and ${named(other)}`);
    }
  }

  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    for (const one of shown) {
      const { transitionDuration, animationName, animationDuration } = style.get(one);
      const lasts = (value) => value.split(",").some((part) => parseFloat(part) > 0);
      if (lasts(transitionDuration)) found.push(`moves: ${named(one)}`);
      if (animationName !== "none" && lasts(animationDuration)) found.push(`moves: ${named(one)}`);
    }
  }

  if (matchMedia("(forced-colors: active)").matches) {
    for (const one of controls.filter((each) => each.matches("button:not(.plain), a.button, input, select, textarea"))) {
      const { borderTopStyle, borderBottomWidth, textDecorationLine, appearance } = style.get(one);
      const isNative = appearance !== "none" && one.matches("input[type=checkbox], input[type=radio], input[type=range], input[type=file]");
      const isSeen =
        isNative ||
        textDecorationLine.includes("underline") ||
        (borderTopStyle !== "none" && parseFloat(borderBottomWidth) > 0);
      if (!isSeen) found.push(`no edge in forced colours: ${named(one)}`);
    }
    const marks = (one) => {
      const own = style.get(one);
      const after = getComputedStyle(one, "::after");
      const inner = [...one.children].map((child) => {
        const told = style.get(child);
        return [told.borderTopWidth, told.borderTopStyle, told.borderTopColor, told.fontWeight, told.outlineStyle, told.backgroundColor];
      });
      return JSON.stringify([
        ...[own.borderTopWidth, own.borderBottomWidth, own.borderTopStyle, own.borderBottomStyle],
        ...[own.borderTopColor, own.fontWeight, own.textDecorationLine, own.outlineStyle],
        ...[own.backgroundColor, own.color, after.content, after.backgroundColor, inner],
      ]);
    };
    for (const one of shown.filter((each) => each.matches("[aria-current], [aria-pressed=true]"))) {
      const others = [...(one.parentElement?.children ?? [])].filter(
        (each) => each !== one && each.localName === one.localName && isShown(each) && !each.matches("[aria-current], [aria-pressed=true]"),
      );
      if (others.some((each) => marks(each) === marks(one))) found.push(`not told from others in forced colours: ${named(one)}`);
    }
  }

  for (const one of shown.filter(hasText)) {
    const foreign = one.closest("[lang]");
    if (foreign !== null && foreign !== root) continue;
    for (const node of one.childNodes) {
      if (node.nodeType === Node.TEXT_NODE && node.data.trim() !== "") {
        found.push("says " + node.data.trim().replace(/\s+/g, " "));
      }
    }
  }
  for (const one of all) {
    for (const name of ["aria-label", "title", "placeholder", "alt", "data-label"]) {
      const told = one.getAttribute(name)?.trim();
      const foreign = one.closest("[lang]");
      if (told && (foreign === null || foreign === root)) found.push(`says ${told.replace(/\s+/g, " ")}`);
    }
  }
  found.push(`says ${document.title.split(" · ")[0]}`);
  return [...new Set(found)];
}
