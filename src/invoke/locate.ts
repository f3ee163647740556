/**
 * Which API, stage and path does a request ask for? The URL is taken apart by hand: workerd's `request.url` is not
 * normalised, a path must reach routing as the client wrote it, and `new URL` costs more than all of this.
 */

import { pathStart } from "../request-host.ts";

/** What an invoke asks for, all of it as the client wrote it. */
export interface Located {
  apiId: string;
  /** Empty when the path ends before it. */
  stageName: string;
  /** Below the stage, still percent-encoded; empty, or beginning with a slash. */
  path: string;
  /** What follows the `?`, still percent-encoded. */
  query: string;
  /** With its port. */
  host: string;
}

const pathForm = "/execute-api/";
const hostForm = ".execute-api.";

/** Whether the request is an invoke by its host or by its path, as contract.md has it. */
export function isInvoke(request: Request): boolean {
  const { url } = request;
  const start = url.indexOf("//") + 2;
  const end = pathStart(url, start);
  if (url.startsWith(pathForm, end)) return true;
  const place = url.indexOf(hostForm, start);
  return place !== -1 && place < end;
}

/** @param url of a request that `isInvoke` */
export function locate(url: string): Located {
  const start = url.indexOf("//") + 2;
  const end = pathStart(url, start);
  const host = url.slice(start, end);
  const fragment = url.indexOf("#", end);
  const limit = fragment === -1 ? url.length : fragment;
  const question = url.indexOf("?", end);
  const pathEnd = question === -1 || question > limit ? limit : question;
  const query = pathEnd < limit ? url.slice(pathEnd + 1, limit) : "";
  const place = host.indexOf(hostForm);
  if (place !== -1)
    return { apiId: host.slice(0, place), host, query, ...stageAndPath(url, end + 1, pathEnd) };
  const apiStart = end + pathForm.length;
  const apiEnd = segmentEnd(url, apiStart, pathEnd);
  return { apiId: url.slice(apiStart, apiEnd), host, query, ...stageAndPath(url, apiEnd + 1, pathEnd) };
}

function stageAndPath(url: string, start: number, end: number): Pick<Located, "stageName" | "path"> {
  if (start >= end) return { stageName: "", path: "" };
  const stageEnd = segmentEnd(url, start, end);
  return { stageName: url.slice(start, stageEnd), path: url.slice(stageEnd, end) };
}

function segmentEnd(url: string, start: number, end: number): number {
  const slash = url.indexOf("/", start);
  return slash === -1 || slash > end ? end : slash;
}
