/** What the loader says of the function's files: path to the kind of module that it is. */
declare module "sallyport:files" {
  export const files: Readonly<Record<string, "esm" | "cjs" | "json">>;
}
