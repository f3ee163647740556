/** `npm run soak` (calls.ts), `npm run soak -- websocket` (websocket.ts): faults in numbers, and what is left of them. */
const [mode = "calls"] = process.argv.slice(2);

if (process.platform !== "linux") {
  console.error("npm run soak reads /proc, which Linux alone has.");
  process.exit(1);
}
if (mode === "calls") await import("./calls.ts");
else if (mode === "websocket") await import("./websocket.ts");
else {
  console.error(`npm run soak knows no ${mode}: calls (the default) or websocket.`);
  process.exit(1);
}

export {};
