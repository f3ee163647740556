/** The functions that are measured: one reads its event and answers with some of it, the other sends its message back. */
export const functionSource = `
export const handler = async (event) => ({
  statusCode: 200,
  body: JSON.stringify({ message: "You asked for " + event.path, method: event.httpMethod }),
});
`;

export const echoSource = `
export const handler = async (event) => ({ statusCode: 200, body: event.body });
`;
