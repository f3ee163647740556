/** The endpoint behind both proxies: 1 KB of JSON. */
const body = JSON.stringify({
  items: Array.from({ length: 24 }, (_, id) => ({ id, name: `item number ${id}` })),
});

export default {
  fetch: () => new Response(body, { headers: { "Content-Type": "application/json" } }),
} satisfies ExportedHandler;
