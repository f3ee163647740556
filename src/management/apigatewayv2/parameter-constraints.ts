/** Parameters of a route and of its responses, to whether they must be there: the one map whose values are structures. */
import type { ParameterConstraints } from "../../definitions/websocket-api.ts";

/** As the model has them. */
export type GivenConstraints = Record<string, { Required?: boolean } | null>;

export const constraintsOf = (given: GivenConstraints): Record<string, ParameterConstraints | null> =>
  Object.fromEntries(
    Object.entries(given).map(([name, parameter]) => [
      name,
      parameter && { required: parameter.Required ?? false },
    ]),
  );

export const shownConstraints = (constraints: Record<string, ParameterConstraints>) =>
  Object.fromEntries(
    Object.entries(constraints).map(([name, { required }]) => [name, { Required: required }]),
  );
