/** The models that every new API has. Recorded: test_model_lifecycle, `get-models`. */
import type { Model } from "../../definitions/rest-api.ts";
import { shortId } from "./ids.ts";

export const defaultModels = (): Model[] => [
  {
    id: shortId(),
    name: "Empty",
    description: "This is a default empty schema model",
    contentType: "application/json",
    schema:
      '{\n  "$schema": "http://json-schema.org/draft-04/schema#",\n  "title" : "Empty Schema",\n  "type" : "object"\n}',
  },
  {
    id: shortId(),
    name: "Error",
    description: "This is a default error schema model",
    contentType: "application/json",
    schema:
      '{\n  "$schema" : "http://json-schema.org/draft-04/schema#",\n  "title" : "Error Schema",\n  "type" : "object",\n  "properties" : {\n    "message" : { "type" : "string" }\n  }\n}',
  },
];
