/** The endpoint behind both proxies: 1 KB of JSON, or 1 MB of octets. */
const body = JSON.stringify({
  items: Array.from({ length: 24 }, (_, id) => ({ id, name: `item number ${id}` })),
});
const large = new Uint8Array(1_048_576).fill(42);

export default {
  fetch: ({ url }) =>
    url.endsWith("/large")
      ? new Response(large, { headers: { "Content-Type": "application/octet-stream" } })
      : new Response(body, { headers: { "Content-Type": "application/json" } }),
} satisfies ExportedHandler;
