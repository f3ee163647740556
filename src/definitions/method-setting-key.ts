/** The keys of a stage's method settings. Source: V1 API reference, Stage, `methodSettings`. */

/** The settings of all methods that have none of their own. */
export const allMethods = "*/*";

/** @param resource its path @returns such as `~1pets/GET` for `/pets` and `GET` */
export const methodSettingKey = (resource: string, method: string): string =>
  `${resource.replaceAll("~", "~0").replaceAll("/", "~1")}/${method}`;
