/** A document that is no policy. Its message is for whoever wrote the document. */
export class PolicyError extends Error {
  override name = "PolicyError";
}
