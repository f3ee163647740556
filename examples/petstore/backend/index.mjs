// The PetStore's backend: a function behind Lambda proxy integrations. It keeps its pets in memory, as long as
// the function stays loaded; a real one would keep them in a database.

const kinds = ["dog", "cat", "fish", "bird", "gecko"];
const PAGE_SIZE = 3;

const pets = [
  { id: 1, type: "dog", price: 249.99 },
  { id: 2, type: "cat", price: 124.99 },
  { id: 3, type: "fish", price: 0.99 },
  { id: 4, type: "bird", price: 39.5 },
  { id: 5, type: "dog", price: 310 },
  { id: 6, type: "gecko", price: 58 },
  { id: 7, type: "cat", price: 89.9 },
];

/** Which function answers which method of the API. */
const routes = {
  "GET /pets": listPets,
  "POST /pets": createPet,
  "GET /pets/{petId}": getPet,
};

/** @param {object} event the proxy event of a REST API: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export async function handler(event) {
  const route = routes[`${event.httpMethod} ${event.resource}`];
  return route ? route(event) : respond(404, { message: "Not found" });
}

function listPets({ queryStringParameters }) {
  const { type, page = "1" } = queryStringParameters ?? {};
  if (type !== undefined && !kinds.includes(type)) return invalid(`type must be one of ${kinds.join(", ")}`);
  if (!/^[1-9]\d{0,5}$/.test(page)) return invalid("page must be a number, 1 or more");
  const start = (Number(page) - 1) * PAGE_SIZE;
  return respond(
    200,
    pets.filter((pet) => type === undefined || pet.type === type).slice(start, start + PAGE_SIZE),
  );
}

function createPet({ body, isBase64Encoded }) {
  let pet;
  try {
    pet = JSON.parse(isBase64Encoded ? Buffer.from(body, "base64").toString() : body);
  } catch {
    return invalid("the body must be JSON");
  }
  if (!kinds.includes(pet?.type)) return invalid(`type must be one of ${kinds.join(", ")}`);
  if (!Number.isFinite(pet.price) || pet.price < 0) return invalid("price must be a number, 0 or more");
  const created = { id: pets.length + 1, type: pet.type, price: pet.price };
  pets.push(created);
  return respond(200, { pet: created, message: "success" });
}

function getPet({ pathParameters }) {
  const pet = pets.find(({ id }) => String(id) === pathParameters.petId);
  return pet ? respond(200, pet) : respond(404, { message: `There is no pet ${pathParameters.petId}` });
}

const invalid = (message) => respond(400, { message });

const respond = (statusCode, body) => ({
  statusCode,
  headers: { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" },
  body: JSON.stringify(body),
});
