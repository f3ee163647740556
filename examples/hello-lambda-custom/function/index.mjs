// Greets whoever calls. It knows nothing of HTTP: a mapping template makes its event of the request.

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const times = ["morning", "afternoon", "evening", "night", "day"];

/** @param {{ name?: string, city?: string, time?: string, day?: string }} event */
export function handler(event, _context, callback) {
  const { name = "you", city = "World" } = event;
  const time = times.includes(event.time) ? event.time : "day";
  const wish = days.includes(event.day) ? `Happy ${event.day}!` : "";
  callback(null, { greeting: `Good ${time}, ${name} of ${city}. ${wish}` });
}
