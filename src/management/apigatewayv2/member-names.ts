/** The names of members: the model has them with a capital, documents as the wire has them, without. */

export type Capitalized<T> = { [Name in keyof T as Name extends string ? Capitalize<Name> : never]: T[Name] };
export type Uncapitalized<T> = {
  [Name in keyof T as Name extends string ? Uncapitalize<Name> : never]: T[Name];
};

/** Of the object's own members alone, not of objects inside it: they may be maps. */
export const capitalized = <T extends object>(object: T): Capitalized<T> =>
  renamed(object, (initial) => initial.toUpperCase()) as Capitalized<T>;

/** The same, the other way. */
export const uncapitalized = <T extends object>(object: T): Uncapitalized<T> =>
  renamed(object, (initial) => initial.toLowerCase()) as Uncapitalized<T>;

const renamed = (object: object, change: (initial: string) => string) =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [change(name.charAt(0)) + name.slice(1), value]),
  );
