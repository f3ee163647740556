/** The body of 2 KB, the template of 30 lines and the model of 20 properties that transformations are measured with. */

const names = ["billing", "shipping"];

/** An order, some 2 KB of JSON. */
export const order = JSON.stringify({
  id: "order-000017",
  customer: { id: 4711, name: "Ada Lovelace", email: "ada@example.com", vip: true },
  addresses: Object.fromEntries(
    names.map((name) => [
      name,
      { street: "12 St James's Square", city: "London", zip: "SW1Y", country: "GB" },
    ]),
  ),
  currency: "GBP",
  total: 249.99,
  shipping: 4.5,
  tax: 41.67,
  created: "2026-11-25T12:00:00Z",
  channel: "web",
  priority: 3,
  gift: false,
  note: "Please leave it with the neighbours, and ring twice.",
  tags: ["books", "engines", "first-order"],
  coupon: "ENGINE10",
  locale: "en-GB",
  warehouse: "LHR-2",
  weight: 3.25,
  parcels: 2,
  source: { campaign: "autumn", medium: "mail" },
  items: Array.from({ length: 12 }, (_, index) => ({
    sku: `SKU-${1000 + index}`,
    title: `Article number ${index} of the catalogue`,
    quantity: 1 + (index % 3),
    price: Number((9.99 + index).toFixed(2)),
  })),
});

/** Thirty lines, as people write them. */
export const template = `#set($order = $input.path('$'))
#set($customer = $order.customer)
#set($count = 0)
#foreach($item in $order.items)
#set($count = $count + $item.quantity)
#end
{
  "statusCode": 200,
  "id": "$order.id",
  "customer": {
    "id": $customer.id,
    "name": "$util.escapeJavaScript($customer.name)",
    "email": "$customer.email",
    "vip": $customer.vip
  },
  "city": "$order.addresses.shipping.city",
  "country": "$order.addresses.billing.country",
  "total": $order.total,
  "currency": "$order.currency",
#if($order.coupon != "")
  "coupon": "$order.coupon",
#end
  "stage": "$context.stage",
  "count": $count,
  "tags": $input.json('$.tags'),
  "skus": [
#foreach($item in $order.items)
    { "sku": "$item.sku", "quantity": $item.quantity }#if($foreach.hasNext),#end

#end
  ]
}`;

const address = {
  type: "object",
  properties: { street: { type: "string" }, city: { type: "string" }, zip: { type: "string" } },
  required: ["street", "city"],
};

/** Twenty properties. */
export const model = {
  $schema: "http://json-schema.org/draft-04/schema#",
  title: "Order",
  type: "object",
  properties: {
    id: { type: "string", pattern: "^order-[0-9]+$" },
    customer: {
      type: "object",
      properties: { id: { type: "integer" }, name: { type: "string", minLength: 1 } },
      required: ["id", "name"],
    },
    addresses: { type: "object", properties: { billing: address, shipping: address } },
    currency: { type: "string", enum: ["EUR", "GBP", "USD"] },
    total: { type: "number", minimum: 0 },
    shipping: { type: "number", minimum: 0 },
    tax: { type: "number" },
    created: { type: "string", format: "date-time" },
    channel: { type: "string" },
    priority: { type: "integer", minimum: 1, maximum: 5 },
    gift: { type: "boolean" },
    note: { type: "string", maxLength: 500 },
    tags: { type: "array", items: { type: "string" }, maxItems: 10 },
    coupon: { type: ["string", "null"] },
    locale: { type: "string" },
    warehouse: { type: "string" },
    weight: { type: "number" },
    parcels: { type: "integer" },
    source: { type: "object" },
    items: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        properties: { sku: { type: "string" }, quantity: { type: "integer", minimum: 1 } },
        required: ["sku", "quantity"],
      },
    },
  },
  required: ["id", "customer", "items", "total"],
};
