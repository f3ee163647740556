import { expect, test } from "vitest";
import { compileRouteSelection } from "../../../src/invoke/websocket/route-selection.ts";
import { message as guideMessage, selections } from "./guide-selections.ts";

const message = JSON.stringify({
  ...guideMessage,
  data: { ...guideMessage.data, list: ["item1", "item2"], count: 7, on: true, nothing: null },
  "a-b": "dash",
  "@type": "at",
  größe: "letters",
});

/** The examples of the guide, and what it leaves open. */
test.each([
  ...selections,
  ["$request.body.data.list", "[item1, item2]"],
  ["$request.body.data.list[1]", "item2"],
  ["$request.body.data.count", "7"],
  ["$request.body.data.on", "true"],
  ["$request.body.data.nothing", ""],
  ["$request.body.data.room.length", ""],
  ["$request.body.toString", ""],
  ["$request.body['a-b']", "dash"],
  ["$request.body.a-b", "dash"],
  ["$request.body.@type", "at"],
  ["$request.body.größe/x", "letters/x"],
  ["$request.body.data.*", '[room1234, ["item1","item2"], 7, true, null]'],
  ["$request.header.x", ""],
])("%s of a message is %j", (expression, key) => {
  expect(compileRouteSelection(expression)(message)).toBe(key);
});

test.each([[""], ["no JSON"], ["{action:'join'}"], ['{"action":'], ["[".repeat(100_000)]])(
  "what is no JSON has no key: %.20s",
  (text) => {
    expect(compileRouteSelection("$request.body.action")(text)).toBeUndefined();
    expect(compileRouteSelection("action")(text)).toBeUndefined();
  },
);

test.each([["1"], ["null"], ['"join"'], ["[]"], ["[1]"]])(
  "JSON that is no object has the empty key: %s",
  (text) => {
    expect(compileRouteSelection("$request.body.action")(text)).toBe("");
  },
);
