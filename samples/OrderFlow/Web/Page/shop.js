"use strict";
// Everything that comes from the shop is shown as text and never as markup.
const shownEvents = 100;
const shownOrders = 50;
const find = id => document.getElementById(id);
const amount = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined && text !== null) made.textContent = text;
  return made;
}

function showStock(products) {
  find("stock").replaceChildren(...products.map(product => {
    const row = element("li");
    row.append(element("span", "name", product.name), element("span", "available", product.available),
      element("span", "detail", `${product.productId}, ${product.reserved} taken by orders`));
    return row;
  }));
  const choices = find("products");
  if (choices.options.length === 0) {
    choices.append(...products.map(product => new Option(product.name, product.productId)), new Option("Unknown product", "PROD-999"));
  }
}

function showOrders(orders) {
  find("no-orders").hidden = orders.length > 0;
  find("orders").replaceChildren(...orders.map(order => {
    const row = element("tr");
    const status = element("td", `status ${["paid", "rejected"].includes(order.status) ? order.status : ""}`, order.status);
    if (order.reason) status.append(element("span", "reason", order.reason.replaceAll("_", " ")));
    const items = element("td", "items");
    items.append(...order.items.map(item => element("div", "", `${item.quantity} × ${item.productId}`)));
    row.append(element("td", "no", order.number), element("td", "customer", order.customer ?? order.userId), items,
      element("td", "total", amount.format(order.total)), status);
    return row;
  }));
}

function showEvent(event) {
  const list = find("events");
  find("no-events").hidden = true;
  const row = element("li");
  row.append(element("span", "type", event.type), element("span", "about", `#${event.position}`), element("code", "", JSON.stringify(event.data, null, 1).replaceAll(/\n\s*/g, " ")));
  list.prepend(row);
  while (list.children.length > shownEvents) list.lastChild.remove();
}

async function refresh() {
  const [products, orders] = await Promise.all(
    ["/inventory", `/orders?limit=${shownOrders}`].map(async path => {
      const response = await fetch(path);
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      return response.json();
    }));
  showStock(products);
  showOrders(orders);
}

// Many events come at once; one look at the shop a little later shows what all of them did.
let refreshing = false;
function refreshSoon() {
  if (refreshing) return;
  refreshing = true;
  setTimeout(() => { refreshing = false; refresh().catch(() => setConnection("lost", "connection lost")); }, 150);
}

function setConnection(state, text) {
  find("connection").dataset.state = state;
  find("connection").textContent = text;
}

function follow() {
  const source = new EventSource("/events/stream");
  source.addEventListener("connected", () => { setConnection("live", "live"); refreshSoon(); });
  source.addEventListener("message", message => { showEvent(JSON.parse(message.data)); refreshSoon(); });
  source.addEventListener("error", () => setConnection("lost", "connection lost, trying again"));
}

async function placeOrder(submit) {
  submit.preventDefault();
  const form = new FormData(submit.target);
  const answer = find("answer");
  try {
    const response = await fetch("/orders", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        userId: "guest",
        items: [{ productId: form.get("productId"), quantity: Number(form.get("quantity")), price: Number(form.get("price")) }],
      }),
    });
    const body = await response.json();
    answer.className = response.ok ? "" : "bad";
    answer.textContent = response.ok ? `Accepted: ${body.orderId}` : body.detail ?? body.title;
  } catch {
    answer.className = "bad";
    answer.textContent = "The shop does not answer.";
  }
}

find("order").addEventListener("submit", placeOrder);
follow();
