// Three pets, as the first page of the PetStore has them.

export function handler(_event, _context, callback) {
  callback(null, [
    { id: 1, type: "dog", price: 249.99 },
    { id: 2, type: "cat", price: 124.99 },
    { id: 3, type: "fish", price: 0.99 },
  ]);
}
