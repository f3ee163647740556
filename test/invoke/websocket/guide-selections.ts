/** Examples of the guide's websocket-api-develop-routes, "Route selection expressions". */
export const message = { service: "chat", action: "join", data: { room: "room1234" } };

/** Expressions, and the keys that they make of the message. */
export const selections: [expression: string, key: string][] = [
  ["$request.body.action", "join"],
  ["${request.body.action}", "join"],
  ["${request.body.service}/${request.body.action}", "chat/join"],
  ["${request.body.action}-${request.body.invalidPath}", "join-"],
  ["action", "action"],
  ["\\$default", "$default"],
  ["$request.body.data.room", "room1234"],
];
