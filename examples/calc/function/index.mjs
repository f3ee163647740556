// A calculator of two operands. What it throws begins with the status that the API answers with.

const operations = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
};
const signs = { "+": "add", "-": "sub", "*": "mul", "/": "div" };

/** @param {{ a: number | string, b: number | string, op: string }} event */
export async function handler(event) {
  if (event.a === undefined || event.b === undefined || event.op === undefined) {
    throw new Error("400 Invalid Input");
  }
  const [a, b] = [Number(event.a), Number(event.b)];
  if (Number.isNaN(a) || Number.isNaN(b)) throw new Error("400 Invalid Operand");
  const name = signs[event.op] ?? event.op;
  if (!Object.hasOwn(operations, name)) throw new Error("400 Invalid Operator");
  if (name === "div" && b === 0) throw new Error("400 Divide by Zero");
  return { a, b, op: event.op, c: operations[name](a, b) };
}
