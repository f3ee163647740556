/** The function that is measured: it reads its event and answers with some of it. */
export const functionSource = `
export const handler = async (event) => ({
  statusCode: 200,
  body: JSON.stringify({ message: "You asked for " + event.path, method: event.httpMethod }),
});
`;
