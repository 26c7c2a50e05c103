"use strict";
(() => {
  const data = JSON.parse(document.getElementById("du-lieu").textContent);
  const collator = new Intl.Collator("vi", { numeric: true, sensitivity: "variant" });
  const status = document.getElementById("loi-nhan");
  const panel = document.getElementById("nguon");
  const title = document.getElementById("nguon-ten");
  const body = document.getElementById("nguon-than");
  const back = panel.querySelector(".back");
  const trail = [];

  const make = (tag, text, style) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (style) element.className = style;
    return element;
  };
  const nameOf = (key) => {
    const figure = data.figures[key];
    return { indicator: data.indicators[figure.code], unit: data.units[figure.unit] };
  };

  // Sorting: numbers by value, names as Vietnamese sorts them, what is missing last in either direction.
  const sortBy = (table, head, column) => {
    const isUp = head.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
    const isNumber = head.dataset.s === "number";
    const rows = Array.from(table.tBodies[0].rows, (row, place) => ({ row, place, value: row.cells[column]?.dataset.v }));
    rows.sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return (a.value === undefined) - (b.value === undefined) || a.place - b.place;
      }
      const order = isNumber ? Number(a.value) - Number(b.value) : collator.compare(a.value, b.value);
      return (isUp ? order : -order) || a.place - b.place;
    });
    table.tBodies[0].append(...rows.map((one) => one.row));
    table.dispatchEvent(new Event("sorted"));
    status.textContent = `Đã xếp theo ${head.firstChild.textContent}, ${isUp ? "tăng dần" : "giảm dần"}`;
  };

  // One stop of the Tab key per table; arrows go from figure to figure.
  const rove = (table) => {
    const stops = () => Array.from(table.querySelectorAll("[data-k] > button"));
    const settle = (chosen) => stops().forEach((one, n) => { one.tabIndex = one === chosen || (!chosen && n === 0) ? 0 : -1; });
    settle();
    table.addEventListener("sorted", () => settle());
    table.addEventListener("focusin", (event) => { if (event.target.parentElement.dataset.k) settle(event.target); });
    table.addEventListener("keydown", (event) => {
      const cell = event.target.parentElement;
      const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
      if (!cell.dataset.k || !(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
      const [down, right] = steps[event.key];
      const rows = Array.from(table.querySelectorAll("tbody tr, tfoot tr"));
      let line = rows.indexOf(cell.parentElement), place = cell.cellIndex, found = null;
      do {
        line += down; place += right;
        found = rows[line]?.cells[place];
      } while (found && !found.dataset.k);
      event.preventDefault();
      found?.firstElementChild.focus();
    });
  };

  // A button around a figure's text, made here so that without the script nothing looks as if it could be pressed.
  const arm = (holder) => {
    if (!data.figures[holder.dataset.k]) return;
    const button = make("button");
    button.type = "button";
    const marks = Array.from(holder.childNodes).filter((node) => node.nodeName === "SUP" || node.nodeName === "SMALL");
    button.append(...Array.from(holder.childNodes).filter((node) => !marks.includes(node)));
    button.setAttribute("aria-haspopup", "dialog");
    holder.prepend(button);
  };

  const link = (key) => {
    const figure = data.figures[key];
    const item = make("li");
    const button = make("button", nameOf(key).unit);
    button.type = "button";
    button.addEventListener("click", () => show(key));
    item.append(button, make("span", figure.value + (figure.estimated ? " (ước)" : "") + (figure.disputed ? " *" : "")));
    return item;
  };

  const tell = (list, name, text, style) => {
    if (text === undefined || text === "") return;
    const line = make("div");
    const value = make("dd", text, style);
    value.dir = "auto";
    line.append(make("dt", name), value);
    list.append(line);
  };
  const tellPlace = (list, place) => {
    const file = data.files[place.file];
    if (file) {
      tell(list, "Nguồn", file.source);
      tell(list, "Tệp", file.path || file.name);
      tell(list, "Lần gửi", file.version && `lần ${file.version}${file.sender ? `, lấy từ tệp của ${file.sender}` : ""}`);
      tell(list, "Nhận lúc", file.received);
      tell(list, "SHA-256", file.hash && `${file.hash}…`, "raw");
    }
    tell(list, "Trang tính", place.sheet);
    tell(list, "Ô", place.cell);
  };

  const show = (key, isBack) => {
    const figure = data.figures[key];
    const { indicator, unit } = nameOf(key);
    if (panel.dataset.key && !isBack && panel.open) trail.push(panel.dataset.key);
    panel.dataset.key = key;
    back.hidden = trail.length === 0;
    title.textContent = `${unit}: ${indicator}`;
    body.replaceChildren();
    const value = make("p", figure.value, "value");
    body.append(value);
    const list = make("dl");
    tell(list, "Số đầy đủ", figure.exact);
    tell(list, "Tình trạng", [figure.status, figure.estimated && "số ước", figure.disputed && "chưa được xác nhận"].filter(Boolean).join("; "));
    tell(list, "Nguyên văn", figure.raw, "raw");
    tellPlace(list, figure);
    tell(list, "Ghi chú của tỉnh", figure.note);
    tell(list, "Cách tính", figure.formula);
    tell(list, "Số tỉnh", figure.reporting);
    tell(list, "Lưu ý", figure.doubt);
    tell(list, "Cùng kỳ", figure.earlier);
    tell(list, "So cùng kỳ", figure.change);
    body.append(list);
    if (figure.parts) {
      const isOneUnit = figure.parts.every((part) => data.figures[part].unit === figure.unit);
      body.append(make("h3", "Gồm các số"));
      const parts = make("ul", undefined, "parts");
      for (const part of figure.parts) {
        const item = link(part);
        if (isOneUnit) item.firstElementChild.textContent = nameOf(part).indicator;
        parts.append(item);
      }
      body.append(parts);
      if (figure.left) body.append(make("p", `và ${figure.left} đơn vị khác`, "soft"));
    }
    if (figure.control) {
      body.append(make("h3", "Cụm trưởng công bố"));
      const announced = make("dl");
      tell(announced, "Số", figure.control.value);
      tellPlace(announced, figure.control);
      body.append(announced);
    }
    body.append(make("h3", figure.findings ? `Phát hiện về số này (${figure.findings.length})` : "Phát hiện về số này"));
    if (!figure.findings) body.append(make("p", "Không có.", "soft"));
    for (const number of figure.findings || []) {
      const finding = data.findings[number];
      const card = make("div", undefined, `card ${finding.severity}`);
      card.append(make("strong", `${finding.name} – ${finding.status}: ${finding.rule}`), make("p", finding.message));
      if (finding.advice) card.append(make("p", `Cách sửa: ${finding.advice}`, "soft"));
      if (finding.explanation) card.append(make("p", `Giải trình: ${finding.explanation}`));
      body.append(card);
    }
    body.append(make("h3", "Xem ô nguồn ở máy của Cụm"));
    body.append(make("code", `thidua trace ${data.period} "${unit}" ${figure.code} --open`));
    if (!panel.open) panel.showModal();
    panel.scrollTop = 0;
    title.focus();
  };

  panel.querySelector(".close").addEventListener("click", () => panel.close());
  back.addEventListener("click", () => show(trail.pop(), true));
  panel.addEventListener("close", () => { trail.length = 0; delete panel.dataset.key; });
  panel.addEventListener("click", (event) => { if (event.target === panel && event.clientX < panel.getBoundingClientRect().left) panel.close(); });
  window.addEventListener("beforeprint", () => panel.close());

  for (const holder of document.querySelectorAll("[data-k]")) arm(holder);
  document.addEventListener("click", (event) => {
    const holder = event.target.closest("[data-k]");
    if (holder && event.target.closest("button") && data.figures[holder.dataset.k]) show(holder.dataset.k);
  });
  for (const table of document.querySelectorAll("table.sorted")) {
    rove(table);
    if (table.tBodies[0].rows.length < 2) continue;
    // The button lies over the heading: what stands inside a button is not printed again on a table's further pages.
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      const name = Array.from(head.childNodes).filter((node) => node.nodeName !== "SUP").map((node) => node.textContent).join("");
      const button = make("button");
      button.type = "button";
      button.setAttribute("aria-label", `Sắp xếp theo ${name}`);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sortBy(table, head, column));
    });
  }
  for (const hidden of document.querySelectorAll(".hint, .choose")) hidden.hidden = false;

  const choice = document.getElementById("chi-tieu");
  choice?.addEventListener("change", () => {
    const chosen = data.map[choice.value];
    document.getElementById("ten-chi-tieu").textContent = `${choice.selectedOptions[0].textContent} (${chosen.unit})`;
    for (const tile of document.querySelectorAll("[data-unit]")) {
      const [text, level, words] = chosen.tiles[tile.dataset.unit];
      if (tile.classList.contains("tile")) tile.className = `tile level${level}`;
      const figure = tile.querySelector("b");
      figure.replaceChildren(text);
      figure.dataset.k = `${tile.dataset.unit}/${choice.value}`;
      arm(figure);
      tile.querySelector(".words").textContent = words;
    }
    document.querySelector(".legend").replaceChildren(...chosen.legend.map(([level, name, range]) => {
      const line = make("li"), words = make("span");
      words.append(make("strong", name), `: ${range}`);
      line.append(make("i", undefined, `level${level}`), words);
      return line;
    }));
  });
})();
