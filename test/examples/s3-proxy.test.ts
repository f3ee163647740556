/** Source: the guide's integrating-api-with-aws-services-s3. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startS3 } from "../clients/aws-servers.ts";
import { credentialVariables, type Gateway, startGateway } from "../gateway.ts";
import { load, signed } from "./loading.ts";

let s3: Awaited<ReturnType<typeof startS3>>;
let gateway: Gateway;
let url: string;

beforeAll(async () => {
  s3 = await startS3("there-before");
  gateway = await startGateway({
    env: {
      ...credentialVariables,
      AWS_ENDPOINT_URL_S3: s3.url,
    },
  });
  url = await load("s3-proxy", gateway.origin);
});

afterAll(async () => {
  await gateway?.stop();
  await s3?.stop();
});

const send = (method: string, path: string, body?: BodyInit, type = "text/plain") =>
  signed(url + path, { method, body, headers: { "content-type": type, accept: type } });

test("a bucket is made, is listed, and goes when it is empty", async () => {
  const configuration =
    "<CreateBucketConfiguration><LocationConstraint>us-west-2</LocationConstraint></CreateBucketConfiguration>";
  const made = await send("PUT", "/apig-demo-5", configuration, "application/xml");
  expect([made.status, await made.text()]).toEqual([200, ""]);

  const buckets = await send("GET", "");
  expect(buckets.headers.get("content-type")).toBe("application/xml");
  expect(buckets.headers.get("timestamp")).toMatch(/GMT$/);
  const names = (await buckets.text()).match(/<Name>.*?<\/Name>/g);
  expect(names).toEqual(["<Name>apig-demo-5</Name>", "<Name>there-before</Name>"]);

  await send("PUT", "/apig-demo-5/Readme.txt", "Hello, World!");
  const objects = await send("GET", "/apig-demo-5");
  expect(objects.headers.get("content-type")).toBe("application/xml");
  expect(await objects.text()).toContain("<Key>Readme.txt</Key>");

  const refused = await send("DELETE", "/apig-demo-5");
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain("<Code>BucketNotEmpty</Code>");
  await send("DELETE", "/apig-demo-5/Readme.txt");
  expect((await send("DELETE", "/apig-demo-5")).status).toBe(200);
  const gone = await send("GET", "/apig-demo-5");
  expect([gone.status, gone.headers.get("content-type")]).toEqual([400, "application/xml"]);
  expect(await gone.text()).toContain("<Code>NoSuchBucket</Code>");
});

test("an object goes in, comes out, and is deleted", async () => {
  const path = "/there-before/test%2Ftest.txt";
  const put = await send("PUT", path, "Hello, World!");
  expect([put.status, await put.text()]).toEqual([200, ""]);
  const got = await send("GET", path);
  expect([got.headers.get("content-type"), await got.text()]).toEqual(["text/plain", "Hello, World!"]);
  const head = await send("HEAD", path);
  expect([head.status, head.headers.get("x-amzn-remapped-content-length")]).toEqual([200, "13"]);
  expect((await send("DELETE", path)).status).toBe(200);
  const gone = await send("GET", path);
  expect(gone.status).toBe(400);
  expect(await gone.text()).toContain("<Code>NoSuchKey</Code>");
});

test("a picture stays as it is", async () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255]);
  await send("PUT", "/there-before/a.png", png, "image/png");
  const response = await send("GET", "/there-before/a.png", undefined, "image/png");
  expect(response.headers.get("content-type")).toBe("image/png");
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(png);
});
