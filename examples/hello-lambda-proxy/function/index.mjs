// Greets whoever calls: the name and the city come from the query string, the day from a header, the time of day
// from the body. The whole event comes back too, to be looked at.

export async function handler(event) {
  const { name = "you", city = "World" } = event.queryStringParameters ?? {};
  const { day } = event.headers;
  const { time = "day" } = event.body ? JSON.parse(event.body) : {};

  const greeting = `Good ${time}, ${name} of ${city}.`;
  return {
    statusCode: 200,
    headers: { "x-custom-header": "my custom header value" },
    body: JSON.stringify({ message: day ? `${greeting} Happy ${day}!` : greeting, input: event }),
  };
}
