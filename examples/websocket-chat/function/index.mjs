// A chat. Who is connected is in a table: invokes of a function share no memory.
import { connection } from "./connection.mjs";
import { add, all, remove, removeIfOpened } from "./table.mjs";

const longestName = 40;

export async function handler({ requestContext, queryStringParameters, body }) {
  const { routeKey, connectionId, connectedAt } = requestContext;
  switch (routeKey) {
    case "$connect": {
      const name = (queryStringParameters?.name ?? "").trim().slice(0, longestName) || "anonymous";
      await add({ connectionId, connectedAt, name });
      break;
    }
    case "$disconnect":
      await remove(connectionId);
      break;
    case "sendmessage": {
      const { message } = JSON.parse(body);
      if (typeof message === "string") await tellOthers(requestContext, message);
      else await explain(requestContext);
      break;
    }
    default:
      await explain(requestContext);
  }
  return { statusCode: 200 };
}

async function tellOthers(requestContext, message) {
  const everyone = await all();
  const sender = everyone.find(({ connectionId }) => connectionId === requestContext.connectionId);
  const text = JSON.stringify({ from: sender?.name ?? "anonymous", message });
  const others = everyone.filter((item) => item !== sender);
  await Promise.all(others.map((item) => tell(requestContext, item, text)));
}

// One connection that fails keeps nobody else from hearing it.
async function tell(requestContext, item, text) {
  try {
    const { status } = await connection("POST", requestContext, item.connectionId, text);
    if (status === 410) await removeIfOpened(item);
    else if (status !== 200) console.error(`Posting to ${item.connectionId} was answered with ${status}`);
  } catch (error) {
    console.error(`Posting to ${item.connectionId} failed:`, error);
  }
}

async function explain(requestContext) {
  const { connectionId } = requestContext;
  const response = await connection("GET", requestContext, connectionId);
  const info = { ...(await response.json()), connectionID: connectionId };
  const text = `Use the sendmessage route to send a message. Your info: ${JSON.stringify(info)}`;
  await connection("POST", requestContext, connectionId, text);
}
